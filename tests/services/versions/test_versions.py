"""Versions of events: what the partner announced too early waits unjudged, and is judged after the upgrade."""

import pytest

from domain.drafts import Draft
from domain.judging import versions
from events.catalogue.registry import RULE_SET
from events.encoding.identifiers import Role
from events.stored.journal import NOT_JUDGED
from services.gateway.exchange import channel
from services.gateway.exchange.errors import RefusedByRuleError, UpgradeRequiredError
from services.gateway.exchange.receiving import judging, reacting
from services.gateway.exchange.sending.heart import Heart
from tests.services.checking.stores import whole
from tests.services.exchange.liar import codes, deviation_by, entry_by, refused_by, send
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import Side, World
from tests.services.versions.newer import LINKED, link, newer_software


@pytest.fixture
def early(world: World) -> World:
    """Both announced the later version; the holder went back to the earlier one, and the manufacturer writes on."""
    with newer_software():
        world.beat()
        world.cmo.open_deviation("D-1")
        world.settle()
        subject = world.cmo.entries(Role.CMO)[-1].subject or ""
        world.cmo.write(lambda _: link(subject, "B-1"), subjects=[subject])
        world.cmo.publish()
    world.mah.restart()
    world.mah.read()
    return world


def waiting(side: Side) -> int:
    return side.channel.held.unjudged


def close_something(side: Side) -> None:
    """Ask for a guarded act; what becomes of its own rules is of no matter here."""
    draft = Draft("deviation.closed.v1", "deviation/0193572e-0000-7000-8000-000000000001", {})
    side.write(lambda _: [draft], actor="person/li.na")


def upgrade(side: Side) -> None:
    side.restart()
    side.heartbeat()


def test_what_was_announced_too_early_is_stored_and_not_judged(early: World) -> None:
    held = early.mah.channel.held

    assert early.agree()
    assert (held.size, held.judged) == (held.size, held.size - 1)
    last = early.mah.entries(Role.CMO)[-1]
    assert (last.code, last.type, last.subject, last.revision) == (NOT_JUDGED, None, None, None)
    assert early.mah.quarantined() == []
    assert refused_by(early.mah) == []


def test_what_comes_later_waits_too_and_receipts_say_what_is_held_and_what_is_judged(early: World) -> None:
    judged = early.mah.channel.held.judged
    with newer_software():
        early.cmo.open_deviation("D-2")
        early.cmo.publish()
    early.mah.read()
    early.mah.heartbeat()
    early.mah.publish()
    with newer_software():
        early.cmo.read()

    assert waiting(early.mah) == 2
    heard = early.cmo.channel.heard
    assert heard is not None
    assert (heard.held, heard.judged) == (judged + 2, judged)


def test_people_are_called_until_it_is_judged(early: World) -> None:
    heart = Heart(
        lambda: early.mah.writer.channels,
        early.mah.run,
        early.clock,
        early.mah.guard,
        early.mah.alarms,
        heartbeat_seconds=5,
        silence_seconds=3600,
    )
    heart.tick()

    (alarm,) = [alarm for alarm in early.mah.alarms.heard if alarm.code == "upgrade.required"]
    assert LINKED in alarm.detail

    with newer_software():
        upgrade(early.mah)
    assert "upgrade.required" not in early.mah.alarms.codes


def test_guarded_acts_ask_for_the_upgrade_and_facts_go_on_without_having_seen_it(early: World) -> None:
    judged = early.mah.channel.held.judged
    with pytest.raises(UpgradeRequiredError) as refused:
        close_something(early.mah)
    early.mah.heartbeat()

    assert refused.value.slug == "upgrade-required"
    assert early.mah.entries(Role.MAH)[-1].seen == judged


def test_many_pages_are_judged_a_bounded_number_at_a_time(early: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MAX_CAUGHT_UP", 2)
    left = []
    with newer_software():
        for number in range(2, 6):
            early.cmo.open_deviation(f"D-{number}")
        early.cmo.publish()
        early.mah.read()
        early.mah.restart()
        while waiting(early.mah):
            left.append(waiting(early.mah))
            early.mah.heartbeat()

    assert left == [5, 3, 1]
    assert [entry.code for entry in early.mah.entries(Role.CMO) if entry.code is not None] == []
    assert refused_by(early.mah) == []


@pytest.mark.parametrize("restarts", [0, 2])
def test_after_the_upgrade_it_is_judged_in_order_as_everybody_judges_it(early: World, restarts: int) -> None:
    for _ in range(restarts):
        early.mah.restart()
        early.mah.heartbeat()
    size = early.mah.channel.held.size
    with newer_software():
        upgrade(early.mah)
        early.settle()
        again = judge_again({role: [each.line for each in early.mah.entries(role)] for role in Role})
        found = whole(early.mah.store)

    kept = early.mah.entries(Role.CMO)
    assert early.mah.channel.held.judged == size
    assert [each.code for each in kept] == [each.past.code for each in again[Role.CMO]] == [None] * len(kept)
    assert kept[-1].type == LINKED
    assert [each.sequence for each in kept] == sorted(each.sequence for each in kept)
    assert found.kept == []
    assert early.agree()


def test_what_of_it_is_refused_is_said_when_it_is_judged(early: World) -> None:
    with newer_software():
        send(early.cmo, deviation_by(early.cmo, 900, labels=["batch/B-1"]))
    early.mah.read()
    assert refused_by(early.mah) == []

    with newer_software():
        upgrade(early.mah)

        place = early.mah.channel.held.size - 1
        assert refused_by(early.mah) == [(place, "entry.wrong_labels")]
        assert early.mah.entries(Role.MAH)[-1].seen == place + 1
        assert whole(early.mah.store).kept == []


def test_a_store_with_something_that_waits_is_found_good(early: World) -> None:
    found = whole(early.mah.store)

    assert found.kept == []
    assert found.looked_at["entry"] == sum(len(early.mah.entries(role)) for role in Role)


def test_what_was_never_announced_is_no_event_to_anybody_whatever_they_know(world: World) -> None:
    with newer_software():
        world.cmo.open_deviation("D-1")
        world.settle()
        subject = world.cmo.entries(Role.CMO)[-1].subject or ""
        with pytest.raises(RefusedByRuleError) as refused:
            world.cmo.write(lambda _: link(subject, "B-1"), subjects=[subject])
        send(world.cmo, entry_by(world.cmo, LINKED, subject, {"batch": "B-1"}, revision=2))
    world.mah.read()
    lines = {role: [each.line for each in world.mah.entries(role)] for role in Role}
    size = world.mah.channel.held.size
    by_the_older = judge_again(lines)
    with newer_software():
        by_the_newer = judge_again(lines)

    assert refused.value.refusal == "entry.unknown_type"
    assert codes(world.mah, Role.CMO, size - 1) == ["entry.unknown_type"]
    assert by_the_older[Role.CMO][-1].past.code == by_the_newer[Role.CMO][-1].past.code == "entry.unknown_type"


def test_what_was_announced_once_stays_announced_and_waits_for_the_upgrade(early: World) -> None:
    early.mah.heartbeat()
    early.mah.publish()
    with newer_software():
        early.cmo.read()
        subject = early.cmo.entries(Role.CMO)[-1].subject or ""
        early.cmo.write(lambda _: link(subject, "B-2"), subjects=[subject])
        early.cmo.publish()
    early.mah.read()

    assert LINKED not in early.mah.channel.own.view.standing("gateway.announced.v1")[-1].body.events
    assert waiting(early.mah) == 2
    with newer_software():
        upgrade(early.mah)
    assert waiting(early.mah) == 0
    assert refused_by(early.mah) == []


def test_software_that_cannot_read_what_was_accepted_decides_nothing_and_stores_on(world: World) -> None:
    with newer_software():
        world.beat()
        world.cmo.open_deviation("D-1")
        world.settle()
        subject = world.cmo.entries(Role.CMO)[-1].subject or ""
        world.cmo.write(lambda _: link(subject, "B-1"), subjects=[subject])
        world.settle().beat()
    world.mah.restart()
    with pytest.raises(UpgradeRequiredError):
        world.mah.open_deviation("D-9")
    with newer_software():
        world.cmo.open_deviation("D-2")
        world.cmo.publish()
    world.mah.read()

    assert waiting(world.mah) == 1
    with newer_software():
        upgrade(world.mah)
        world.settle()
    assert waiting(world.mah) == 0
    assert world.agree()


def test_a_rule_set_that_both_announced_binds_also_who_announces_a_lower_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(reacting, "RULE_SET", RULE_SET + 1)
        for side in world.sides:
            side.heartbeat()
    world.settle()
    for side in world.sides:
        side.heartbeat()
    world.settle().beat().beat()

    with pytest.raises(UpgradeRequiredError):
        world.mah.open_deviation("D-9")
    assert all(waiting(side) for side in world.sides)
    for module in (versions, channel):
        monkeypatch.setattr(module, "RULE_SET", RULE_SET + 1)
    for side in world.sides:
        upgrade(side)
    world.settle().beat()
    assert [waiting(side) for side in world.sides] == [0, 0]
    assert world.agree()
    world.cmo.open_deviation("D-10")
