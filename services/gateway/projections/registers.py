"""The registers of a relationship, read from the stored entries themselves."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from domain.change import names as change
from domain.items.item import item_of
from domain.items.matter_item import MatterItem
from domain.items.registers import obligation_row
from domain.items.review_required import Occasion
from domain.items.rows import Row
from domain.items.surroundings import EVERYTHING, everything_in
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.stored.read_model import ItemVersion
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.read_model import ItemQuery, ReadModelReading
from services.gateway.ports.store import JournalReading, Store
from services.gateway.projections.held import load_held
from services.gateway.projections.matters import histories, key_of

_AT_ONCE = 200
_IMPLEMENTED = (change.IMPLEMENTED, change.REVIEW_IMPLEMENTED)


def register_rows(
    store: Store,
    relationship: int,
    rows_of: Callable[[Context], list[Row]],
    as_of: int | None = None,
) -> list[Row]:
    """Return the rows of a register; `as_of` is a local sequence."""
    until = EVERYTHING if as_of is None else as_of
    with store.reading() as reading:
        held = load_held(reading, relationship, as_of=until)
    return rows_of(everything_in(held.views))


def obligation_rows(store: Store, shown: Sequence[tuple[int, ItemVersion]], as_of: int | None = None) -> list[Row]:
    """Return obligations with their fulfilments, for rows of the list with the number of their relationship."""
    until = EVERYTHING if as_of is None else as_of
    found: dict[tuple[int, str], Row] = {}
    for number in dict.fromkeys(number for number, _ in shown):
        keys = [key_of(version.item, version.row) for relationship, version in shown if relationship == number]
        with store.reading() as reading:
            held = load_held(reading, number, as_of=until)
            known = histories(reading, number, keys)
        for key, events in known.items():
            item = item_of([past for past in events if past.sequence <= until], held.surroundings)
            if isinstance(item, MatterItem):
                found[number, key.item] = obligation_row(item)
    told = ((version, found.get((number, version.item))) for number, version in shown)
    return [{"relationship": version.row["relationship"], **row} for version, row in told if row is not None]


def implemented_changes(
    reading: JournalReading, rows: ReadModelReading, relationship: int, as_of: int | None = None
) -> list[Occasion]:
    """Return the implementations of changes of the approval category, with what the changes are about."""
    closings: dict[tuple[Role, int], tuple[str, ...]] = {}
    for row in _changes(rows, relationship, as_of):
        if row["closed"] is not None:
            place = (Role(row["closed"]["journal"]), row["closed"]["position"])
            products = row["scope"]["products"]
            closings[place] = tuple(f"product/{each['code']}" for each in products if each["code"] is not None)
    found: list[PastEvent] = []
    for role in Role:
        places = [position for of, position in closings if of is role]
        found += map(past_of, reading.entries_at(relationship, role, places))
    return [Occasion(past, closings[past.role, past.position]) for past in found if past.name in _IMPLEMENTED]


def _changes(rows: ReadModelReading, relationship: int, as_of: int | None) -> Iterator[Any]:
    after: tuple[str, str] | None = None
    while True:
        query = ItemQuery(
            relationship=relationship,
            category="changes",
            state="implemented",
            item_class="approval",
            as_of=as_of,
            after=after,
            limit=_AT_ONCE,
        )
        found = [version for _, version in rows.items(query)]
        yield from (version.row for version in found)
        if len(found) < _AT_ONCE:
            return
        after = str(found[-1].row["opened_at"]), found[-1].item
