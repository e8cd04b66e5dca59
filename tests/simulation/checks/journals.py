"""Both stores hold the same two journals, in order, under the verdicts of a reader that has nothing else (K1, K5)."""

from collections import Counter
from collections.abc import Iterator

from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from tests.services.exchange.replay import judge_again
from tests.simulation.checks.held import Held, Pair


def check(pair: Pair) -> list[str]:
    return [*_equal(pair), *_in_order(pair), *_replayed(pair)]


def _equal(pair: Pair) -> Iterator[str]:
    for role in Role:
        mah, cmo = pair.mah.entries[role], pair.cmo.entries[role]
        if [each.line for each in mah] != [each.line for each in cmo]:
            yield f"K1: the two stores hold other bytes of the {role} journal ({len(mah)}, {len(cmo)})"
        for one, other in zip(mah, cmo, strict=False):
            if _verdict(one) != _verdict(other):
                yield f"K1: {role} {one.position}: {_verdict(one)} at the holder, {_verdict(other)} at the manufacturer"
        if [(page.first, page.size, page.note) for page in pair.mah.pages[role]] != [
            (page.first, page.size, page.note) for page in pair.cmo.pages[role]
        ]:
            yield f"K1: the two stores hold other pages of the {role} journal"


def _verdict(entry: StoredEntry) -> tuple[object, ...]:
    return entry.code, entry.violates, entry.order_major, entry.leaf, entry.id, entry.revision


def _in_order(pair: Pair) -> Iterator[str]:
    for held in pair.both:
        yield from _positions(held)
        sequences = sorted(entry.sequence for role in Role for entry in held.entries[role])
        if sequences != list(range(1, len(sequences) + 1)):
            yield f"K5: the local sequence of the {held.role} has gaps or repeats"
    for role, entries in pair.mah.entries.items():
        ids = Counter(entry.id for entry in entries if entry.code is None)
        for event_id, count in ids.items():
            if count > 1:
                yield f"K6: the id {event_id} stands {count} times in the {role} journal"


def _positions(held: Held) -> Iterator[str]:
    for role, entries in held.entries.items():
        if [entry.position for entry in entries] != list(range(len(entries))):
            yield f"K5: positions of the {role} journal at the {held.role} have gaps"
        ends = 0
        for page in held.pages[role]:
            if page.first != ends:
                yield f"K5: a page of the {role} journal at the {held.role} begins at {page.first}, not {ends}"
            ends = page.size
        if ends != len(entries):
            yield f"K5: the pages of the {role} journal at the {held.role} end at {ends} of {len(entries)}"


def _replayed(pair: Pair) -> Iterator[str]:
    """A third reader comes to the same verdicts."""
    entries = pair.mah.entries
    judged = judge_again({role: [entry.line for entry in entries[role]] for role in Role}, pair.mah.labeller)
    for role in Role:
        for entry, verdict in zip(entries[role], judged[role], strict=True):
            wanted = (verdict.past.code, verdict.past.violates)
            if (entry.code, entry.violates) != wanted:
                stored = (entry.code, entry.violates)
                yield f"K4: {role} {entry.position} {entry.type}: {stored} stored, {wanted} replayed"
