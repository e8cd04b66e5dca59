"""What the steps of a deviation and of its review must fulfil. Deciding and judging run these same checks.

Each rule first asks for the evidence that the event names (form: what is wrong there is refused, fact or act), then
lets the aggregate decide on the state that the context shows.
"""

from domain.agreement.in_force import agreements_in, closure_approval_classes
from domain.deviation import names as n
from domain.deviation.aggregate import decide, deviation_of
from domain.drafts import Rule
from domain.evidence import evidence_of
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.judging.versions import rule_set_of
from domain.steps.rules import rules_of_steps
from events.catalogue.bodies import EventRef
from events.catalogue.registry import QUALITY_CORE
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

_NONE: frozenset[str] = frozenset()


def check_opened(proposed: Proposed, context: Context) -> None:
    """Ask that a deviation is opened once.

    Source: NMPA 134/2025 (V), "any deviation shall be promptly recorded".

    Raises:
        DeviationStateError: it is open already.
    """
    _decide(proposed, context)


def check_handled(proposed: Proposed, context: Context) -> None:
    """Ask that a class or an investigation comes before the closing; one that comes later is marked.

    Source: NMPA 134/2025 (V), "any deviation shall be promptly recorded, handled".

    Raises:
        DeviationClosedError: it is closed, and the closing was not overtaken.
    """
    _decide(proposed, context)


def check_closed(proposed: Proposed, context: Context) -> None:
    """Ask for everything that a closing rests on: class, latest investigation, the partner's approval by class.

    Which classes need the holder's approval is a policy of the quality agreement, `deviation.closure_approval`
    (domain.md 2.4; default: major), as in force when the investigation was recorded: from then on the time to approve
    runs. In the first rule set it was the agreement in force at the closing. Nobody approves the closing of the
    holder's own deviations.

    Source: NMPA 134/2025 (V), "effective risk control measures shall be taken jointly with the MAHs"; (XV), "strictly
    perform the obligations and responsibilities agreed in the agreements".

    Raises:
        EvidenceNotFoundError: the investigation is not one of this deviation, or the approval not one of its review.
        DeviationStateError: closed already, not classified, or not the latest investigation.
        ClosureNotApprovedError: `gate.deviation_closure`.
    """
    body, role, deviation_id = proposed.body, proposed.role, _id(proposed)
    investigation = evidence_of(context, role, n.subject(deviation_id), body.investigation, n.INVESTIGATED)
    if body.approval is not None:
        evidence_of(context, role.other, n.review_subject(deviation_id), body.approval, n.CLOSURE_APPROVED)
    _decide(proposed, context, _approved_classes(investigation, proposed, context))


def check_closure_decided(proposed: Proposed, context: Context) -> None:
    """Ask that the partner approves or rejects the closing on the latest investigation, while it is not closed.

    That the partner has a say is a policy of the quality agreement, `deviation.closure_approval` (domain.md 2.4).

    Source: NMPA 134/2025 (V), "effective risk control measures shall be taken jointly with the MAHs".

    Raises:
        EvidenceNotFoundError: what is named is no investigation of the deviation that this party had seen.
        DeviationStateError: closed already, approved already, or not the latest investigation.
    """
    _reviewed(proposed, context, proposed.body.investigation, n.INVESTIGATED)
    _decide(proposed, context)


def _approved_classes(investigation: PastEvent, proposed: Proposed, context: Context) -> frozenset[str]:
    """Return the classes that close only after the holder's approval, by the agreement that the approval rests on."""
    if proposed.role is Role.MAH:
        return _NONE
    since = parse_moment(investigation.time) if rule_set_of(context) >= QUALITY_CORE else proposed.time
    return closure_approval_classes(agreements_in(context), since)


def _decide(proposed: Proposed, context: Context, classes: frozenset[str] = _NONE) -> None:
    decide(deviation_of(context, _owner(proposed), _id(proposed)), proposed, classes)


def _reviewed(proposed: Proposed, context: Context, ref: EventRef, *types: str) -> PastEvent:
    return evidence_of(context, proposed.role.other, n.subject(_id(proposed)), ref, *types)


def _id(proposed: Proposed) -> str:
    return proposed.subject.partition("/")[2]


def _owner(proposed: Proposed) -> Role:
    """Return whose deviation is meant: the author's, or in a review its partner's."""
    return proposed.role if proposed.subject.startswith("deviation/") else proposed.role.other


RULES: dict[str, Rule] = {
    **rules_of_steps("deviation"),
    n.OPENED: check_opened,
    n.CLASSIFIED: check_handled,
    n.INVESTIGATED: check_handled,
    n.CLOSED: check_closed,
    n.CLOSURE_APPROVED: check_closure_decided,
    n.CLOSURE_REJECTED: check_closure_decided,
}
"""The rule of each event type of this matter; a batch may be linked at any time."""
