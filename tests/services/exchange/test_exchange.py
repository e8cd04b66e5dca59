"""The way of an event from one gateway to the other, and back what the partner says of it."""

from dataclasses import replace

import pytest

from domain.drafts import Draft
from events.encoding.identifiers import Role
from events.journal.checkpoint import parse_checkpoint
from events.journal.receipt import parse_receipt, verify_receipt
from events.notes.note import parse_note
from services.gateway.exchange.errors import (
    ClockJumpedError,
    KeyReusedError,
    NotPairedYetError,
    OutboxFullError,
    RefusedByRuleError,
)
from services.gateway.exchange.jobs import Situation
from services.gateway.exchange.writing.admission import Limits
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import World, deviation, keys_of


def types(world: World, role: Role) -> list[str | None]:
    return [entry.type for entry in world.mah.entries(role)]


def test_each_side_begins_its_journal_with_entry_0_and_announces_what_it_can_judge(world: World) -> None:
    assert world.agree()
    for role in Role:
        assert types(world, role) == ["relationship.opened.v1", "gateway.announced.v1"]
        assert [entry.seen for entry in world.mah.entries(role)] == [0, 1]


def test_an_event_of_the_manufacturer_arrives_at_the_holder_byte_for_byte(world: World) -> None:
    world.cmo.open_deviation("DEV-2026-0001")
    world.settle()

    sent, held = world.cmo.entries(Role.CMO)[-1], world.mah.entries(Role.CMO)[-1]
    assert (held.line, held.code, held.violates) == (sent.line, None, False)


def test_the_holder_answers_with_a_receipt_that_the_author_can_verify(world: World) -> None:
    world.cmo.open_deviation("DEV-2026-0001")
    world.settle()

    heard = world.cmo.channel.heard
    assert heard is not None
    assert (heard.held, heard.judged) == (3, 3)
    mah, cmo = keys_of(RELATIONSHIP, Role.MAH).party_keys, keys_of(RELATIONSHIP, Role.CMO).party_keys
    lengths = f"{len(heard.checkpoint_note)} {len(heard.statement_note)}\n".encode()
    raw = lengths + heard.checkpoint_note + heard.statement_note
    receipt = parse_receipt(raw, RELATIONSHIP.origin(Role.MAH), RELATIONSHIP.origin(Role.CMO))
    assert verify_receipt(receipt, mah.journal, mah.mirror, cmo.journal) is not None


def test_a_receipt_follows_the_pages_up_to_the_size_it_states(world: World) -> None:
    world.cmo.open_deviation("DEV-2026-0001")
    world.settle()

    for role in Role:
        size = 0
        for record in world.wire.topics[RELATIONSHIP.topic(role)]:
            if record.kind == "page":
                note = record.value.partition(b"\n\n")[2]
                size = parse_checkpoint(parse_note(note)).size
            elif record.kind == "receipt":
                receipt = parse_receipt(record.value, RELATIONSHIP.origin(role), RELATIONSHIP.origin(role.other))
                assert receipt.size <= size


def test_a_receiver_with_nothing_else_to_write_says_what_it_has_taken_in(world: World) -> None:
    world.cmo.open_deviation("DEV-2026-0001")
    world.settle().beat()

    taken = world.cmo.entries(Role.MAH)[-1]
    assert (taken.type, taken.seen) == ("journal.taken.v1", 3)


def test_two_receivers_do_not_answer_each_others_taken_for_ever(world: World) -> None:
    world.cmo.open_deviation("DEV-2026-0001")
    for _ in range(5):
        world.settle().beat()

    assert types(world, Role.MAH).count("journal.taken.v1") == 1
    assert types(world, Role.CMO).count("journal.taken.v1") == 0


def test_nothing_is_written_before_both_confirmed_the_pairing(strangers: World) -> None:
    cmo, mah = strangers.cmo, strangers.mah
    invitations = mah.invite(), cmo.invite()
    fingerprint = cmo.accept(invitations[0])
    mah.accept(invitations[1])
    cmo.confirm(fingerprint)
    strangers.settle()

    with pytest.raises(NotPairedYetError):
        cmo.open_deviation("DEV-2026-0001")
    assert mah.entries(Role.CMO) == []


def test_a_side_that_confirms_later_takes_in_what_waited_for_it(strangers: World) -> None:
    mah, cmo = strangers.mah.invite(), strangers.cmo.invite()
    fingerprint = strangers.mah.accept(cmo)
    strangers.cmo.accept(mah)
    strangers.cmo.confirm(fingerprint)
    strangers.settle()
    strangers.mah.confirm(fingerprint)
    strangers.settle()

    assert strangers.agree()
    assert strangers.cmo.channel.is_paired


def test_the_same_key_gives_the_same_answer_and_one_event(world: World) -> None:
    first = world.cmo.write(lambda situation: deviation("D-1", situation), key="k-1", digest=b"request")
    again = world.cmo.write(lambda situation: deviation("D-2", situation), key="k-1", digest=b"request")

    assert (again.body, again.status, again.replayed) == (first.body, first.status, True)
    assert len(world.cmo.entries(Role.CMO)) == 3


def test_a_key_is_not_used_for_two_requests(world: World) -> None:
    world.cmo.write(lambda situation: deviation("D-1", situation), key="k-1", digest=b"one")

    with pytest.raises(KeyReusedError):
        world.cmo.write(lambda situation: deviation("D-2", situation), key="k-1", digest=b"two")


def test_a_dry_run_judges_and_leaves_nothing(world: World) -> None:
    answer = world.cmo.write(lambda situation: deviation("D-1", situation), dry_run=True, key=None)
    real = world.cmo.open_deviation("D-1")

    assert (answer.status, answer.body) == (200, real.body)
    assert len(world.cmo.entries(Role.CMO)) == 3


def test_a_dry_run_leaves_no_claim_behind(world: World) -> None:
    before = world.cmo.channel.own.claims
    world.clock.move(10)
    world.cmo.write(lambda situation: deviation("D-1", situation), dry_run=True)

    assert world.cmo.channel.own.claims == before


def test_a_command_that_fails_in_its_second_entry_leaves_nothing_of_the_first(world: World) -> None:
    def half_right(situation: Situation) -> list[Draft]:
        body = {"class": "major", "rationale": "A级区"}
        nowhere = Draft("deviation.classified.v1", "deviation/00000000-0000-7000-8000-000000000000", body)
        return [*deviation("D-1", situation), nowhere]

    with pytest.raises(RefusedByRuleError) as refused:
        world.cmo.write(half_right)
    assert refused.value.refusal == "entry.wrong_subject"
    world.cmo.open_deviation("D-2")
    world.settle()

    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) == 3


def test_a_full_outbox_refuses_commands_before_anything_is_accepted(world: World) -> None:
    world.cmo.limits = Limits(outbox=2)
    world.cmo.restart()
    world.wire.is_down = True
    world.cmo.open_deviation("D-1")
    world.cmo.open_deviation("D-2")

    with pytest.raises(OutboxFullError):
        world.cmo.open_deviation("D-3")

    world.wire.is_down = False
    world.settle()
    world.cmo.open_deviation("D-3")


def test_a_wall_clock_that_jumped_signs_nothing_until_it_agrees_again(world: World) -> None:
    world.clock.jump(31)
    with pytest.raises(ClockJumpedError):
        world.cmo.open_deviation("D-1")
    assert "clock.jumped" in world.cmo.alarms.codes

    world.clock.jump(-31)
    world.cmo.open_deviation("D-1")
    assert "clock.jumped" not in world.cmo.alarms.codes


def test_recorded_times_never_fall_when_the_clock_is_set_back_a_little(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.clock.jump(-20)
    world.cmo.open_deviation("D-2")
    world.settle()

    times = [entry.time for entry in world.mah.entries(Role.CMO)]
    assert times == sorted(times, key=str)
    assert all(entry.code is None for entry in world.mah.entries(Role.CMO))


def test_a_gateway_goes_on_after_a_restart_where_it_was(world: World) -> None:
    for number in range(5):
        world.cmo.open_deviation(f"D-{number}")
        world.cmo.restart()
        world.mah.restart()
        world.settle()

    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) == 7


def test_own_pages_are_kept_as_stored_events_of_the_library(world: World) -> None:
    world.cmo.open_deviation("D-1")
    journal = world.cmo.channel.journal
    last = world.cmo.entries(Role.CMO)[-1]

    notification = journal.notification_log.select(3, 1)[0]
    assert (notification.id, notification.topic, notification.state) == (3, "deviation.opened.v1", last.line)
    events = list(journal.events.get(last.subject or ""))
    assert [event.originator_version for event in events] == [1]
    assert replace(last) == events[0].stored  # type: ignore[attr-defined]  # a RecordedEvent
