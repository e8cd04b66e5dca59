"""What the inspector judges out of a bundle: the same verdicts as both gateways, as far as the context is shown."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from events.bundle.checking.whole import BundleCheck
from events.bundle.layout import DESCRIPTION, checkpoints_file, entries_file, receipts_file
from events.bundle.records import CheckpointRecord, format_record
from events.bundle.report import Report, Verdict
from events.encoding.canonical import decode, encode
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.inspector.judging import BundleJudging
from tests.services.bundling.stage import Edit, Files, bundle, bundle_of, files_of, forged, place_of, told
from tests.services.exchange.liar import deviation_by, entry_by, page_of, put, receipt_by, send
from tests.services.exchange.world import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = new_world(tmp_path).pair()
    world.cmo.open_deviation("D-1")
    world.settle().beat()
    yield world
    for side in world.sides:
        side.store.close()


def judged(raw: bytes) -> Report:
    check = BundleCheck(BytesIO(raw))
    assert check.run().faults == []
    BundleJudging(check).run()
    return check.report


@pytest.mark.parametrize("maker", list(Role))
def test_every_verdict_of_the_story_is_found_again(maker: Role) -> None:
    report = judged(bundle(maker))

    assert report.faults == []
    assert report.is_judged
    for role in Role:
        entries, found = told().cmo.entries(role), report.journals[role]
        assert (found.judged, found.not_judged) == (len(entries), 0)
        assert found.refused == sum(entry.code is not None for entry in entries)
        assert found.violations == sum(entry.violates for entry in entries)


def test_a_refusal_against_the_verdict_is_counted_as_a_dispute() -> None:
    assert judged(bundle()).journals[Role.CMO].disputed == 1


def test_nothing_is_judged_behind_what_is_withheld() -> None:
    report = judged(bundle(kinds=("change",)))

    assert report.faults == []
    assert report.verdict is Verdict.CONSISTENT
    for role in Role:
        found = report.journals[role]
        assert found.judged + found.not_judged == found.entries
        assert found.not_judged > 0


def test_an_entry_that_claims_the_impossible_is_refused_by_every_reader(world: World) -> None:
    beyond = deviation_by(world.cmo, 910, seen=world.mah.channel.own.size + 3)
    page = page_of(world.cmo, [beyond.line])
    put(world.cmo, page.encode())
    world.mah.read()
    put(world.cmo, receipt_by(world.cmo, page), kind="receipt")
    world.mah.read()
    world.mah.heartbeat()

    report = judged(bundle_of(world.mah))

    assert world.mah.entries(Role.CMO)[-1].code == "entry.seen_impossible"
    assert report.faults == []
    assert report.journals[Role.CMO].refused == 1
    assert report.journals[Role.CMO].not_judged == 0


def test_tags_of_other_labels_stay_refused_without_the_secret(world: World) -> None:
    send(world.cmo, deviation_by(world.cmo, 911, labels=["batch/B-1"]))
    world.mah.read()
    world.mah.heartbeat()

    report = judged(bundle_of(world.mah))

    assert world.mah.entries(Role.CMO)[-1].code == "entry.wrong_labels"
    assert report.faults == []
    assert report.journals[Role.CMO].refused == 1


def test_malformed_entries_are_judged_by_what_is_proved_of_them(world: World) -> None:
    lines = [b'{"no":"head"}\t{}', deviation_by(world.cmo, 912).head_bytes + b"\t{}", deviation_by(world.cmo, 913).line]
    put(world.cmo, page_of(world.cmo, lines).encode())
    world.mah.read()
    world.mah.heartbeat()

    report = judged(bundle_of(world.mah))

    codes = [entry.code for entry in world.mah.entries(Role.CMO)[-3:]]
    assert codes == ["entry.malformed", "entry.malformed", None]
    assert report.faults == []
    assert (report.journals[Role.CMO].refused, report.journals[Role.CMO].not_judged) == (2, 0)


def test_what_the_rules_refuse_and_the_partner_took_is_a_fault(world: World) -> None:
    """A holder that takes in silence what every reader refuses: its journal shows that it had seen it."""
    before = files_of(bundle_of(world.mah))
    send(world.cmo, deviation_by(world.cmo, 914, time="2020-01-01T00:00:00.000000Z"))
    world.mah.read()
    refused, refusal = world.mah.entries(Role.CMO)[-1], world.mah.entries(Role.MAH)[-1]

    report = judged(forged(bundle_of(world.mah), _took_in_silence(world, before, refusal), Role.MAH))

    assert (refused.code, refusal.type) == ("entry.time_fell", "entry.refused.v1")
    assert report.verdict is Verdict.FAILED
    assert place_of(report) == ("entry.not_refused", entries_file(Role.CMO), refused.position)


def _took_in_silence(world: World, before: Files, refusal: StoredEntry) -> Edit:
    """The edit by which the holder wrote that it took all in, where it refused; all older is as it was."""
    place: dict[str, Any] = {"revision": refusal.revision, "seen": world.mah.channel.held.size, "time": refusal.time}
    body = {"size": world.mah.channel.held.size}
    taken = entry_by(world.mah, "journal.taken.v1", str(refusal.subject), body, number=920, **place)
    note = page_of(world.mah, [taken.line], first=refusal.position).note
    checkpoint = format_record(CheckpointRecord(size=refusal.position + 1, note=note.decode()))

    def edit(files: Files) -> None:
        files[entries_file(Role.MAH)] = before[entries_file(Role.MAH)] + taken.line + b"\n"
        files[checkpoints_file(Role.MAH)] = before[checkpoints_file(Role.MAH)] + checkpoint
        said = decode(files[DESCRIPTION])
        for role in Role:
            files[receipts_file(role)] = before[receipts_file(role)]
            kept = decode(before[DESCRIPTION])["journals"][role.value]
            said["journals"][role.value] |= {name: kept[name] for name in ("receipts", "complete_to")}
        files[DESCRIPTION] = encode(said)

    return edit
