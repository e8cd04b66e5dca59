"""The mark never falls, survives a torn write, and a note whose mark is not durable may not leave."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.keys.errors import MarkError
from infra.keys.mark import Marked, MarkFile


def reopened(path: Path) -> Marked:
    with MarkFile(path) as mark:
        return mark.marked


def test_a_new_mark_is_nothing_and_moves_on(tmp_path: Path) -> None:
    with MarkFile(tmp_path / "mark") as mark:
        assert mark.marked == Marked(0, 0)
        mark.advance(3, 1)
        mark.advance(7, 4)

    assert reopened(tmp_path / "mark") == Marked(7, 4)


@given(moves=st.lists(st.tuples(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1)), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_a_mark_is_the_largest_of_each_whatever_came_in_between(
    moves: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("mark") / "mark"
    with MarkFile(path) as mark:
        for own_size, judged in moves:
            mark.advance(own_size, judged)

    own, judged_sizes = zip(*[(0, 0), *moves], strict=True)
    assert reopened(path) == Marked(max(own), max(judged_sizes))


@pytest.mark.parametrize("torn", [0, 4096])
def test_a_torn_write_leaves_the_mark_before_it_or_the_one_it_wrote(torn: int, tmp_path: Path) -> None:
    path = tmp_path / "mark"
    with MarkFile(path) as mark:
        mark.advance(3, 1)
        mark.advance(7, 4)
    raw = bytearray(path.read_bytes())
    raw[torn + 10] ^= 1
    path.write_bytes(raw)

    assert reopened(path) in (Marked(3, 1), Marked(7, 4))


def test_a_mark_that_is_damaged_through_and_through_is_told(tmp_path: Path) -> None:
    (tmp_path / "mark").write_bytes(b"nonsense")

    with pytest.raises(MarkError, match="try: call the people"):
        MarkFile(tmp_path / "mark")


def test_a_mark_that_cannot_be_moved_says_so_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int, _content: bytes, _offset: int) -> int:
        raise OSError(28, "No space left on device")

    with MarkFile(tmp_path / "mark") as mark:
        mark.advance(3, 1)
        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(MarkError, match="No space left"):
            mark.advance(7, 4)
        assert mark.marked == Marked(3, 1)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MarkError, match="try: "):
        MarkFile(tmp_path / "none" / "mark")
