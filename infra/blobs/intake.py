"""A file on its way in: written, digested and made durable unit by unit.

What is lost if the process dies: what came since the last unit of 8 MiB, for the record of what is durable is written
after it is. What is lost with the machine's power: besides, units whose record had not reached the disk; never more
than that is believed, and all of it is digested anew before the file goes on.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

from events.stored.files import MAX_FILE_BYTES, UNIT_BYTES
from infra.blobs.digesting import Digesting
from infra.blobs.errors import BlobDiskFullError, FileDiffersError, FileTooLargeError
from infra.blobs.places import Place, record_line, room_on, translated
from infra.keys.private_files import sync_folder

PIECE_BYTES = 256 * 1024


class FileIntake:
    """Takes one file in; fits `services.gateway.ports.blobs.Intake`."""

    def __init__(self, place: Place, offset: int, total: int | None, on_end: Callable[[], None]) -> None:
        self.have = offset
        self._place, self._total, self._on_end = place, total, on_end
        self._durable = offset
        self._digest = Digesting()
        self._syncing: Future[None] | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._ended = False
        with translated(place.folder), ExitStack() as undoing:
            self._part = place.open_part(anew=offset == 0)
            undoing.callback(os.close, self._part)
            self._record = place.open_record()
            undoing.callback(os.close, self._record)
            self._go_on_at(offset)
            undoing.pop_all()

    def write(self, piece: bytes) -> None:
        """Take in the next bytes."""
        most = MAX_FILE_BYTES if self._total is None else self._total
        if self.have + len(piece) > most:
            self._throw_away()
            raise FileTooLargeError(f"more than {most} bytes")
        with translated(self._place.folder):
            _write_all(self._part, piece)
            self.have += len(piece)
            unit = self.have - self.have % UNIT_BYTES
            if unit > self._durable:
                self._sync_up_to(unit)
        self._digest.add(piece)

    def finish(self) -> None:
        """Compare all bytes with the file's name; then give it its place, durably."""
        found = self._digest.hexdigest()
        if found != self._place.sha256 or self._total not in (None, self.have):
            said = f"{self.have} bytes of SHA-256 {found}"
            self._throw_away()
            raise FileDiffersError(f"{said} came, not {self._place.sha256}")
        with translated(self._place.folder):
            self._await_sync()
            os.fsync(self._part)
            self._place.part.rename(self._place.whole)
            self._place.record.unlink(missing_ok=True)
            sync_folder(self._place.folder)
        self._end()

    def close(self) -> None:
        """Let go, and keep what came for the next time unless the file is whole or was thrown away."""
        if self._ended:
            return
        try:
            with translated(self._place.folder):
                self._await_sync()
                self._make_durable(self.have)
        finally:
            self._end()

    def _go_on_at(self, offset: int) -> None:
        """Drop what is behind what is durable, digest that, and say where it goes on."""
        os.ftruncate(self._part, offset)
        while os.lseek(self._part, 0, os.SEEK_CUR) < offset:
            piece = os.read(self._part, PIECE_BYTES)
            if not piece:
                raise OSError(f"{self._place.part} is shorter than its record")
            self._digest.add(piece)
        self._note(offset)

    def _sync_up_to(self, unit: int) -> None:
        """Make whole units durable while more comes, never more than one behind, and leave room on the disk."""
        if room_on(self._place.folder) < 0:
            raise BlobDiskFullError("no room for more")
        self._await_sync()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "blob-sync")
        self._durable = unit
        self._syncing = self._thread.submit(self._make_durable, unit)

    def _await_sync(self) -> None:
        syncing, self._syncing = self._syncing, None
        if syncing is not None:
            syncing.result()

    def _make_durable(self, size: int) -> None:
        os.fdatasync(self._part)
        self._note(size)

    def _note(self, size: int) -> None:
        os.pwrite(self._record, record_line(size, self._total), 0)

    def _throw_away(self) -> None:
        self._place.drop_part()
        self._end()

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        self._digest.close()
        if self._thread is not None:
            self._thread.shutdown(wait=True)
        os.close(self._part)
        os.close(self._record)
        self._on_end()


def _write_all(file: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(file, view) :]
