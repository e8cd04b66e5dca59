"""A restored store that stays behind for good: only where nobody has what would bring it on (formats.md 7)."""

from collections.abc import Iterator, Sequence

from events.encoding.identifiers import Role
from tests.simulation.checks.held import Held, Pair, read_pair
from tests.simulation.world.side import Side
from tests.simulation.world.world import World


def stuck_in(world: World) -> list[Side]:
    """Return the sides that lack what was signed or judged."""
    return [side for side in world.both if side.is_paired and side.channel.behind]


def is_hopeless(world: World) -> bool:
    """Tell whether a store is behind, and nobody has what would bring it on."""
    stuck = stuck_in(world)
    if not stuck:
        return False
    pair = read_pair(world)
    return not any(fault for side in stuck for fault in _of(side, pair))


def check(world: World, stuck: Sequence[Side]) -> list[str]:
    pair = read_pair(world)
    faults = [fault for side in stuck for fault in _of(side, pair)]
    for role in Role:
        one, other = ([entry.line for entry in held.entries[role]] for held in pair.both)
        if any(first != second for first, second in zip(one, other, strict=False)):
            faults.append(f"K1: two histories of the {role} journal beside a store that stays behind")
    return faults


def _of(side: Side, pair: Pair) -> Iterator[str]:
    """Ask that it was restored, and that the partner has no page that it could take next."""
    if not side.restores:
        yield f"K1: {side.role}: behind, and never restored"
    store, partner = pair.of(side.role), pair.of(side.role.other)
    for role in Role:
        seen = _seen_by_the_next(role, store, partner)
        if seen is not None and seen <= len(store.entries[role.other]):
            held = {each.value: len(entries) for each, entries in store.entries.items()}
            yield f"K1: {side.role}: behind with {held}, and the partner has the next page of the {role}"


def _seen_by_the_next(role: Role, store: Held, partner: Held) -> int | None:
    """Return how much the next page of a journal has seen of the other, None if the partner has no such page."""
    size = len(store.entries[role])
    page = next((page for page in partner.pages[role] if page.first == size), None)
    if page is None:
        return None
    return max(entry.seen or 0 for entry in partner.entries[role][page.first : page.size])
