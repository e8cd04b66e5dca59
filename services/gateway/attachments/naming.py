"""Which files an entry names: every attachment in its body, wherever it stands there."""

from collections.abc import Iterator
from typing import Any

import orjson

from events.stored.files import NamedFile
from events.stored.journal import StoredEntry

_FIELDS = {"sha256", "name", "size"}


def files_named(entry: StoredEntry) -> Iterator[NamedFile]:
    """Yield the files that an entry names; its body fulfils its schema, so these fields have their forms."""
    if entry.body is not None and b'"sha256":' in entry.body:
        for found in attachments_in(orjson.loads(entry.body)):
            yield NamedFile(entry.role, found["sha256"], found["size"])


def attachments_in(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield each `{sha256, name, size}` within a body, in its order."""
    if isinstance(value, list):
        for each in value:
            yield from attachments_in(each)
    elif isinstance(value, dict):
        if value.keys() == _FIELDS:
            yield value
        else:
            for each in value.values():
                yield from attachments_in(each)
