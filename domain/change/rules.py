"""What the steps of a change must fulfil. Deciding and judging run these same checks."""

from datetime import date

from domain.change import names as n
from domain.change.category import check_category, determined, has_seen_corrections, is_raised, latest_opinions
from domain.change.crossing import is_overtaken
from domain.change.errors import CategoryError, ChangeNotReadyError, ChangeStateError, StepIncompleteError
from domain.change.standing import is_step, is_taken, last_day_of, missing_in, standing_approval, wanted_step
from domain.clocks.clock import day_of
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.steps.history import History, history_for
from domain.steps.rules import rules_of_steps
from domain.steps.stated import day_signed, day_stated, is_ahead
from events.catalogue.bodies import EventRef


def check_proposed(proposed: Proposed, context: Context) -> None:
    """Ask that a change is proposed once.

    Source: NMPA 134/2025 (IX), "jointly conduct change-related research".

    Raises:
        ChangeStateError: it is proposed already.
    """
    if history_for(proposed, context).opening is not None:
        raise ChangeStateError("the change is proposed already")


def check_determined(proposed: Proposed, context: Context) -> None:
    """Ask that the category rests on the last opinion of each party, and is the higher of the two (G7).

    Of an opinion and a correction of it the higher counts.

    Source: NMPA 134/2025 (IX), "change management shall be conducted in accordance with the higher category".

    Raises:
        EvidenceNotFoundError: what is named is no opinion on this change.
        CategoryError: `gate.change_category`: not the last opinion of each party, or another category.
    """
    history = history_for(proposed, context)
    named = [_named(history, ref, *n.OPINIONS) for ref in proposed.body.opinions]
    latest = latest_opinions(history)
    if sorted(past.place for past in named) != sorted(past.place for past in latest):
        raise CategoryError("a category rests on the last opinion of each party, and on nothing else")
    check_category(history, named, proposed.body.category)


def check_approved(proposed: Proposed, context: Context) -> None:
    """Ask that the holder approves the proposal of this very change, while it stands.

    Source: NMPA 134/2025 (IX), "shall not be implemented without the approval of MAHs".

    Raises:
        EvidenceNotFoundError: what is named is not the proposal of this change.
        ChangeStateError: it was withdrawn, or is approved already.
    """
    history = history_for(proposed, context)
    _named(history, proposed.body.proposal, n.PROPOSED)
    if history.of(n.WITHDRAWN):
        raise ChangeStateError("the change was withdrawn")
    if standing_approval(history) is not None:
        raise ChangeStateError("the change is approved already")


def check_rejected(proposed: Proposed, context: Context) -> None:
    """Ask that a rejection names the proposal of this very change.

    Source: NMPA 134/2025 (IX), "shall not be implemented without the approval of MAHs".

    Raises:
        EvidenceNotFoundError: what is named is not the proposal of this change.
    """
    _named(history_for(proposed, context), proposed.body.proposal, n.PROPOSED)


def check_step_recorded(proposed: Proposed, _context: Context) -> None:
    """Ask that a certificate or a filing says its number and names its document, and was given; else it is marked.

    Source: NMPA 134/2025 (IX), "completing applications for approval, filing, or reporting in accordance with the law".

    Raises:
        StepIncompleteError: the number or the document is missing, or its day has not come.
    """
    body = proposed.body
    missing = missing_in(body)
    if missing:
        raise StepIncompleteError(f"{body.step} has no {' and no '.join(missing)}")
    if is_ahead(body.date, proposed.time):
        raise StepIncompleteError(f"{body.step} is of {body.date}, which has not come yet")


def check_implemented(proposed: Proposed, context: Context) -> None:
    """Ask for everything that an implementation rests on: approval, category, and the regulator's step for it (G6).

    The approval is of the proposal as it stands, the category the higher one of what both say now, and the step that of
    the holder; all of them had seen every correction of the proposal. The change takes effect neither before the day of
    the approval nor before that of the step, which has come.

    Source: NMPA 134/2025 (IX), "shall not be implemented without the approval of MAHs", "completing applications for
    approval, filing, or reporting in accordance with the law"; policy `change.unclassified`.

    Raises:
        EvidenceNotFoundError: what is named is no approval, category or step of this change.
        ChangeNotReadyError: `gate.change_implementation`.
        ChangeStateError: it was withdrawn.
    """
    history, body = history_for(proposed, context), proposed.body
    approval = _named(history, body.approval, *n.APPROVALS)
    category = _named(history, body.category, n.DETERMINED)
    step = None if body.regulatory_step is None else _named(history, body.regulatory_step, *n.STEPS)
    if history.of(n.WITHDRAWN):
        raise ChangeStateError("the change was withdrawn")
    if approval != standing_approval(history):
        raise ChangeNotReadyError("the approval that is named does not stand, or not for what was corrected since")
    if category != determined(history):
        raise ChangeNotReadyError("the category that is named is not the last one")
    if not has_seen_corrections(category, history):
        raise ChangeNotReadyError("the proposal was corrected since the category was determined; it is determined anew")
    if is_overtaken(history, category):
        raise ChangeNotReadyError("the category crossed another opinion of the partner; it is determined anew first")
    if is_raised(history, category):
        raise ChangeNotReadyError("a party's opinion is higher than the category; it is determined anew first")
    wanted = wanted_step(history, category)
    if wanted is not None and (step is None or not is_step(history, step, wanted)):
        raise ChangeNotReadyError(
            f"the category asks for {wanted} of the holder, with its number and document, of the proposal as corrected"
        )
    taken = None if wanted is None or step is None else last_day_of(history, step)
    _check_days(day_signed(approval), taken, proposed)


def check_found_implemented(proposed: Proposed, context: Context) -> None:
    """Mark a change that was found implemented although nothing allowed it; it is recorded all the same.

    Source: NMPA 134/2025 (IX), "shall not be implemented without the approval of MAHs".

    Raises:
        ChangeNotReadyError: `gate.change_implementation`.
    """
    history = history_for(proposed, context)
    category = determined(history)
    if standing_approval(history) is None or category is None:
        raise ChangeNotReadyError("a change was implemented that nobody had approved and put in a category")
    wanted = wanted_step(history, category)
    is_settled = has_seen_corrections(category, history) and not is_raised(history, category)
    if not is_settled or not is_taken(history, wanted):
        raise ChangeNotReadyError(f"a change was implemented before its category was settled, or before: {wanted}")


def check_eliminated(proposed: Proposed, context: Context) -> None:
    """Ask that what was eliminated is a risk of this very change.

    Source: NMPA 134/2025 (IX), "promptly take corresponding measures to ensure the elimination of risks".

    Raises:
        EvidenceNotFoundError: what is named is no risk of this change.
    """
    _named(history_for(proposed, context), proposed.body.risk, *n.RISKS)


def _check_days(approved: date, taken: date | None, proposed: Proposed) -> None:
    """Ask that a change takes effect on the day of what it rests on or later, and that this day has come."""
    day = day_stated(proposed.body.effective_from)
    if day < approved:
        raise ChangeNotReadyError(f"in effect from {day}, before it was approved on {approved}")
    if taken is not None and not taken <= min(day, day_of(proposed.time)):
        raise ChangeNotReadyError(f"the regulator's step is of {taken}, after the change takes effect or still to come")


def _named(history: History, ref: EventRef, *types: str) -> PastEvent:
    found = next((past for past in history.of(*types) if names(ref, past)), None)
    if found is None or not history.is_relied_on(found):
        raise EvidenceNotFoundError(f"{ref.journal} {ref.position} is no such entry of this change to rely on")
    return found


RULES: dict[str, Rule] = {
    **rules_of_steps("change"),
    n.PROPOSED: check_proposed,
    n.DETERMINED: check_determined,
    n.APPROVED: check_approved,
    n.REVIEW_APPROVED: check_approved,
    n.REVIEW_REJECTED: check_rejected,
    n.STEP_RECORDED: check_step_recorded,
    n.REVIEW_STEP_RECORDED: check_step_recorded,
    n.IMPLEMENTED: check_implemented,
    n.REVIEW_IMPLEMENTED: check_implemented,
    n.FOUND_IMPLEMENTED: check_found_implemented,
    n.REVIEW_FOUND_IMPLEMENTED: check_found_implemented,
    n.RISK_ELIMINATED: check_eliminated,
    n.REVIEW_RISK_ELIMINATED: check_eliminated,
}
"""The rule of each event type of this matter; a study, an opinion or a risk may be stated at any time."""
