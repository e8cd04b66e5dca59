"""What a body names: entries as evidence (`{journal, position, leaf}`) and files (`{sha256, name, size}`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events.encoding.identifiers import Role
from events.stored.files import attachments_in, objects_in

_REFERENCE = {"journal", "position", "leaf"}
_MARKS = (b'"leaf":', b'"sha256":')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_JOURNALS = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Named:
    """An entry that a body names as evidence; the leaf in base64, as it is written there."""

    role: Role
    position: int
    leaf: str


def may_name(body: bytes) -> bool:
    """Tell, without reading it, whether a body may name an entry or a file."""
    return any(mark in body for mark in _MARKS)


def entries_named(value: Any) -> Iterator[Named]:  # noqa: ANN401 - any JSON
    """Yield the entries of the first generation's two journals that a body names."""
    for found in objects_in(value):
        if found.keys() == _REFERENCE:
            role, position, leaf = _JOURNALS.get(str(found["journal"])), found["position"], found["leaf"]
            if role is not None and type(position) is int and position >= 0 and type(leaf) is str:
                yield Named(role, position, leaf)


def files_named(value: Any) -> Iterator[bytes]:  # noqa: ANN401 - any JSON
    """Yield the SHA-256, as 32 bytes, of each `{sha256, name, size}` within a body, in its order."""
    for found in attachments_in(value):
        digest = read_digest(found["sha256"])
        if digest is not None:
            yield digest


def read_digest(text: object) -> bytes | None:
    """Return a SHA-256 that is written in lower-case hexadecimal as its 32 bytes; None if it is none."""
    return bytes.fromhex(text) if type(text) is str and _DIGEST.fullmatch(text) is not None else None
