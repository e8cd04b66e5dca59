"""What a body names: entries as evidence (`{journal, position, leaf}`) and files (`{sha256, name, size}`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events.encoding.identifiers import Role

_REFERENCE = {"journal", "position", "leaf"}
_FILE = {"sha256", "name", "size"}
_MARKS = (b'"leaf":', b'"sha256":')
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
    for found in _objects(value):
        if found.keys() == _REFERENCE:
            role, position, leaf = _JOURNALS.get(str(found["journal"])), found["position"], found["leaf"]
            if role is not None and type(position) is int and position >= 0 and type(leaf) is str:
                yield Named(role, position, leaf)


def files_named(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield each `{sha256, name, size}` within a body, in its order."""
    for found in _objects(value):
        if found.keys() == _FILE:
            yield found


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
