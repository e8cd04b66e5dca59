"""What a partner may try. Each lie gets its code or alarm, nothing of it has an effect, and the rest goes on."""

from dataclasses import replace
from typing import Any

import pytest

from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import (
    codes,
    damaged,
    deviation_by,
    entry_by,
    page_of,
    put,
    receipt_by,
    refused_by,
    send,
)
from tests.services.exchange.world import World, keys_of


def honest_event_arrives(world: World) -> bool:
    """The rest goes on: a page of the manufacturer's own gateway is taken in behind whatever was refused."""
    size = world.mah.channel.held.size
    send(world.cmo, deviation_by(world.cmo, 900))
    world.mah.read()
    return world.mah.channel.held.size == size + 1


# Pages


def test_a_page_with_one_flipped_bit_goes_to_quarantine(world: World) -> None:
    page = page_of(world.cmo, [deviation_by(world.cmo, 1).line])
    raw = bytearray(page.encode())
    raw[150] ^= 1
    put(world.cmo, bytes(raw))
    world.mah.read()

    assert world.mah.quarantined() == ["page.root_mismatch"]
    assert world.mah.channel.held.size == 2
    assert honest_event_arrives(world)


def test_a_page_signed_by_another_key_goes_to_quarantine(world: World) -> None:
    page = page_of(world.cmo, [deviation_by(world.cmo, 1).line])
    other = keys_of(RELATIONSHIP, Role.MAH).journal_signer.sign(page.signed_note.text)
    forged = page.note.replace(
        encode_base64(page.signed_note.signatures[0].key_id + page.signed_note.signatures[0].signature).encode(),
        encode_base64(page.signed_note.signatures[0].key_id + other.signature).encode(),
    )
    put(world.cmo, damaged(page, note=forged))
    world.mah.read()

    assert world.mah.quarantined() == ["page.signature_invalid"]
    assert honest_event_arrives(world)


def test_a_page_of_another_journal_goes_to_quarantine(world: World) -> None:
    put(world.cmo, page_of(world.mah, [deviation_by(world.cmo, 1).line]).encode())
    world.mah.read()

    assert world.mah.quarantined() == ["page.wrong_journal"]
    assert honest_event_arrives(world)


@pytest.mark.parametrize("value", [b"", b"\0" * 100, b"counterfoil/page/v1\n", b"x" * 600_000], ids=len)
def test_bytes_that_are_no_page_go_to_quarantine(world: World, value: bytes) -> None:
    put(world.cmo, value)
    world.mah.read()

    assert world.mah.quarantined() == ["page.too_large" if len(value) > 524_288 else "page.malformed"]
    assert honest_event_arrives(world)


def test_a_record_of_no_known_kind_goes_to_quarantine(world: World) -> None:
    put(world.cmo, b"anything", kind="")
    world.mah.read()

    assert world.mah.quarantined() == ["page.malformed"]


def test_a_page_that_straddles_the_end_is_asked_for_again(world: World) -> None:
    lines = [entry.line for entry in world.cmo.entries(Role.CMO)[1:]]
    put(world.cmo, page_of(world.cmo, [*lines, deviation_by(world.cmo, 1).line], first=1).encode())
    world.mah.read()

    assert world.mah.quarantined() == ["page.overlap"]
    assert world.mah.channel.gap.wanted == 2


def test_two_histories_under_one_key_are_kept_as_proof_and_end_the_receipts_also_after_a_restart(world: World) -> None:
    other = page_of(world.cmo, [deviation_by(world.cmo, 2).line])
    world.cmo.open_deviation("D-1")
    world.settle()
    put(world.cmo, other.encode())
    world.mah.read()

    assert world.mah.quarantined() == ["page.history_conflict"]
    assert "history.conflict" in world.mah.alarms.codes
    world.mah.restart()
    world.mah.heartbeat()
    assert world.mah.channel.conflict
    assert world.mah.channel.receipt is None


def test_a_repeat_that_was_signed_again_is_no_second_history(world: World) -> None:
    entry = deviation_by(world.cmo, 1)
    send(world.cmo, entry)
    world.mah.read()
    put(world.cmo, page_of(world.cmo, [entry.line], first=2).encode())
    world.mah.read()

    assert world.mah.quarantined() == []
    assert not world.mah.channel.conflict


def test_receipts_and_requests_that_nobody_signed_go_to_quarantine(world: World) -> None:
    put(world.cmo, b"nonsense", kind="receipt")
    put(world.cmo, b"nonsense", kind="resend")
    world.mah.read()

    assert world.mah.quarantined() == ["receipt.malformed", "resend.malformed"]
    assert honest_event_arrives(world)


# Entries


def verdict(world: World, *entries: Entry) -> str | None:
    send(world.cmo, *entries)
    world.mah.read()
    found = codes(world.mah, Role.CMO, 2)
    assert refused_by(world.mah) == [(2 + place, code) for place, code in enumerate(found) if code is not None]
    return found[-1]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"source": f"urn:uscc:{RELATIONSHIP.mah}"}, "entry.wrong_author"),
        ({"relationship": f"{RELATIONSHIP.cmo}/{RELATIONSHIP.mah}"}, "entry.malformed"),
        ({"revision": 2}, "entry.wrong_revision"),
        ({"time": "2026-11-22T09:30:43.000000Z"}, "entry.time_fell"),
        ({"seen": 0}, "entry.seen_withheld"),
        ({"labels": ["batch/B-1"]}, "entry.wrong_labels"),
        ({"subject": "change/019aa9c4-3c1b-7000-8000-000000000000"}, "entry.wrong_subject"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_an_entry_whose_head_lies_is_refused_in_the_own_journal(world: World, head: dict[str, Any], code: str) -> None:
    assert verdict(world, deviation_by(world.cmo, 1, **head)) == code


def test_an_entry_of_no_known_type_is_refused(world: World) -> None:
    entry = entry_by(world.cmo, "deviation.exploded.v1", "deviation/019aa9c4-3c1b-7000-8000-000000000000", {})
    assert verdict(world, entry) == "entry.unknown_type"


def test_an_entry_whose_body_is_not_what_its_type_says_is_refused(world: World) -> None:
    subject = "deviation/019aa9c4-3c1b-7000-8000-000000000000"
    assert verdict(world, entry_by(world.cmo, "deviation.opened.v1", subject, {"number": 7})) == "entry.schema_invalid"


def test_an_id_that_was_used_before_is_refused(world: World) -> None:
    first = deviation_by(world.cmo, 1)
    second = deviation_by(world.cmo, 2, id=first.head.id)
    assert verdict(world, first, second) == "entry.duplicate_id"


def test_a_body_that_was_exchanged_is_refused(world: World) -> None:
    first, second = deviation_by(world.cmo, 1), deviation_by(world.cmo, 2)
    exchanged = replace(first, body_bytes=second.body_bytes)
    assert verdict(world, exchanged) == "entry.malformed"


def test_an_act_without_a_right_is_refused(world: World) -> None:
    opened = deviation_by(world.cmo, 1)
    ref = {"journal": "cmo", "position": 2, "leaf": encode_base64(opened.leaf)}
    signature = {"statement": "s", "meaning": "approved", "reason": "r", "person": "nobody", "at": "2026-11-22"}
    body = {"investigation": ref, "approval": None, "signature": signature}
    closed = entry_by(
        world.cmo, "deviation.closed.v1", opened.head.subject, body, number=2, revision=2, actor="person/nobody"
    )
    assert verdict(world, opened, closed) in ("entry.not_permitted", "entry.wrong_reference")


def test_a_refused_entry_stays_has_no_effect_and_the_next_one_is_judged_without_it(world: World) -> None:
    refused = deviation_by(world.cmo, 1, labels=["batch/B-1"])
    again = deviation_by(world.cmo, 2)
    send(world.cmo, refused, again)
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == ["entry.wrong_labels", None]
    assert refused_by(world.mah) == [(2, "entry.wrong_labels")]
    assert "entry.refused" in world.mah.alarms.codes


def test_seen_beyond_what_exists_waits_for_the_next_receipt_and_is_refused_then(world: World) -> None:
    size = world.mah.channel.own.size
    page = page_of(world.cmo, [deviation_by(world.cmo, 1, seen=size + 3).line])
    put(world.cmo, page.encode())
    world.mah.read()
    assert world.mah.channel.held.size == 2

    world.mah.restart()
    put(world.cmo, receipt_by(world.cmo, page), kind="receipt")
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == ["entry.seen_impossible"]
    assert refused_by(world.mah) == [(2, "entry.seen_impossible")]
    assert world.mah.channel.waiting == {}


# Refusals


def refusal(world: World, position: int, leaf: bytes, number: int = 50, **head: Any) -> Entry:
    named = [{"position": position, "leaf": encode_base64(leaf), "code": "entry.malformed", "detail": ""}]
    subjects = world.cmo.channel.own.view.protocol_subjects("journal")
    subject = subjects[0] if subjects else "journal/019aa9c4-3c1b-7000-8000-000000000001"
    return entry_by(
        world.cmo, "entry.refused.v1", subject, {"refused": named}, number=number, actor="system/gateway", **head
    )


def test_a_refusal_without_reason_is_disputed_at_once_by_its_victim(world: World) -> None:
    world.mah.heartbeat()
    world.cmo.open_deviation("D-1")
    world.settle().beat()
    taken = world.mah.entries(Role.MAH)[-1]
    seen = taken.position + 1
    send(world.cmo, refusal(world, taken.position, taken.leaf, seen=seen))
    # the manufacturer's own gateway had claimed less before: nothing it wrote covers `taken`
    world.mah.read()

    assert codes(world.mah, Role.CMO, 3) == [None]
    disputed = world.mah.channel.own.view.standing("refusal.disputed.v1")
    assert [past.body.entry.position for past in disputed] == [taken.position]
    assert "entry.disputed" in world.mah.alarms.codes


@pytest.mark.parametrize(
    "lie", ["another leaf", "beyond what it has seen", "judged before"], ids=lambda text: text.replace(" ", "_")
)
def test_a_refusal_that_cannot_be_right_is_an_alarm_without_effect(world: World, lie: str) -> None:
    leaf = bytes(32) if lie == "another leaf" else world.mah.entries(Role.MAH)[0].leaf
    position = {"another leaf": 1, "beyond what it has seen": 40, "judged before": 0}[lie]
    send(world.cmo, refusal(world, position, leaf))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == ["refusal.malformed"]
    assert refused_by(world.mah) == []
    assert "refusal.malformed" in world.mah.alarms.codes
    assert world.mah.channel.own.view.standing("refusal.disputed.v1") == ()


def test_beyond_a_thousand_refusals_a_day_intake_stops_and_people_are_called(world: World) -> None:
    lines = [deviation_by(world.cmo, number, labels=["batch/B-1"]).line for number in range(1001)]
    put(world.cmo, page_of(world.cmo, lines[:500]).encode())
    put(world.cmo, damaged(page_of(world.cmo, lines[500:], behind=lines[:500]), first=502))
    world.mah.read()

    assert len(refused_by(world.mah)) == 1001
    assert "intake.stopped" in world.mah.alarms.codes
    assert not world.mah.inbox.step(0)
