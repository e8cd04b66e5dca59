"""Acknowledged commands are in both stores, refused ones in none, those without an answer once or not (K2, K3)."""

from collections import Counter
from collections.abc import Iterator

from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from tests.simulation.checks.held import Held, Pair
from tests.simulation.world.client import FAIL, OK, UNKNOWN, Command
from tests.simulation.world.world import World


def check(world: World, pair: Pair) -> list[str]:
    texts = {held.role: _texts(held) for held in pair.both}
    return [fault for command in world.clients.commands.values() for fault in _check(command, pair, texts)]


def _check(command: Command, pair: Pair, texts: dict[Role, Counter[str]]) -> Iterator[str]:
    yield from (f"R2: {command.key}: {fault}" for fault in command.faults)
    most, least = 1, int(command.outcome == OK and not command.may_be_lost)
    if command.outcome == FAIL:
        most = 0
    if command.outcome not in (OK, FAIL, UNKNOWN):
        yield f"R1: {command.key} {command.what} was never answered"
    if command.mark is not None:
        for role, counts in texts.items():
            found = counts[command.mark]
            if not least <= found <= most:
                yield f"K3: {command.key} {command.what} ({command.outcome}) stands {found} times at the {role}"
    if least:
        yield from _events(command, pair)


def _events(command: Command, pair: Pair) -> Iterator[str]:
    for event_id, position, leaf in command.events:
        for held in pair.both:
            entry = _at(held, command.side, position)
            if entry is None or (entry.id, encode_base64(entry.leaf)) != (event_id, leaf):
                yield f"K2: {command.key} {command.what} was answered with {position}, which is not at the {held.role}"


def _at(held: Held, author: Role, position: int) -> StoredEntry | None:
    entries = held.entries[author]
    return entries[position] if position < len(entries) else None


def _texts(held: Held) -> Counter[str]:
    """Count in how many entries each mark stands; what a correction replaces is not said again by it."""
    counts: Counter[str] = Counter()
    for entries in held.entries.values():
        for entry in entries:
            said = (entry.body or b"").replace(b'"before":"K-', b"").decode("utf-8", "replace")
            counts.update({part.partition('"')[0] for part in said.split('"K-')[1:]})
    return Counter({f"K-{key}": count for key, count in counts.items()})
