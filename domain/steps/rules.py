"""What the steps that any matter knows must fulfil. Deciding and judging run these same checks."""

from domain.drafts import Rule
from domain.evidence import evidence_of
from domain.judging.context import Context, Proposed
from domain.parties.errors import NotPermittedError
from domain.parties.right import PERSON
from domain.steps.corrections import check_changes, corrected_values, corrections_of
from domain.steps.subjects import kind_of, own_subject, owner_of, review_subject, types_of


def check_answered(proposed: Proposed, context: Context) -> None:
    """Ask that an answer names a question of the partner's review of this matter.

    Source: NMPA 134/2025 (VII), "to ensure smooth, timely, and effective communication".

    Raises:
        EvidenceNotFoundError: what is named is no such question.
    """
    asked = f"{kind_of(proposed)}_review.asked.v1"
    evidence_of(context, proposed.role.other, review_subject(proposed), proposed.body.question, asked)


def check_corrected(proposed: Proposed, context: Context) -> None:
    """Ask that a party corrects an own entry of this very subject, from the values that stand.

    Source: NMPA 134/2025 (XIV), "ensure that the data are true, accurate, complete and traceable".

    Raises:
        EvidenceNotFoundError: the entry is not an own accepted one of this subject.
        CorrectionInvalidError: a field is never corrected or not there, or the outcome would be refused.
        CorrectionMismatchError: a value before is not the one that stands.
    """
    body, types = proposed.body, types_of(proposed.subject.partition("/")[0])
    entry = evidence_of(context, proposed.role, proposed.subject, body.entry, *types)
    check_changes(entry, corrected_values(entry, corrections_of(context, entry)), body.changes)


def check_acknowledged(proposed: Proposed, context: Context) -> None:
    """Ask that a named person of the partner takes note of an entry of the matter.

    Source: NMPA 134/2025 (V), "the MAHs shall be promptly notified of such deviation".

    Raises:
        EvidenceNotFoundError: what is named is no entry of the matter that this party had seen.
        NotPermittedError: a system takes note.
    """
    _reviewed(proposed, context)
    if not proposed.actor.startswith(PERSON):
        raise NotPermittedError("a named person takes note, not a system")


def check_asked(proposed: Proposed, context: Context) -> None:
    """Ask that a question about an entry names one of the matter.

    Source: NMPA 134/2025 (VII), "to ensure smooth, timely, and effective communication".

    Raises:
        EvidenceNotFoundError: what is named is no entry of the matter that this party had seen.
    """
    if proposed.body.entry is not None:
        _reviewed(proposed, context)


def rules_of_steps(kind: str) -> dict[str, Rule]:
    """Return the rules of the steps that every matter knows; a batch may be linked at any time."""
    return {
        f"{kind}.answered.v1": check_answered,
        f"{kind}.corrected.v1": check_corrected,
        f"{kind}_review.acknowledged.v1": check_acknowledged,
        f"{kind}_review.asked.v1": check_asked,
        f"{kind}_review.corrected.v1": check_corrected,
    }


def _reviewed(proposed: Proposed, context: Context) -> None:
    types = types_of(kind_of(proposed))
    evidence_of(context, owner_of(proposed), own_subject(proposed), proposed.body.entry, *types)
