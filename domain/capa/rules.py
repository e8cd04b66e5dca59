"""What the steps of corrective and preventive actions must fulfil; a practice of GMP (domain.md 4), a policy here."""

from domain.capa import names as n
from domain.capa.errors import CapaStateError, NotEffectiveError
from domain.drafts import Rule
from domain.evidence import check_there, evidence_of
from domain.judging.context import Context, Proposed
from domain.steps.history import History, history_for
from domain.steps.rules import rules_of_steps


def check_opened(proposed: Proposed, context: Context) -> None:
    """Ask that actions are planned once, and that the cause they name is there.

    Source: domain.md 4, "CAPA is an item of its own".

    Raises:
        EvidenceNotFoundError: what is named is no accepted entry of the context.
        CapaStateError: they are planned already.
    """
    check_there(context, () if proposed.body.cause is None else (proposed.body.cause,))
    if history_for(proposed, context).opening is not None:
        raise CapaStateError("the actions are planned already")


def check_completed(proposed: Proposed, context: Context) -> None:
    """Ask that an action that was planned is completed once, before the closing.

    Source: domain.md 4, "actions, owners, effectiveness check".

    Raises:
        CapaStateError: closed, no such action, or completed already.
    """
    history = history_for(proposed, context)
    _check_open(history)
    if proposed.body.action not in _planned(history):
        raise CapaStateError(f"{proposed.body.action} actions were not planned")
    if proposed.body.action in _done(history):
        raise CapaStateError(f"action {proposed.body.action} is completed already")


def check_effective(proposed: Proposed, context: Context) -> None:
    """Ask that everything planned is done before it is checked whether it helped.

    Source: domain.md 4, "effectiveness check".

    Raises:
        CapaStateError: closed, or an action is left.
    """
    history = history_for(proposed, context)
    _check_open(history)
    left = sorted(_planned(history) - _done(history))
    if left:
        raise CapaStateError(f"actions are not completed yet: {', '.join(map(str, left))}")


def check_closed(proposed: Proposed, context: Context) -> None:
    """Ask that actions are closed once, on the last check, which found that they helped.

    Source: domain.md 4, "residual risk accepted by a named person".

    Raises:
        EvidenceNotFoundError: what is named is no check of these actions.
        CapaStateError: closed already.
        NotEffectiveError: the check found that they did not help, cannot be relied on, or is not the last.
    """
    check = evidence_of(context, proposed.role, proposed.subject, proposed.body.effectiveness, n.EFFECTIVENESS_CHECKED)
    history = history_for(proposed, context)
    _check_open(history)
    last = history.relied(n.EFFECTIVENESS_CHECKED)[-1:]
    if last != [check] or not check.body.effective:
        raise NotEffectiveError("the last check to rely on has to find that the actions helped")


def _check_open(history: History) -> None:
    if history.relied(n.CLOSED):
        raise CapaStateError("the actions are closed")


def _planned(history: History) -> set[int]:
    return set() if history.opening is None else set(range(1, len(history.opening.body.actions) + 1))


def _done(history: History) -> set[int]:
    return {past.body.action for past in history.relied(n.ACTION_COMPLETED)}


RULES: dict[str, Rule] = {
    **rules_of_steps("capa"),
    n.OPENED: check_opened,
    n.ACTION_COMPLETED: check_completed,
    n.EFFECTIVENESS_CHECKED: check_effective,
    n.CLOSED: check_closed,
}
"""The rule of each event type of this matter."""
