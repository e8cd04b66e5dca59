"""The clocks of an item with every day that was counted, and why (`counterfoil clock explain ITEM`)."""

from typing import Any

from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.items.explained import explained
from domain.items.surroundings import EVERYTHING
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.store import Store
from services.gateway.projections.held import load_held


def explained_clocks(
    store: Store, read_model: ReadModel, relationship: int, item: str, as_of: int | None = None
) -> list[dict[str, Any]]:
    """Return the rows of an item's clocks, each with its days, now or as of a local sequence; by name."""
    until = EVERYTHING if as_of is None else as_of
    with store.reading() as reading, read_model.reading() as rows:
        clocks = rows.clocks([item], as_of, relationship)
        held = load_held(reading, relationship, as_of=until, types=(CALENDAR_PUBLISHED,))
    return [explained(dict(clock.row), held.surroundings.calendars) for clock in clocks]
