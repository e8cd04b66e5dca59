"""Refusals in number and out of order: the day's bound, what a refusal claims, and revisions that it uses up."""

from typing import Any

from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from services.gateway.exchange.sending.heart import Heart
from tests.services.exchange.liar import codes, deviation_by, entry_by, page_of, put, refused_by, send
from tests.services.exchange.world import NUMBER, Side, World

DAY = 24 * 3600
JOURNAL = "journal/019aa9c4-3c1b-7000-8000-000000000001"


def lies(world: World, count: int, start: int = 0) -> list[bytes]:
    return [deviation_by(world.cmo, number, labels=["batch/B-1"]).line for number in range(start, start + count)]


def send_pages(world: World, *pages: list[bytes]) -> None:
    """Put pages on the wire that follow each other behind the manufacturer's own journal."""
    behind: list[bytes] = []
    for lines in pages:
        start = world.cmo.channel.own.size + len(behind)
        page = page_of(world.cmo, lines, behind=behind)
        raw = page.encode().replace(f"\n{page.first}\n".encode(), f"\n{start}\n".encode(), 1)
        put(world.cmo, raw)
        behind += lines


def beat(side: Side) -> None:
    channels = lambda: side.writer.channels  # noqa: E731 - one expression
    heart = Heart(channels, side.run, side.clock, side.guard, side.alarms, heartbeat_seconds=5, silence_seconds=3 * DAY)
    side.clock.move(5)
    heart.tick()
    side.clock.move(5)
    heart.tick()


def test_refusals_stand_in_pages_of_their_own_256_positions_each_and_have_seen_what_they_judge(world: World) -> None:
    start = world.mah.channel.own.size
    send_pages(world, lies(world, 600))
    world.mah.read()

    said = world.mah.entries(Role.MAH)[start:]
    named = [past.body.refused for past in world.mah.channel.own.view.standing("entry.refused.v1")]
    assert [len(each) for each in named] == [256, 256, 88]
    assert [entry.seen for entry in said] == [602] * 3
    with world.mah.store.reading() as reading:
        pages = reading.pages_from(NUMBER, Role.MAH, start, 10)
    assert [(page.first, page.size) for page in pages] == [(start + n, start + n + 1) for n in range(3)]


def test_the_page_that_goes_beyond_the_bound_is_judged_whole_and_is_the_last(world: World) -> None:
    send_pages(world, lies(world, 900), lies(world, 200, 900), lies(world, 10, 1100))
    world.mah.read()

    assert len(refused_by(world.mah)) == 1100
    assert world.mah.channel.held.size == 2 + 1100


def test_a_restart_does_not_open_the_intake_again_and_people_are_called_anew(world: World) -> None:
    send_pages(world, lies(world, 500), lies(world, 501, 500))
    world.mah.read()
    world.mah.restart()
    world.mah.alarms.heard.clear()
    beat(world.mah)

    assert world.mah.channel.intake_stopped
    assert "intake.stopped" in world.mah.alarms.codes
    assert not world.mah.inbox.step(0)


def test_a_restart_does_not_begin_the_count_of_the_day_anew(world: World) -> None:
    send_pages(world, lies(world, 600))
    world.mah.read()
    world.mah.restart()
    pages = [lies(world, 600), lies(world, 500, 600)]
    send_pages(world, *pages)
    world.mah.read()

    assert len(refused_by(world.mah)) == 1100
    assert world.mah.channel.intake_stopped


def test_on_the_next_day_the_intake_is_open_again(world: World) -> None:
    pages = lies(world, 500), lies(world, 501, 500), lies(world, 10, 1001)
    send_pages(world, *pages)
    world.mah.read()
    assert world.mah.channel.held.size == 2 + 1001
    world.clock.move(DAY)
    beat(world.mah)
    send_pages(world, *pages)
    world.mah.read()

    assert "intake.stopped" not in world.mah.alarms.codes
    assert len(refused_by(world.mah)) == 1011


def refusal_of(world: World, position: int, **head: Any) -> Entry:
    leaf = world.mah.entries(Role.MAH)[position].leaf
    named = [{"position": position, "leaf": encode_base64(leaf), "code": "entry.malformed", "detail": ""}]
    return entry_by(
        world.cmo, "entry.refused.v1", JOURNAL, {"refused": named}, number=50, actor="system/gateway", **head
    )


def test_a_refusal_without_effect_still_shows_what_its_author_had_taken_in(world: World) -> None:
    world.mah.heartbeat()
    world.cmo.open_deviation("D-1")
    world.settle()
    world.clock.move(5)
    world.mah.heartbeat()
    last = world.mah.entries(Role.MAH)[-1].position
    claimed = world.cmo.channel.own.claims.claimed
    assert claimed < last
    malformed = refusal_of(world, last, seen=last + 1, revision=7)
    send(world.cmo, malformed, deviation_by(world.cmo, 1, seen=claimed))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 3) == ["refusal.malformed", "entry.seen_withheld"]


def test_a_revision_that_an_entry_in_the_wrong_place_used_up_is_known_after_a_restart(world: World) -> None:
    subject = "agreement/019aa9c4-3c1b-7000-8000-000000000002"
    first = entry_by(world.cmo, "journal.taken.v1", subject, {"size": 1}, number=1, revision=1)
    second = entry_by(world.cmo, "agreement.activated.v1", subject, {}, number=2, revision=2)
    third = entry_by(world.cmo, "agreement.activated.v1", subject, {}, number=3, revision=3)
    send_pages(world, [first.line, second.line], [third.line])
    world.mah.inbox.step(0)
    live = codes(world.mah, Role.CMO, 2)

    world.mah.restart()
    fourth = entry_by(world.cmo, "agreement.activated.v1", subject, {}, number=4, revision=4)
    send_pages(world, [first.line, second.line], [third.line], [fourth.line])
    world.mah.read()

    assert live == ["entry.wrong_subject"] * 3
    assert codes(world.mah, Role.CMO, 5) == ["entry.wrong_subject"]
