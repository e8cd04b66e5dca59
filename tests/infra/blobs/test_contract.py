"""The contract of the files' folder: whole or nothing, resumed where it was durable, named by SHA-256 alone."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from hashlib import sha256
from pathlib import Path

import pytest

from events.stored.files import MAX_FILE_BYTES, UNIT_BYTES, Progress
from infra.blobs.errors import (
    BlobDiskFullError,
    FileBusyError,
    FileDiffersError,
    FileMissingError,
    FileTooLargeError,
    TooManyIntakesError,
    WrongOffsetError,
)
from infra.blobs.folder import MAX_INTAKES, BlobFolder
from services.gateway.ports.blobs import Blobs

ONE, OTHER = 1, 2
LARGE = os.urandom(2 * UNIT_BYTES + 12_345)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(root: Path) -> Blobs:
    return BlobFolder(root)


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def pieces(content: bytes, size: int = 65_536) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def keep(blobs: Blobs, content: bytes, start: int = 0, relationship: int = ONE) -> None:
    with closing(blobs.receive(relationship, name_of(content), start, len(content))) as intake:
        for piece in pieces(content[start:]):
            intake.write(piece)
        intake.finish()


def read(blobs: Blobs, content: bytes, relationship: int = ONE) -> bytes:
    return b"".join(blobs.read(relationship, name_of(content), 0, len(content)))


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 100_000, LARGE], ids=["0 B", "1 B", "100 kB", "units"])
def test_what_was_taken_in_is_handed_out(blobs: Blobs, content: bytes) -> None:
    keep(blobs, content)

    assert blobs.holds(ONE, name_of(content))
    assert blobs.progress(ONE, name_of(content)) == Progress(len(content), len(content))
    assert read(blobs, content) == content


def test_a_part_of_a_file_is_read_from_where_it_is_asked(blobs: Blobs) -> None:
    keep(blobs, LARGE)

    assert b"".join(blobs.read(ONE, name_of(LARGE), 1_000, 700_000)) == LARGE[1_000:701_000]


def test_a_file_that_nobody_began_has_come_nowhere(blobs: Blobs) -> None:
    assert not blobs.holds(ONE, name_of(b"x"))
    assert blobs.progress(ONE, name_of(b"x")) == Progress(0, None)
    with pytest.raises(FileMissingError):
        blobs.read(ONE, name_of(b"x"), 0, 1)


def test_what_one_relationship_holds_no_other_does(blobs: Blobs) -> None:
    keep(blobs, b"x")

    assert not blobs.holds(OTHER, name_of(b"x"))
    assert blobs.progress(OTHER, name_of(b"x")) == Progress(0, None)


@pytest.mark.parametrize("cut", [1, 70_000, UNIT_BYTES - 1, UNIT_BYTES, UNIT_BYTES + 1, len(LARGE) - 1])
def test_a_file_let_go_anywhere_goes_on_there(blobs: Blobs, root: Path, cut: int) -> None:
    with closing(blobs.receive(ONE, name_of(LARGE), 0, len(LARGE))) as intake:
        for piece in pieces(LARGE[:cut]):
            intake.write(piece)

    later: Blobs = BlobFolder(root)

    assert later.progress(ONE, name_of(LARGE)) == Progress(cut, len(LARGE))
    assert not later.holds(ONE, name_of(LARGE))
    keep(later, LARGE, cut)
    assert read(later, LARGE) == LARGE


@pytest.mark.parametrize("cut", [70_000, UNIT_BYTES, UNIT_BYTES + 70_000, len(LARGE) - 1])
def test_a_file_whose_process_died_goes_on_at_a_unit(root: Path, cut: int) -> None:
    child = os.fork()
    if child == 0:  # nothing is closed in it, nothing told
        intake = BlobFolder(root).receive(ONE, name_of(LARGE), 0, len(LARGE))
        for piece in pieces(LARGE[:cut]):
            intake.write(piece)
        os._exit(0)
    os.waitpid(child, 0)

    blobs: Blobs = BlobFolder(root)
    have = blobs.progress(ONE, name_of(LARGE)).have

    assert have <= cut
    assert cut - have < 2 * UNIT_BYTES
    keep(blobs, LARGE, have)
    assert read(blobs, LARGE) == LARGE


@pytest.mark.parametrize("wrong", [b"other bytes", b"shor", b""], ids=["other", "shorter", "none"])
def test_of_a_file_that_is_another_nothing_is_kept(blobs: Blobs, root: Path, wrong: bytes) -> None:
    with closing(blobs.receive(ONE, name_of(b"these bytes"), 0, 11)) as intake:
        intake.write(wrong)
        with pytest.raises(FileDiffersError):
            intake.finish()

    assert blobs.progress(ONE, name_of(b"these bytes")) == Progress(0, None)
    assert list((root / str(ONE)).iterdir()) == []


def test_of_a_file_that_is_longer_than_announced_nothing_is_kept(blobs: Blobs, root: Path) -> None:
    with closing(blobs.receive(ONE, name_of(b"12345"), 0, 4)) as intake, pytest.raises(FileTooLargeError):
        intake.write(b"12345")

    assert list((root / str(ONE)).iterdir()) == []


def test_more_than_the_most_is_refused_before_it_comes(blobs: Blobs) -> None:
    with pytest.raises(FileTooLargeError):
        blobs.receive(ONE, name_of(b"x"), 0, MAX_FILE_BYTES + 1)


def test_more_than_the_disk_has_is_refused_before_it_comes(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.blobs.folder.room_on", lambda _folder: 1_000)

    with pytest.raises(BlobDiskFullError):
        blobs.receive(ONE, name_of(b"x"), 0, 1_001)


def test_a_disk_that_fills_meanwhile_is_said_and_loses_nothing(blobs: Blobs) -> None:
    with closing(blobs.receive(ONE, name_of(LARGE), 0, len(LARGE))) as intake:
        intake.write(LARGE[:70_000])
        limit = _limit_files(80_000)
        try:
            with pytest.raises(BlobDiskFullError):
                intake.write(LARGE[70_000:140_000])
        finally:
            _limit_files(limit)

    have = blobs.progress(ONE, name_of(LARGE)).have
    assert 70_000 <= have <= 80_000
    keep(blobs, LARGE, have)
    assert read(blobs, LARGE) == LARGE


def test_a_file_of_unknown_length_leaves_room_on_the_disk(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(blobs.receive(ONE, name_of(LARGE), 0, None)) as intake:
        monkeypatch.setattr("infra.blobs.intake.room_on", lambda _folder: -1)
        intake.write(LARGE[: UNIT_BYTES - 1])
        with pytest.raises(BlobDiskFullError):
            intake.write(LARGE[UNIT_BYTES - 1 : UNIT_BYTES])

    assert blobs.progress(ONE, name_of(LARGE)).have == UNIT_BYTES


def test_only_so_many_files_are_taken_in_at_once(blobs: Blobs) -> None:
    with ExitStack() as closing_all:
        for number in range(MAX_INTAKES):
            content = b"%d" % number
            closing_all.enter_context(closing(blobs.receive(ONE, name_of(content), 0, len(content))))
        with pytest.raises(TooManyIntakesError):
            blobs.receive(ONE, name_of(b"one more"), 0, 8)

    keep(blobs, b"one more")


def test_a_file_goes_on_only_where_it_has_come_to(blobs: Blobs) -> None:
    name = name_of(LARGE)
    with closing(blobs.receive(ONE, name, 0, len(LARGE))) as intake:
        intake.write(LARGE[:1_000])

    for offset, total in ((999, len(LARGE)), (1_001, len(LARGE)), (1_000, len(LARGE) + 1)):
        with pytest.raises(WrongOffsetError) as refused:
            blobs.receive(ONE, name, offset, total)
        assert refused.value.have == 1_000


def test_a_file_begun_anew_forgets_what_came(blobs: Blobs) -> None:
    with closing(blobs.receive(ONE, name_of(b"right"), 0, 5)) as intake:
        intake.write(b"wro")

    keep(blobs, b"right")

    assert read(blobs, b"right") == b"right"


def test_two_do_not_take_in_one_file_at_once(blobs: Blobs) -> None:
    with closing(blobs.receive(ONE, name_of(b"x"), 0, 1)), pytest.raises(FileBusyError):
        blobs.receive(ONE, name_of(b"x"), 0, 1)

    keep(blobs, b"x")
    keep(blobs, b"x", relationship=OTHER)


def test_what_was_discarded_begins_anew(blobs: Blobs) -> None:
    with closing(blobs.receive(ONE, name_of(LARGE), 0, len(LARGE))) as intake:
        intake.write(LARGE[:1_000])

    blobs.discard(ONE, name_of(LARGE))

    assert blobs.progress(ONE, name_of(LARGE)) == Progress(0, None)


@pytest.mark.parametrize("name", ["../../x", "", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "a" * 60 + "/../"])
def test_a_file_is_named_by_a_sha256_alone(blobs: Blobs, name: str) -> None:
    for ask in (blobs.holds, blobs.progress, blobs.discard):
        with pytest.raises(ValueError, match="64 hexadecimal digits"):
            ask(ONE, name)
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        blobs.receive(ONE, name, 0, 1)
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        blobs.read(ONE, name, 0, 1)


def test_nobody_else_may_read_the_files(blobs: Blobs, root: Path) -> None:
    keep(blobs, b"x")

    assert (root / str(ONE)).stat().st_mode & 0o077 == 0
    assert (root / str(ONE) / name_of(b"x")).stat().st_mode & 0o077 == 0


def _limit_files(size: int) -> int:
    import resource  # noqa: PLC0415 - for this test alone
    import signal  # noqa: PLC0415 - as above

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    return soft
