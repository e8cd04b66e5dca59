"""Which files the journals name, read behind the store's commits."""

from hashlib import sha256
from typing import Any

import pytest

from events.catalogue.bodies import Attachment
from events.encoding.identifiers import Role
from infra.blobs.folder import BlobFolder
from infra.blobs.names import NamesFile
from services.gateway.attachments.files import Files, Missing
from tests.services.exchange.world import NUMBER, Side, World, new_world


def attachment(content: bytes, name: str = "报告.pdf") -> Attachment:
    return Attachment(sha256=sha256(content).hexdigest(), name=name, size=len(content))


def files_of(side: Side, folder: Any) -> Files:
    place = folder / f"{side.role.value}.blobs"
    return Files(side.store, BlobFolder(place), NamesFile(place))


def take_in(files: Files, content: bytes) -> None:
    intake = files.blobs.receive(NUMBER, sha256(content).hexdigest(), 0, len(content))
    intake.write(content)
    intake.finish()


@pytest.fixture
def world(tmp_path: Any) -> World:
    return new_world(tmp_path).pair()


def test_a_file_is_named_once_its_entry_is_committed(world: World, tmp_path: Any) -> None:
    files = files_of(world.cmo, tmp_path)
    one = attachment(b"one")

    assert not files.is_named(NUMBER, one.sha256)
    world.cmo.open_deviation("D1", attachments=[one])

    assert files.is_named(NUMBER, one.sha256)
    assert not files.is_named(NUMBER + 1, one.sha256)
    assert files.missing(NUMBER, Role.CMO) == Missing(of_partner=0, own=1)


def test_a_file_that_came_is_missed_no_more(world: World, tmp_path: Any) -> None:
    files = files_of(world.mah, tmp_path)
    world.cmo.open_deviation("D1", attachments=[attachment(b"one"), attachment(b"two")])
    world.settle()
    assert files.missing(NUMBER, Role.MAH) == Missing(of_partner=2, own=0)

    take_in(files, b"one")
    files.note_held(NUMBER, attachment(b"one").sha256)

    assert files.missing(NUMBER, Role.MAH) == Missing(of_partner=1, own=0)
    assert files.missing_among(NUMBER, [(each.sha256, each.size) for each in map(attachment, (b"one", b"two"))]) == [
        attachment(b"two").sha256
    ]


def test_a_file_that_was_here_before_its_entry_is_not_missed(world: World, tmp_path: Any) -> None:
    files = files_of(world.cmo, tmp_path)
    take_in(files, b"one")

    world.cmo.open_deviation("D1", attachments=[attachment(b"one")])

    assert files.missing(NUMBER, Role.CMO) == Missing(of_partner=0, own=0)


def test_a_file_of_another_size_is_not_held(world: World, tmp_path: Any) -> None:
    files = files_of(world.cmo, tmp_path)
    take_in(files, b"one")

    assert files.holds(NUMBER, attachment(b"one").sha256)
    assert not files.holds(NUMBER, attachment(b"one").sha256, 4)


def test_what_somebody_took_away_is_missed_after_a_restart(world: World, tmp_path: Any) -> None:
    files = files_of(world.cmo, tmp_path)
    take_in(files, b"one")
    world.cmo.open_deviation("D1", attachments=[attachment(b"one")])
    files.catch_up()
    (tmp_path / "cmo.blobs" / str(NUMBER) / attachment(b"one").sha256).unlink()

    later = files_of(world.cmo, tmp_path)

    assert later.missing(NUMBER, Role.CMO) == Missing(of_partner=0, own=1)


def test_names_of_another_store_are_forgotten(world: World, tmp_path: Any) -> None:
    files = files_of(world.cmo, tmp_path)
    world.cmo.open_deviation("D1", attachments=[attachment(b"one")])
    files.catch_up()
    (tmp_path / "second").mkdir()
    second = new_world(tmp_path / "second").pair()

    other = Files(second.cmo.store, files.blobs, files.names)

    assert not other.is_named(NUMBER, attachment(b"one").sha256)
