"""Which files an entry names: every attachment in its body, wherever it stands there."""

from collections.abc import Iterator

import orjson

from events.stored.files import NamedFile, attachments_in
from events.stored.journal import StoredEntry


def files_named(entry: StoredEntry) -> Iterator[NamedFile]:
    """Yield the files that an entry names; its body fulfils its schema, so these fields have their forms."""
    if entry.body is not None and b'"sha256":' in entry.body:
        for found in attachments_in(orjson.loads(entry.body)):
            yield NamedFile(entry.role, found["sha256"], found["size"])
