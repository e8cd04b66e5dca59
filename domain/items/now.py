"""The state of a matter as a context shows it, in the words of its row."""

from domain.items.item import Item, item_of
from domain.items.state import state_of
from domain.items.surroundings import surroundings_of
from domain.judging.context import Context
from domain.steps.history import history_of
from events.encoding.identifiers import Role


def state_now(context: Context, owner: Role, kind: str, identity: str) -> str | None:
    """Return how far a matter has come; None while nothing has opened it."""
    surroundings = surroundings_of(context.views)
    item = item_of(history_of(context, owner, kind, identity).all, surroundings)
    if item is None:
        return None
    return str(state_of(item, surroundings)) if isinstance(item, Item) else item.state
