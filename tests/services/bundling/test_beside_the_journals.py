"""Attachments and what was refused whole: what of them goes into a bundle, and what is said of the rest."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from events.bundle.layout import DESCRIPTION, QUARANTINE_INDEX, attachment_file
from events.catalogue.bodies import Attachment
from events.encoding.canonical import decode
from events.encoding.identifiers import Role
from events.journal.checkpoint import Checkpoint
from events.journal.page import make_page
from infra.blobs.folder import BlobFolder
from tests.events.golden.cast import RELATIONSHIP
from tests.services.bundling.stage import Files, bundle_of, checked, files_of, forged, lines_edited, place_of
from tests.services.exchange.liar import deviation_by, entry_by, page_of, put, send
from tests.services.exchange.world import NUMBER, World, keys_of, new_world

REPORT = "偏差报告 D-1".encode() * 1000
DIGEST = sha256(REPORT).hexdigest()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = new_world(tmp_path).pair()
    world.cmo.open_deviation("D-1", attachments=[Attachment(sha256=DIGEST, name="报告.pdf", size=len(REPORT))])
    world.settle().beat()
    yield world
    for side in world.sides:
        side.store.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    folder = tmp_path / "blobs"
    intake = BlobFolder(folder).receive(NUMBER, DIGEST, 0, len(REPORT))
    intake.write(REPORT)
    intake.finish()
    intake.close()
    return folder


def said(raw: bytes) -> dict[str, Any]:
    return decode(files_of(raw)[DESCRIPTION])


def listed(raw: bytes) -> list[dict[str, Any]]:
    return [decode(line) for line in files_of(raw).get(QUARANTINE_INDEX, b"").splitlines()]


def test_a_file_that_is_here_goes_in_under_its_name(world: World, blobs: Path) -> None:
    raw = bundle_of(world.mah, blobs)

    assert files_of(raw)[attachment_file(DIGEST)] == REPORT
    assert (said(raw)["attachments"], said(raw)["missing_files"]) == (1, [])
    assert checked(raw).faults == []


def test_a_file_that_never_came_is_said_to_be_missing(world: World, tmp_path: Path) -> None:
    raw = bundle_of(world.mah, tmp_path)

    assert said(raw)["missing_files"] == [{"sha256": DIGEST, "reason": "not_received"}]
    assert checked(raw).faults == []


def test_files_may_be_withheld_and_are_said_to_be(world: World, blobs: Path) -> None:
    raw = bundle_of(world.mah, blobs, attachments=False)

    assert said(raw)["missing_files"] == [{"sha256": DIGEST, "reason": "withheld"}]
    assert checked(raw).missing_files == 1


def test_files_of_entries_out_of_scope_are_not_named(world: World, blobs: Path) -> None:
    raw = bundle_of(world.mah, blobs, kinds=["change"])

    assert (said(raw)["attachments"], said(raw)["missing_files"]) == (0, [])
    assert DIGEST.encode() not in raw


def test_a_file_left_out_in_silence_is_missed_at_the_entry_that_names_it(world: World, blobs: Path) -> None:
    def drop(files: Files) -> None:
        del files[attachment_file(DIGEST)]

    report = checked(forged(bundle_of(world.cmo, blobs), drop))

    assert place_of(report)[0] == "attachment.missing"


def test_a_page_that_was_refused_is_shown_whole_where_everything_is_in_scope(world: World) -> None:
    put(world.cmo, b"no page")
    world.mah.read()

    raw, narrow = bundle_of(world.mah), bundle_of(world.mah, kinds=["change"])

    assert [(each["code"], each["shown"]) for each in listed(raw)] == [("page.malformed", True)]
    assert [(each["code"], each["shown"]) for each in listed(narrow)] == [("page.malformed", False)]
    assert b"no page" in raw
    assert b"no page" not in narrow
    assert [checked(each).quarantined for each in (raw, narrow)] == [1, 1]


def test_of_two_histories_both_checkpoints_are_shown_in_every_scope(world: World) -> None:
    last = world.cmo.entries(Role.CMO)[-1]
    other = deviation_by(world.cmo, 77)
    checkpoint = Checkpoint(RELATIONSHIP.origin(Role.CMO), last.position + 1, bytes(32))
    put(world.cmo, make_page(checkpoint, [other.line], keys_of(RELATIONSHIP, Role.CMO).journal_signer).encode())
    world.mah.read()

    report = checked(bundle_of(world.mah, kinds=["change"]))

    assert world.mah.quarantined() == ["page.history_conflict"]
    assert report.faults == []
    assert report.histories_in_conflict == 1


MALFORMED = b'{"no":"head"}\t{"salt":"%032x"}' % 7
HASH_LIKE = b"#" + b"A" * 43 + b"=\t{}"


@pytest.mark.parametrize("line", [MALFORMED, HASH_LIKE, b"\t{}", b"\xff\xfe", b'{"bodyhash":1}\t{}\t{}'])
def test_an_entry_that_no_reader_takes_stands_as_far_as_it_is_proved(world: World, line: bytes) -> None:
    put(world.cmo, page_of(world.cmo, [line, deviation_by(world.cmo, 900).line]).encode())
    world.mah.read()
    world.mah.heartbeat()

    report = checked(bundle_of(world.mah))

    assert world.mah.entries(Role.CMO)[-2].code == "entry.malformed"
    assert report.faults == []
    assert report.journals[Role.CMO].withheld + report.journals[Role.CMO].hidden == 1


def test_a_body_that_is_not_the_heads_excuses_what_the_partner_refused_and_nothing_else(world: World) -> None:
    good = deviation_by(world.cmo, 901)
    put(world.cmo, page_of(world.cmo, [good.head_bytes + b"\t" + b'{"salt":"%032x"}' % 7]).encode())
    world.mah.read()
    world.mah.heartbeat()
    refused = world.mah.entries(Role.CMO)[-1]

    report = checked(bundle_of(world.mah))

    assert refused.code == "entry.malformed"
    assert report.faults == []
    assert report.journals[Role.CMO].excused == 1
    raw = bundle_of(world.mah)
    shown = lines_edited(Role.CMO, lambda lines: lines.__setitem__(refused.position, refused.line))
    assert place_of(checked(forged(raw, shown, Role.MAH)))[0] == "journal.other_body"


def test_a_malformed_refusal_is_excused_by_nobody(world: World) -> None:
    journal = next(iter(world.cmo.channel.own.view.protocol_subjects("journal")), f"journal/{_UUID}")
    body = {"refused": [{"position": 1, "leaf": "A" * 43 + "=", "code": "entry.malformed", "detail": ""}]}
    refusal = entry_by(world.cmo, "entry.refused.v1", journal, body, number=950)
    send(world.cmo, refusal)
    world.mah.read()
    position = world.mah.entries(Role.CMO)[-1].position
    raw = bundle_of(world.mah)

    hidden = lines_edited(Role.CMO, lambda lines: lines.__setitem__(position, refusal.head_bytes))

    assert checked(raw).faults == []
    assert place_of(checked(forged(raw, hidden, Role.MAH)))[::2] == ("scope.body_missing", position)


_UUID = "01936f3e-0000-7000-8000-000000000001"
