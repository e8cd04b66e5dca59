"""No checkpoint is signed over a store in which something is not as it was written, once that is known; when it is.

- At the start: before anything else happens a small store is looked at whole, and of any store the tree's end.
- What is read for judging, sending or giving back is compared with its leaf and its body's hash each time.
- Everything else is found by the scrub, round after round.
"""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, create_engine, text

from domain.drafts import Draft
from events.encoding.identifiers import Role
from infra.store.stored_rows import checking
from services.gateway.checking.scrub import Scrub
from services.gateway.exchange.errors import EngineError, StoreDamagedError
from services.gateway.exchange.jobs import ReceiptJob
from services.gateway.exchange.writing.signing_stop import SigningStop
from services.gateway.exchange.writing.writer import DAMAGED
from tests.services.checking.flips import TABLES, Flipper, NoSuchFlipError
from tests.services.checking.stores import pair_with_everything
from tests.services.exchange.world import NUMBER, Side, World, new_world
from tests.sizes import size

FLIPS = size("live_flips", small=8, campaign=100)
SCRUBBED = {"relationship", "entry", "journal", "entry_count", "standing", "page", "tree_node", "receipt", "quarantine"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return pair_with_everything(tmp_path, deviations=3)


def sign_something(side: Side) -> int:
    """Have an entry written that needs nothing but the journal; return the status of the answer."""
    known = list(side.writer.channels.values())
    subjects = known[0].own.view.protocol_subjects("journal") if known else ()
    subject = subjects[0] if subjects else "journal/0193572e-0000-7000-8000-00000000000a"
    year = {"year": 2026, "days_off": [], "make_up_workdays": [], "provisional": False}
    body = {"calendar": "CN", "version": side.writer.last_sequence, **year}
    return side.write(lambda _: [Draft("calendar.published.v1", subject, body)]).status


def scrub_of(side: Side) -> Scrub:
    return Scrub(lambda: checking(side.store), side.clock.monotonic, SigningStop(side.writer).hear)


def round_of(scrub: Scrub, side: Side) -> None:
    """Let a whole round go by."""
    for _ in range(20):
        side.clock.move(60)
        scrub.step()


def turn(side: Side, change: str) -> None:
    """Change a row behind the gateway's back."""
    engine = create_engine(side.url)
    with closing(engine.connect()) as connection:
        assert connection.execute(text(change)).rowcount == 1
        connection.commit()
    engine.dispose()


def turn_in_the_body(side: Side, role: Role, position: int) -> None:
    at = f"role = {0 if role is Role.MAH else 1} AND position = {position}"
    turn(side, f"UPDATE entry SET body = CAST(replace(body, 'salt', 'sald') AS BLOB) WHERE {at}")  # noqa: S608 - own numbers


@pytest.mark.campaign
def test_whatever_turned_while_the_gateway_was_stopped_nothing_is_signed_after_the_start(world: World) -> None:
    side, flipper = world.mah, Flipper(world.mah.url, seed=4)
    tables: list[Table] = [table for table in TABLES if table.name in SCRUBBED]
    refused = 0
    while refused < FLIPS:
        flip = flipper.choose(tables)
        side.store.close()
        try:
            with flipper.turned(flip):
                assert signs_nothing(side), str(flip)
        except NoSuchFlipError:
            continue
        refused += 1
        side.store.close()
    side.open()
    scrub_of(side).begin()
    assert sign_something(side) == 201
    flipper.engine.dispose()


def signs_nothing(side: Side) -> bool:
    """Start, look, and ask for something: tell whether it is refused as it should be."""
    try:
        side.open()
    except Exception as error:  # noqa: BLE001 - a store of which nothing can be read is no store to sign on
        return "store" in str(error) or isinstance(error, EngineError | LookupError | ValueError)
    scrub_of(side).begin()
    size = side.writer.last_sequence
    try:
        sign_something(side)
    except EngineError:
        side.run(ReceiptJob(NUMBER))
        return side.writer.last_sequence == size and DAMAGED in side.alarms.codes
    return False


def test_an_entry_that_a_command_rests_on_is_compared_before_it_is_judged_on(world: World) -> None:
    opened = next(entry for entry in world.cmo.entries(Role.CMO) if entry.type == "deviation.opened.v1")
    turn_in_the_body(world.cmo, Role.CMO, opened.position)

    with pytest.raises(StoreDamagedError) as refused:
        world.cmo.write(lambda _: [], subjects=[opened.subject])
    with pytest.raises(StoreDamagedError):
        world.cmo.open_deviation("D-71")

    assert f"entry {opened.position} of the cmo" in refused.value.detail
    assert DAMAGED in world.cmo.alarms.codes
    world.cmo.heartbeat()
    assert world.cmo.channel.receipt is None


def test_a_page_that_is_asked_for_again_is_compared_before_it_is_sent(world: World) -> None:
    opened = next(entry for entry in world.cmo.entries(Role.CMO) if entry.type == "deviation.opened.v1")
    turn_in_the_body(world.cmo, Role.CMO, opened.position)
    world.cmo.channel.rewind(0)

    with pytest.raises(StoreDamagedError):
        world.cmo.publisher.step()


def test_a_checkpoint_is_compared_before_it_is_sent(world: World) -> None:
    turn(world.cmo, "UPDATE page SET note = CAST(replace(note, '/cmo', '/cmp') AS BLOB) WHERE role = 1 AND first = 0")
    world.cmo.channel.rewind(0)

    with pytest.raises(StoreDamagedError):
        world.cmo.publisher.step()


def test_the_scrub_finds_what_nobody_reads_and_signing_stops_in_this_relationship(world: World) -> None:
    scrub = scrub_of(world.mah)
    round_of(scrub, world.mah)
    assert sign_something(world.mah) == 201
    turn_in_the_body(world.mah, Role.MAH, 0)

    round_of(scrub, world.mah)

    with pytest.raises(StoreDamagedError) as refused:
        sign_something(world.mah)
    assert "/mah 0 body" in refused.value.detail
    assert refused.value.slug == "unavailable"


def test_what_was_mended_may_be_signed_again_after_a_whole_round(world: World) -> None:
    scrub = scrub_of(world.mah)
    turn_in_the_body(world.mah, Role.MAH, 0)
    round_of(scrub, world.mah)
    assert world.mah.writer.damaged == {NUMBER}
    turn(
        world.mah, "UPDATE entry SET body = CAST(replace(body, 'sald', 'salt') AS BLOB) WHERE role = 0 AND position = 0"
    )

    round_of(scrub, world.mah)

    assert world.mah.writer.damaged == frozenset()
    assert DAMAGED not in world.mah.alarms.codes
    assert sign_something(world.mah) == 201


def test_rounds_go_on_while_entries_come_and_call_nobody(tmp_path: Path) -> None:
    world = new_world(tmp_path).pair()
    scrub = scrub_of(world.mah)
    for number in range(6):
        world.cmo.open_deviation(f"D-8{number}")
        world.settle().beat()
        world.clock.move(30)
        scrub.step()
    round_of(scrub, world.mah)

    assert world.mah.writer.damaged == frozenset()


def test_a_tree_that_has_not_the_root_that_was_signed_last_is_not_built_upon(world: World) -> None:
    turn(world.mah, "UPDATE entry SET leaf = zeroblob(32) WHERE role = 0 AND position = 1")
    world.mah.restart()

    with pytest.raises(EngineError):
        sign_something(world.mah)

    assert DAMAGED in world.mah.alarms.codes
