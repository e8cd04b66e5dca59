"""What is kept of files that events name: how far one has come, and where it is named."""

from dataclasses import dataclass

from events.encoding.identifiers import Role

MAX_FILE_BYTES = 5 * 1024**3  # 5 GiB
UNIT_BYTES = 8 * 1024**2  # 8 MiB: what is durable of a file that is not whole grows by so much


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has come: `have` of `total` bytes are durable; `total` is None where nobody said it yet."""

    have: int
    total: int | None

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.have == self.total


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as an accepted entry of a journal names it: SHA-256 in hexadecimal, size in bytes."""

    role: Role
    sha256: str
    size: int
