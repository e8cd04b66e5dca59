"""What the steps of an out-of-specification or out-of-trend result must fulfil."""

from domain.drafts import Rule
from domain.evidence import evidence_of
from domain.judging.context import Context, Proposed
from domain.oos import names as n
from domain.oos.errors import NoCauseFoundError, OosStateError
from domain.steps.history import History, history_for
from domain.steps.rules import rules_of_steps
from domain.steps.subjects import own_subject, owner_of


def check_suspected(proposed: Proposed, context: Context) -> None:
    """Ask that a result is suspected once.

    Source: NMPA 134/2025 (VII), "out-of-specification/out-of-trend results".

    Raises:
        OosStateError: it is suspected already.
    """
    if history_for(proposed, context).opening is not None:
        raise OosStateError("the result is suspected already")


def check_examined(proposed: Proposed, context: Context) -> None:
    """Ask that the examination goes on; what comes after its end is recorded and marked.

    Source: NMPA 134/2025 (VII), "out-of-specification/out-of-trend results".

    Raises:
        OosStateError: the result was confirmed or invalidated.
    """
    if has_ended(history_for(proposed, context)):
        raise OosStateError("the examination has ended")


def check_invalidated(proposed: Proposed, context: Context) -> None:
    """Ask that a result is invalidated once, for a cause that a phase of the examination found.

    Source: NMPA 134/2025 (VII), "out-of-specification/out-of-trend results"; domain.md 2.2 G11, "an invalidated OOS
    stays visible".

    Raises:
        EvidenceNotFoundError: what is named is no phase of this examination.
        NoCauseFoundError: that phase found no cause, is marked or is disputed.
        OosStateError: the result was confirmed or invalidated already.
    """
    phase = evidence_of(context, proposed.role, proposed.subject, proposed.body.phase, n.PHASE_COMPLETED)
    history = history_for(proposed, context)
    if has_ended(history):
        raise OosStateError("the examination has ended")
    if phase.body.cause is None or not history.is_relied_on(phase):
        raise NoCauseFoundError("the phase that is named found no cause to rely on")


def check_decided(proposed: Proposed, context: Context) -> None:
    """Ask that the partner decides on how this very examination ended.

    Source: NMPA 134/2025 (VII), "to ensure smooth, timely, and effective communication".

    Raises:
        EvidenceNotFoundError: what is named is no end of this examination.
    """
    evidence_of(context, owner_of(proposed), own_subject(proposed), proposed.body.about, *n.ENDINGS)


def has_ended(history: History) -> bool:
    """Tell whether a result was confirmed or invalidated, by an entry that can be relied on."""
    return bool(history.relied(*n.ENDINGS))


RULES: dict[str, Rule] = {
    **rules_of_steps("oos"),
    n.SUSPECTED: check_suspected,
    n.PHASE_COMPLETED: check_examined,
    n.RETEST_PLANNED: check_examined,
    n.CONFIRMED: check_examined,
    n.INVALIDATED: check_invalidated,
    n.DECIDED: check_decided,
}
"""The rule of each event type of this matter."""
