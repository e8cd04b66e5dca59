"""Files that events name, kept by their SHA-256 and by nothing that a user chose.

Trust: what is whole here was compared with its name once. Each relationship has its own files: that one holds a file
tells nothing to another, though both may name it. `relationship` is the number of a `StoredRelationship` throughout,
`sha256` 64 hexadecimal digits in small letters.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from events.encoding.identifiers import Role
from events.stored.files import NamedFile, Progress
from events.stored.relationship import WireCursor


class Intake(Protocol):
    """A file on its way in; for one thread at a time, and for one caller: nobody else may take it in meanwhile."""

    @property
    def have(self) -> int:
        """Bytes taken in, durable or not yet."""

    def write(self, piece: bytes) -> None:
        """Take in the next bytes; every 8 MiB become durable as they come.

        Raises:
            FileTooLargeError: more than was announced; nothing of the file is kept.
            BlobDiskFullError, BlobsUnavailableError: the system refused; what was durable is kept.
        """

    def finish(self) -> None:
        """Compare all bytes with the file's name; from then on it is whole, durably.

        Raises:
            FileDiffersError: they are other bytes, or fewer than announced; nothing of them is kept.
        """

    def close(self) -> None:
        """Let go; unless the file is whole or was thrown away, all that came is made durable for the next time."""


class Blobs(Protocol):
    """Where files are."""

    def holds(self, relationship: int, sha256: str) -> bool:
        """Tell whether a file is here, whole."""

    def progress(self, relationship: int, sha256: str) -> Progress:
        """Return how far a file has come; of a file that nobody ever began, 0 bytes of an unknown total."""

    def receive(self, relationship: int, sha256: str, offset: int, total: int | None) -> Intake:
        """Begin to take a file in at an offset: 0, which forgets what came before, or as far as it has come.

        Raises:
            FileBusyError: it is being taken in already, or too many others are.
            WrongOffsetError: it has not come so far, or has another total.
            FileTooLargeError: it announces more than 5 GiB.
            BlobDiskFullError: there is no room for the rest of it.
        """

    def read(self, relationship: int, sha256: str, start: int, length: int) -> Iterator[bytes]:
        """Yield bytes of a whole file, in pieces of 256 KiB at most.

        Raises:
            FileMissingError: it is not here.
        """

    def discard(self, relationship: int, sha256: str) -> None:
        """Forget what came of a file that is not whole."""


class FileNames(Protocol):
    """Which files the accepted entries of both journals name, and how far the partner's file topic was read.

    It is made from the store alone and can be made again: losing it loses nothing.
    """

    def place(self) -> tuple[int, bytes]:
        """Return the local sequence of the last entry looked at, and its leaf; (0, b"") before the first."""

    def note(self, after: tuple[int, bytes], found: Sequence[tuple[int, NamedFile]]) -> None:
        """Keep what entries name, (relationship, file), and the place of the last of them, at once."""

    def forget(self) -> None:
        """Begin anew: the store is another than the one that was looked at."""

    def sizes(self, relationship: int, role: Role, sha256: str) -> Collection[int]:
        """Return the sizes that a journal gives for a file; none where it does not name it."""

    def names_any(self, relationship: int, role: Role) -> bool:
        """Tell whether a journal names any file."""

    def missing(self, relationship: int, role: Role, limit: int) -> Sequence[NamedFile]:
        """Return files that a journal names and that were not seen whole here, the first named first."""

    def count_missing(self, relationship: int, role: Role) -> int:
        """Count them."""

    def held(self, relationship: int) -> Iterator[str]:
        """Yield the files that were seen whole here."""

    def mark(self, relationship: int, sha256: str, *, held: bool) -> None:
        """Note that a file was seen whole here, or that it is gone."""

    def cursor(self, relationship: int) -> WireCursor | None:
        """Return how far the partner's file topic was read."""

    def save_cursor(self, relationship: int, cursor: WireCursor) -> None:
        """Keep how far the partner's file topic was read."""

    def close(self) -> None:
        """Let go."""
