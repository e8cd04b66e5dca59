"""What the steps of a communication list must fulfil. Deciding and judging run these same checks."""

from datetime import datetime

from domain.agreement import signing
from domain.agreement.document import DocumentKind
from domain.agreement.in_force import agreements_in
from domain.agreement.rules import AGREEMENT, missing_rights
from domain.citations import Citation
from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.communication_list.completeness import missing_in, missing_terms
from domain.drafts import Rule
from domain.evidence import evidence, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.judging.versions import rule_set_of
from events.catalogue.agreement import AgreementDrafted
from events.catalogue.bodies import EventRef
from events.catalogue.communication_list import CommunicationListDrafted
from events.catalogue.registry import QUALITY_CORE

LIST_OF_COMMUNICATION_ITEMS = Citation(
    "NMPA 134/2025",
    "(VII)",
    "formulate a list of communication items ... and clarify the communication personnel and responsibilities, "
    "communication methods and relevant timeframes",
)

COMMUNICATION_LIST = DocumentKind("communication_list", LIST_OF_COMMUNICATION_ITEMS)
"""The list's event types and subjects."""


def check_drafted(proposed: Proposed, context: Context) -> None:
    """Ask that versions rise, and that agreement and calendars named are such; a draft may be incomplete otherwise.

    Source: NMPA 134/2025 (VII), "formulate a list of communication items".

    Raises:
        EvidenceNotFoundError: what is named as agreement or calendar is none in the context.
        DocumentStateError: an earlier draft has this or a higher version.
    """
    body = proposed.body
    if isinstance(body, CommunicationListDrafted):
        evidence(context, body.agreement, AGREEMENT.drafted)
        for calendar in _calendars_of(body):
            evidence(context, calendar, CALENDAR_PUBLISHED)
    signing.check_drafted(COMMUNICATION_LIST, proposed, context)


def check_signed(proposed: Proposed, context: Context) -> None:
    """Ask that a party signs the latest draft of the list, once.

    Source: NMPA 134/2025 (VII), "contract manufacturers and MAHs shall ... formulate a list of communication items".

    Raises:
        EvidenceNotFoundError: the draft is not one of this list in the context.
        DocumentStateError: there is a later draft, the draft violates a rule, or the party signed it already.
    """
    signing.check_signed(COMMUNICATION_LIST, proposed, context)


def check_activated(proposed: Proposed, context: Context) -> None:
    """Ask for both signatures, the agreement in force with the holder's rights, and a complete list (G3).

    Source: NMPA 134/2025 (VII), "clarify the communication personnel and responsibilities, communication methods and
    relevant timeframes to ensure smooth, timely, and effective communication".

    Raises:
        EvidenceNotFoundError: something else than a signature of this list is named.
        DocumentStateError: there is no draft, or it is activated already.
        DocumentIncompleteError: `gate.agreement`, with everything that is missing or has lapsed.
    """
    signing.check_activated(COMMUNICATION_LIST, missing, proposed, context)


def missing(draft: PastEvent, context: Context, at: datetime) -> list[str]:
    """Say everything that a draft lacks before it may be activated at this moment.

    The terms of the agreement have numbers from the rule set on that brought the quality core.

    Source: NMPA 134/2025 (VII), "personnel and responsibilities, communication methods and relevant timeframes".
    """
    body = draft.body
    if not isinstance(body, CommunicationListDrafted):
        return ["a readable draft"]

    def is_calendar(ref: EventRef) -> bool:
        found = context.find(ref)
        return found is not None and found.head is not None and found.head.type == CALENDAR_PUBLISHED

    agreed = missing_terms(body.rows) if rule_set_of(context) >= QUALITY_CORE else []
    return [*_missing_agreement(body.agreement, context, at), *missing_in(body.rows, is_calendar), *agreed]


def _missing_agreement(ref: EventRef, context: Context, at: datetime) -> list[str]:
    """Ask for the version of the quality agreement in force, or one activated to come into force later."""
    versions = agreements_in(context)
    named = next((version for version in versions if names(ref, version.draft)), None)
    if named is None:
        return ["the activation of the quality agreement that the list names"]
    if any(each is not None and each.replaces(named) for each in versions.readings(at)):
        return ["the quality agreement in force (the version that the list names was replaced)"]
    return missing_rights(named.draft.body) if isinstance(named.draft.body, AgreementDrafted) else []


def _calendars_of(body: CommunicationListDrafted) -> list[EventRef]:
    limits = (limit for row in body.rows for limit in row.limits or ())
    return [limit.calendar for limit in limits if limit.calendar is not None]


RULES: dict[str, Rule] = {
    COMMUNICATION_LIST.drafted: check_drafted,
    COMMUNICATION_LIST.signed: check_signed,
    COMMUNICATION_LIST.review_signed: check_signed,
    COMMUNICATION_LIST.activated: check_activated,
}
"""The rule of each event type of this matter."""
