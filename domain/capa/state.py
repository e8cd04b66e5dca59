"""How far corrective and preventive actions have come."""

from collections.abc import Iterator
from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.capa import names as n
from domain.steps.history import History
from domain.steps.matter import Matter, no_class
from domain.steps.timing import Promise
from events.catalogue.capa import Opened


class CapaState(StrEnum):
    """How far actions have come. Labels in both languages: domain/vocabulary/capa_states.json."""

    OPENED = "opened"
    COMPLETED = "completed"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    CLOSED = "closed"


def state_of(history: History, _agreements: Versions) -> CapaState:
    """Return the state of actions."""
    if history.relied(n.CLOSED):
        return CapaState.CLOSED
    checks = history.relied(n.EFFECTIVENESS_CHECKED)
    if checks:
        return CapaState.EFFECTIVE if checks[-1].body.effective else CapaState.NOT_EFFECTIVE
    opening = history.opening
    planned = set() if opening is None else set(range(1, len(opening.body.actions) + 1))
    done = {past.body.action for past in history.relied(n.ACTION_COMPLETED)}
    return CapaState.COMPLETED if planned <= done else CapaState.OPENED


def promises_of(history: History, body: Opened) -> Iterator[Promise]:
    """Return each action with its day: it runs until the first entry that says that the action is completed.

    Source: domain.md 4, "actions, owners, effectiveness check".
    """
    done = {past.body.action: past for past in reversed(history.relied(n.ACTION_COMPLETED))}
    for number, action in enumerate(body.actions, 1):
        yield Promise(f"action/{number}", action.due, done.get(number))


MATTER = Matter("capa", "capas", state_of, no_class, (n.CLOSED,), "opened_at", promises=promises_of)
