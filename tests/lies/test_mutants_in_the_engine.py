"""Whoever carries the records changes them, thousands of times, before a running gateway: nothing of it is taken in.

Each round the manufacturer's gateway writes, its records are changed on the way and delivered many times over, and only
then come as they were. The holder has them all in the end, nothing else, and no more in memory than it may.
"""

import tracemalloc
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from events.encoding.identifiers import Role
from events.errors import PageError
from events.journal.checkpoint import Checkpoint
from events.journal.page import make_page, parse_page
from events.journal.wire import WireRecord
from services.gateway.exchange.channel import MAX_WAITING_BYTES, MAX_WAITING_PAGES
from tests.events.golden.cast import RELATIONSHIP
from tests.lies.mutating.generator import mutants
from tests.lies.originals import Original
from tests.lies.reading import CODES, PageWaitsError
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import NUMBER, Side, World, keys_of, new_world
from tests.sizes import size

SEED = 20261123
ORIGIN = RELATIONSHIP.origin(Role.CMO)
TOPIC = RELATIONSHIP.topic(Role.CMO)
ALLOWED = frozenset().union(*(CODES[kind] for kind in ("page", "receipt", "resend"))) - {PageWaitsError.code}
MIB = 1024 * 1024


def take_off_the_wire(world: World) -> list[WireRecord]:
    """What the manufacturer has sent and the holder has not read."""
    position = world.mah.inbox.position
    records = world.wire.topics[TOPIC]
    start = 0 if position is None else position.offset
    taken = records[start:]
    del records[start:]
    return taken


def write_something(world: World, chance: Random, number: int) -> list[WireRecord]:
    """A page or several, a receipt, and now and then a request, as the manufacturer's gateway sends them."""
    for place in range(chance.randrange(1, 4)):
        world.cmo.open_deviation(f"D-{number}-{place}")
    world.clock.move(5)
    world.cmo.heartbeat()
    if chance.random() < 0.5:
        world.cmo.channel.gap.want(chance.randrange(2))
    world.cmo.publish()
    return take_off_the_wire(world)


def has_other_bodies_alone(original: bytes, changed: bytes) -> bool:
    """Tell whether a page differs in bodies alone: no signature covers them, and the entry is refused then."""
    try:
        one, other = parse_page(original, ORIGIN), parse_page(changed, ORIGIN)
    except PageError:
        return False
    heads = [[line.partition(b"\t")[0] for line in page.lines] for page in (one, other)]
    return (one.first, one.note, heads[0]) == (other.first, other.note, heads[1])


def changed_on_the_way(records: Sequence[WireRecord], seed: int, count: int) -> list[WireRecord]:
    """So many changed records, each with the kind that it had, or now and then with another."""
    chance = Random(seed)  # noqa: S311 - a seed repeats a failure
    originals = [Original(record.kind, "sent", record.value) for record in records]
    kinds = sorted({record.kind for record in records})
    made = []
    for mutant in mutants(seed, count, originals):
        kind = mutant.original.reader if chance.random() < 0.9 else chance.choice((*kinds, "returned", "blob", ""))
        if not (kind == "page" and has_other_bodies_alone(mutant.original.raw, mutant.raw)):
            made.append(WireRecord(kind, mutant.raw))
    return made


def deliver(side: Side, records: Sequence[WireRecord]) -> None:
    side.wire.publish(TOPIC, records)
    side.read()


def state(side: Side) -> tuple[object, ...]:
    """What no changed record may move."""
    channel, heard = side.channel, side.channel.heard
    said = None if heard is None else (heard.size, heard.held, heard.judged, heard.rule_set)
    return channel.held.size, channel.held.frontier.root(), channel.own.size, said, channel.conflict, channel.behind


@pytest.mark.campaign
def test_no_changed_record_is_taken_in_and_the_honest_ones_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count, batch = size("mutants_in_the_engine", small=600, campaign=12_000), 60
    world, chance = new_world(tmp_path).pair(), Random(SEED)  # noqa: S311 - a seed repeats a failure
    world.mah.read()
    delivered, codes = 0, Counter[str]()
    for number in range(count // batch):
        honest = write_something(world, chance, number)
        changed = changed_on_the_way(honest, SEED + number, batch)
        before = state(world.mah)
        deliver(world.mah, changed)
        delivered += len(changed)
        now = state(world.mah)
        assert now[:3] == before[:3], f"round {number}"
        assert now[4:] == (False, False), f"round {number}"
        assert len(world.mah.channel.waiting) <= MAX_WAITING_PAGES
        assert sum(len(each) for pages in world.mah.channel.waiting.values() for each in pages) <= MAX_WAITING_BYTES
        deliver(world.mah, honest)
        assert now[3] in (before[3], state(world.mah)[3]), f"round {number}: heard of no receipt but the honest one"
        if chance.random() < 0.1:
            world.mah.restart()
        world.settle()
        assert world.agree(), f"round {number}"

    with world.mah.store.reading() as reading:
        codes.update(each.code for each in reading.quarantine(NUMBER, limit=10 * count))
    entries = world.mah.entries(Role.CMO)
    journals = {role: [entry.line for entry in world.mah.entries(role)] for role in Role}
    again = judge_again(journals, world.mah.channel.labeller)
    assert set(codes) <= ALLOWED
    assert [entry.code for entry in entries] == [None] * len(entries)
    assert [each.past.code for each in again[Role.CMO]] == [None] * len(entries)
    with capsys.disabled():
        shown = f"{delivered} changed records before a running gateway, {len(entries)} honest entries held, seed {SEED}"
        print(f"\n{shown}")  # noqa: T201 - a campaign shows its figures
        for code, times in sorted(codes.items()):
            print(f"  {code:28} {times:7}")  # noqa: T201 - as above
    for side in world.sides:
        side.store.close()


def far_away(first: int) -> bytes:
    """A page of half a megabyte that its author signed, somewhere far behind its journal."""
    signer = keys_of(RELATIONSHIP, Role.CMO).journal_signer
    return make_page(Checkpoint(ORIGIN, first + 1, bytes(32)), [b"x" * 500_000], signer).encode()


def test_rubbish_and_pages_from_far_away_take_a_bounded_part_of_memory(world: World) -> None:
    """A hundred megabytes: the first pages wait, the others are let go and asked for again; rubbish is set aside."""
    tracemalloc.start()
    for number in range(1, 101):
        deliver(world.mah, [WireRecord("page", far_away(1000 * number)), WireRecord("page", b"x" * MIB)])
        world.wire.topics[TOPIC][-2:] = [WireRecord("page", b"")] * 2  # what was read is not kept by this wire
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(len(each) for pages in world.mah.channel.waiting.values() for each in pages) > MAX_WAITING_BYTES - MIB
    assert peak < MAX_WAITING_BYTES + 12 * MIB
    assert set(world.mah.quarantined()) == {"page.too_large"}
    world.mah.restart()
    world.cmo.open_deviation("D-1")
    world.settle()
    assert world.agree()
