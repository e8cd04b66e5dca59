"""Read models equal a rebuild from entry 0, and each other; neither a clock nor an order moves a row (K7, K12)."""

from collections.abc import Iterator, Mapping
from typing import Any

from events.encoding.identifiers import Role
from tests.services.exchange.world import NUMBER
from tests.simulation.checks.held import Pair
from tests.simulation.world.side import Side
from tests.simulation.world.world import World

A_YEAR = 31_557_600


def check(world: World, pair: Pair) -> list[str]:
    del pair
    shown = {side.role: _shown(side) for side in world.both}
    return [
        *_parked(world),
        *_alike(shown[Role.MAH], shown[Role.CMO]),
        *(fault for side in world.both for fault in _rebuilt(side)),
    ]


def _parked(world: World) -> Iterator[str]:
    for side in world.both:
        for item in side.parked:
            yield f"K7: rows stand still at the {side.role}: {item}"


def _shown(side: Side) -> dict[str, Any]:
    with side.running.read_model.reading() as rows:
        items = rows.all_items(NUMBER)
        found = rows.current_items(NUMBER, items)
        return {
            "items": {item: version.row for item, version in found.items()},
            "clocks": {(each.item, each.name): each.row for each in rows.clocks(items, relationship=NUMBER)},
            "steps": {role: [(step.seen, step.time) for step in rows.steps(NUMBER, role)] for role in Role},
        }


def _alike(mah: Mapping[str, Any], cmo: Mapping[str, Any]) -> Iterator[str]:
    for what in mah:
        for key in mah[what].keys() | cmo[what].keys():
            one, other = mah[what].get(key), cmo[what].get(key)
            if one != other:
                yield f"K7: {what} {key}: the holder shows {one}, the manufacturer {other}"


def _rebuilt(side: Side) -> Iterator[str]:
    """Rebuild a year later by this side's clock: no row knows what time it is now."""
    read_model = side.running.read_model
    with read_model.reading() as rows:
        before = rows.digest(NUMBER)
    side.clock.jump(A_YEAR)
    side.running.projections.rebuild()
    side.running.projections.catch_up()
    side.clock.jump(-A_YEAR)
    with read_model.reading() as rows:
        after = rows.digest(NUMBER)
    for what in before:
        if before[what] != after[what]:
            yield f"K7: {what} of the {side.role}: {before[what]} stood, {after[what]} after a rebuild"
