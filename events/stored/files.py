"""What is kept of files that events name: how far one has come, and where it is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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


_FIELDS = {"sha256", "name", "size"}


def attachments_in(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield each `{sha256, name, size}` within a body, in its order."""
    return (found for found in objects_in(value) if found.keys() == _FIELDS)


def objects_in(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield every object within a value, itself included, each before those within it."""
    if isinstance(value, list):
        for each in value:
            yield from objects_in(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects_in(each)
