"""What the steps of a deviation and of its review must fulfil. Deciding and judging run these same checks.

Each rule first asks for the evidence that the event names (form: what is wrong there is refused, fact or act), then
lets the aggregate decide on the state that the context shows.
"""

from domain.agreement.in_force import agreement_in_force, closure_approval_classes
from domain.deviation import names as n
from domain.deviation.aggregate import decide, deviation_of
from domain.deviation.corrections import check_changes, corrected_values
from domain.drafts import Rule
from domain.evidence import evidence_of, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role

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

    Which classes need the approval is a policy of the quality agreement in force, `deviation.closure_approval`
    (domain.md 2.4; default: major).

    Source: NMPA 134/2025 (V), "effective risk control measures shall be taken jointly with the MAHs"; (XV), "strictly
    perform the obligations and responsibilities agreed in the agreements".

    Raises:
        EvidenceNotFoundError: the investigation is not one of this deviation, or the approval not one of its review.
        DeviationStateError: closed already, not classified, or not the latest investigation.
        ClosureNotApprovedError: `gate.deviation_closure`.
    """
    body, role, deviation_id = proposed.body, proposed.role, _id(proposed)
    evidence_of(context, role, n.subject(deviation_id), body.investigation, n.INVESTIGATED)
    if body.approval is not None:
        evidence_of(context, role.other, n.review_subject(deviation_id), body.approval, n.CLOSURE_APPROVED)
    _decide(proposed, context, closure_approval_classes(agreement_in_force(context, proposed.time)))


def check_answered(proposed: Proposed, context: Context) -> None:
    """Ask that an answer names a question of the partner's review of this deviation.

    Source: NMPA 134/2025 (VII), "to ensure smooth, timely, and effective communication".

    Raises:
        EvidenceNotFoundError: what is named is no such question.
    """
    evidence_of(context, proposed.role.other, n.review_subject(_id(proposed)), proposed.body.question, n.ASKED)


def check_corrected(proposed: Proposed, context: Context) -> None:
    """Ask that a party corrects an own entry of this very subject, from the values that stand.

    Source: NMPA 134/2025 (XIV), "ensure that the data are true, accurate, complete and traceable".

    Raises:
        EvidenceNotFoundError: the entry is not an own accepted one of this subject.
        CorrectionInvalidError: a field is never corrected or not there, or the outcome would be refused.
        CorrectionMismatchError: a value before is not the one that stands.
    """
    body = proposed.body
    types = n.OF_THE_DEVIATION if proposed.type == n.CORRECTED else n.OF_THE_REVIEW
    entry = evidence_of(context, proposed.role, proposed.subject, body.entry, *types)
    check_changes(entry, corrected_values(entry, corrections_of(context, entry)), body.changes)


def check_acknowledged(proposed: Proposed, context: Context) -> None:
    """Ask that a named person of the partner takes note of an entry of the deviation.

    Source: NMPA 134/2025 (V), "the MAHs shall be promptly notified of such deviation".

    Raises:
        EvidenceNotFoundError: what is named is no entry of the deviation that this party had seen.
        NotPermittedError: a system takes note.
    """
    _reviewed(proposed, context, proposed.body.entry, *n.OF_THE_DEVIATION)
    _decide(proposed, context)


def check_asked(proposed: Proposed, context: Context) -> None:
    """Ask that a question about an entry names one of the deviation.

    Source: NMPA 134/2025 (VII), "to ensure smooth, timely, and effective communication".

    Raises:
        EvidenceNotFoundError: what is named is no entry of the deviation that this party had seen.
    """
    if proposed.body.entry is not None:
        _reviewed(proposed, context, proposed.body.entry, *n.OF_THE_DEVIATION)


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


def corrections_of(context: Context, entry: PastEvent) -> list[PastEvent]:
    """Return the corrections of an entry that a context holds, by position."""
    if entry.head is None:
        return []
    history = context.accepted(entry.role, entry.head.subject)
    corrections = (past for past in history if past.name in (n.CORRECTED, n.REVIEW_CORRECTED))
    return [past for past in corrections if names(past.body.entry, entry)]


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
    n.OPENED: check_opened,
    n.CLASSIFIED: check_handled,
    n.INVESTIGATED: check_handled,
    n.CLOSED: check_closed,
    n.ANSWERED: check_answered,
    n.CORRECTED: check_corrected,
    n.ACKNOWLEDGED: check_acknowledged,
    n.ASKED: check_asked,
    n.CLOSURE_APPROVED: check_closure_decided,
    n.CLOSURE_REJECTED: check_closure_decided,
    n.REVIEW_CORRECTED: check_corrected,
}
"""The rule of each event type of this matter; a batch may be linked at any time."""
