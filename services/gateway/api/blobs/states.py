"""What is said of each file that an entry names: whether it is here, and how far it has come."""

from typing import Any

import orjson

from events.stored.files import attachments_in
from events.stored.journal import StoredEntry
from services.gateway.api.gateway import Gateway


def files_of(gateway: Gateway, relationship: int, body: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Return the files within a body, each with its state; of the moment at which it is asked, not of the journal."""
    return [_state_of(gateway, relationship, each) for each in attachments_in(body)]


def files_of_entry(gateway: Gateway, relationship: int, entry: StoredEntry) -> list[dict[str, Any]]:
    """Return the files that an entry names, each with its state; none of one that could not be read."""
    if entry.id is None or entry.body is None or b'"sha256":' not in entry.body:
        return []
    try:
        return files_of(gateway, relationship, orjson.loads(entry.body))
    except (ValueError, KeyError, TypeError):  # a refused entry's body may hold anything
        return []


def _state_of(gateway: Gateway, relationship: int, named: dict[str, Any]) -> dict[str, Any]:
    progress = gateway.files.progress(relationship, named["sha256"])
    is_held = progress.whole and progress.total == named["size"]
    return {
        "sha256": named["sha256"],
        "name": named["name"],
        "size": named["size"],
        "state": "held" if is_held else "missing",
        "received": min(progress.have, named["size"]),
    }
