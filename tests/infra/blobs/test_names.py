"""Which files the journals name: kept in order, counted, marked, and made anew where the file is no use."""

from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from events.stored.files import NamedFile
from events.stored.relationship import WireCursor
from infra.blobs.names import FILE, NamesFile
from services.gateway.ports.blobs import FileNames

A, B, C = (letter * 64 for letter in "abc")


@pytest.fixture
def names(tmp_path: Path) -> FileNames:
    names: FileNames = NamesFile(tmp_path / "blobs")
    names.note((7, b"leaf"), [(1, NamedFile(Role.CMO, B, 5)), (1, NamedFile(Role.CMO, A, 9)), (2, named(C))])
    return names


def named(sha256: str) -> NamedFile:
    return NamedFile(Role.MAH, sha256, 1)


def test_what_was_noted_is_there_after_a_restart(names: FileNames, tmp_path: Path) -> None:
    names.close()

    later: FileNames = NamesFile(tmp_path / "blobs")

    assert later.place() == (7, b"leaf")
    assert [each.sha256 for each in later.missing(1, Role.CMO, 10)] == [B, A]
    assert later.sizes(1, Role.CMO, A) == [9]


def test_each_journal_of_each_relationship_names_its_own(names: FileNames) -> None:
    assert names.sizes(1, Role.MAH, A) == []
    assert names.sizes(2, Role.CMO, C) == []
    assert names.count_missing(1, Role.MAH) == 0
    assert names.missing(2, Role.MAH, 10) == [named(C)]


def test_what_is_held_is_not_missing_until_it_is_gone(names: FileNames) -> None:
    names.mark(1, B, held=True)

    assert (names.count_missing(1, Role.CMO), list(names.held(1))) == (1, [B])
    names.mark(1, B, held=False)
    assert (names.count_missing(1, Role.CMO), list(names.held(1))) == (2, [])


def test_what_is_named_twice_is_kept_once(names: FileNames) -> None:
    names.mark(1, B, held=True)

    names.note((8, b"next"), [(1, NamedFile(Role.CMO, B, 5)), (1, NamedFile(Role.CMO, B, 6))])

    assert sorted(names.sizes(1, Role.CMO, B)) == [5, 6]
    assert list(names.held(1)) == [B]


def test_where_the_topic_was_read_is_kept(names: FileNames) -> None:
    names.save_cursor(1, WireCursor("id", 3))
    names.save_cursor(1, WireCursor("id", 4))

    assert (names.cursor(1), names.cursor(2)) == (WireCursor("id", 4), None)


def test_another_store_begins_anew(names: FileNames) -> None:
    names.forget()

    assert (names.place(), names.count_missing(1, Role.CMO)) == ((0, b""), 0)


def test_a_file_that_is_no_database_is_made_anew(names: FileNames, tmp_path: Path) -> None:
    names.close()
    (tmp_path / "blobs" / FILE).write_bytes(b"no database at all" * 100)

    later: FileNames = NamesFile(tmp_path / "blobs")

    assert later.place() == (0, b"")
