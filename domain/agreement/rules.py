"""What an agreement's steps must fulfil. Deciding and judging run these same checks."""

from datetime import datetime

from domain.agreement import signing
from domain.agreement.document import DocumentKind
from domain.citations import Citation
from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from events.catalogue.agreement import AgreementDrafted

QUALITY = "quality"
"""The kind of agreement that holds the rights to consult and to inspect, and the policies."""

RIGHTS_OF_THE_HOLDER = Citation(
    "NMPA 134/2025",
    "(VI)",
    "the quality agreement shall specify that MAHs have the right to consult the management systems, operating "
    "procedures, documents and records related to the contract manufacturing activities, and to inspect the sites",
)

AGREEMENT = DocumentKind("agreement", RIGHTS_OF_THE_HOLDER)
"""The agreement's event types and subjects."""


def check_drafted(proposed: Proposed, context: Context) -> None:
    """Ask that the versions of an agreement rise.

    Source: NMPA 134/2025 (XV), "update the contract manufacturing agreement and quality agreement in a timely manner".

    Raises:
        DocumentStateError: an earlier draft has this or a higher version.
    """
    signing.check_drafted(AGREEMENT, proposed, context)


def check_signed(proposed: Proposed, context: Context) -> None:
    """Ask that a party signs the latest draft of the agreement, once.

    Source: NMPA 134/2025 (XV), "strictly perform the obligations and responsibilities agreed in the agreements".

    Raises:
        EvidenceNotFoundError: the draft is not one of this agreement in the context.
        DocumentStateError: there is a later draft, the draft violates a rule, or the party signed it already.
    """
    signing.check_signed(AGREEMENT, proposed, context)


def check_activated(proposed: Proposed, context: Context) -> None:
    """Ask for both signatures under the latest draft and, in a quality agreement, for the holder's two rights (G3).

    Source: NMPA 134/2025 (VI), "the quality agreement shall specify that MAHs have the right to consult ... and to
    inspect the sites".

    Raises:
        EvidenceNotFoundError: something else than a signature of this agreement is named.
        DocumentStateError: there is no draft, or it is activated already.
        DocumentIncompleteError: `gate.agreement`, with everything that is missing or has lapsed.
    """
    signing.check_activated(AGREEMENT, _missing, proposed, context)


def missing_rights(draft: AgreementDrafted) -> list[str]:
    """Say which rights of the holder a quality agreement lacks; other agreements need none.

    Source: NMPA 134/2025 (VI), "the right to consult the management systems, operating procedures, documents and
    records ... and to inspect the sites".
    """
    if draft.agreement_kind != QUALITY:
        return []
    missing = []
    if not draft.consult_right:
        missing.append("the holder's right to consult management systems, procedures, documents and records (VI)")
    if not draft.inspect_right:
        missing.append("the holder's right to inspect the sites (VI)")
    return missing


def _missing(draft: PastEvent, _context: Context, _at: datetime) -> list[str]:
    return missing_rights(draft.body) if isinstance(draft.body, AgreementDrafted) else []


RULES: dict[str, Rule] = {
    AGREEMENT.drafted: check_drafted,
    AGREEMENT.signed: check_signed,
    AGREEMENT.review_signed: check_signed,
    AGREEMENT.activated: check_activated,
}
"""The rule of each event type of this matter."""
