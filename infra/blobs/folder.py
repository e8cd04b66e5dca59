"""The folder of files: whole ones under their SHA-256, others beside them until they are whole."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import IO

from events.stored.files import MAX_FILE_BYTES, Progress
from infra.blobs.errors import (
    BlobDiskFullError,
    FileBusyError,
    FileMissingError,
    FileTooLargeError,
    TooManyIntakesError,
    WrongOffsetError,
)
from infra.blobs.intake import PIECE_BYTES, FileIntake
from infra.blobs.places import Place, make_folder, place_of, read_record, room_on, translated

MAX_INTAKES = 16  # at once: each takes a few MiB of memory


class BlobFolder:
    """Files in a folder; fits `services.gateway.ports.blobs.Blobs`."""

    def __init__(self, root: Path) -> None:
        """Take the folder's path; it is made when the first file comes."""
        self._root = root
        self._lock = Lock()
        self._busy: set[Place] = set()

    def holds(self, relationship: int, sha256: str) -> bool:
        """Tell whether a file is here, whole."""
        return self._place(relationship, sha256).whole.is_file()

    def progress(self, relationship: int, sha256: str) -> Progress:
        """Return how far a file has come."""
        place = self._place(relationship, sha256)
        with translated(place.folder):
            size = _size(place.whole)
            return _progress(place) if size is None else Progress(size, size)

    def receive(self, relationship: int, sha256: str, offset: int, total: int | None) -> FileIntake:
        """Begin to take a file in."""
        if total is not None and total > MAX_FILE_BYTES:
            raise FileTooLargeError(f"more than {MAX_FILE_BYTES} bytes")
        place = self._place(relationship, sha256)
        self._take(place)
        try:
            with translated(place.folder):
                make_folder(place.folder)
                _check_offset(place, offset, total)
                _check_room(place, (total or 0) - offset)
            return FileIntake(place, offset, total, lambda: self._give_back(place))
        except BaseException:
            self._give_back(place)
            raise

    def read(self, relationship: int, sha256: str, start: int, length: int) -> Iterator[bytes]:
        """Yield bytes of a whole file."""
        place = self._place(relationship, sha256)
        with translated(place.folder):
            try:
                file = place.whole.open("rb", buffering=0)
            except FileNotFoundError as failure:
                raise FileMissingError(f"{sha256} is not here") from failure
        return _pieces(file, start, length)

    def discard(self, relationship: int, sha256: str) -> None:
        """Forget what came of a file that is not whole, unless more of it is coming now."""
        place = self._place(relationship, sha256)
        self._take(place)
        try:
            with translated(place.folder):
                place.drop_part()
        finally:
            self._give_back(place)

    def _place(self, relationship: int, sha256: str) -> Place:
        return place_of(self._root, relationship, sha256)

    def _take(self, place: Place) -> None:
        with self._lock:
            if place in self._busy:
                raise FileBusyError(f"{place.sha256} is being taken in")
            if len(self._busy) >= MAX_INTAKES:
                raise TooManyIntakesError(f"{MAX_INTAKES} files are being taken in")
            self._busy.add(place)

    def _give_back(self, place: Place) -> None:
        with self._lock:
            self._busy.discard(place)


def _check_offset(place: Place, offset: int, total: int | None) -> None:
    """Let a file go on only where it has come to; at 0 it begins anew."""
    if offset == 0:
        return
    known = _progress(place)
    if offset != known.have:
        raise WrongOffsetError(f"{known.have} bytes have come", known.have)
    if known.total is not None and known.total != total:
        raise WrongOffsetError(f"the file was announced with {known.total} bytes", known.have)


def _check_room(place: Place, wanted: int) -> None:
    if wanted > room_on(place.folder):
        raise BlobDiskFullError(f"no room for {wanted} bytes")


def _progress(place: Place) -> Progress:
    have, total = read_record(place.record)
    return Progress(min(have, _size(place.part) or 0), total)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _pieces(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(PIECE_BYTES, length))):
            yield piece
            length -= len(piece)
