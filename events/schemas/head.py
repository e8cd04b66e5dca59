"""JSON Schema 2020-12 for a head: the CloudEvents attributes of formats.md 2, each in its one form."""

from typing import Any

from events.encoding.attributes import SPEC_VERSION
from events.encoding.canonical import MAX_INTEGER
from events.schemas.bodies import DIALECT, schema_id

HEAD = "head.v1"

_USCC = "[0-9A-HJ-NP-RTUWXY]{18}"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUID7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
_OPTIONAL = frozenset({"cause", "labels"})


def _text(pattern: str, description: str, **more: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$", "description": description, **more}


def _count(least: int, description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": MAX_INTEGER, "description": description}


_ATTRIBUTES: dict[str, dict[str, Any]] = {
    "specversion": {"const": SPEC_VERSION, "description": "The version of CloudEvents"},
    "id": _text(_UUID7, "UUIDv7, unique within the entry's context"),
    "source": _text(f"urn:uscc:{_USCC}", "The author, by its unified social credit code with a right check character"),
    "type": _text(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]{0,5}", "Event type of the closed catalogue"),
    "subject": _text(f"[a-z][a-z0-9_]*/{_UUID}", "The aggregate"),
    "revision": _count(1, "This event's number within its subject, without gaps"),
    "relationship": _text(f"{_USCC}/{_USCC}", "Holder and manufacturer, two firms"),
    "seen": _count(0, "Size of the prefix of the partner's journal on which this was decided"),
    "actor": _text(r"(?:person|system)/[^\s/\x00-\x1f\x7f]{1,128}", "Who acted, from the author's directory"),
    "time": _text(_MOMENT, "Recorded: the author's clock, UTC", format="date-time"),
    "bodyhash": _text("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", "Base64 of the SHA-256 of the body"),
    "cause": {"type": "string", "minLength": 1, "description": "The event or import row that led to this one"},
    "labels": _text("[0-9a-f]{32}(?: [0-9a-f]{32})*", "Tags, ascending, each once, one space between"),
}


def head_schema() -> dict[str, Any]:
    """Return the JSON Schema of a head.

    Check characters, the order of labels and the size of 8 KiB are beyond a schema; the descriptions say so.
    """
    return {
        "$schema": DIALECT,
        "$id": schema_id(HEAD),
        "title": HEAD,
        "description": "Head of an entry: CloudEvents attributes and the hash of the body; at most 8 KiB",
        "type": "object",
        "properties": {name: dict(attribute) for name, attribute in _ATTRIBUTES.items()},
        "required": sorted(_ATTRIBUTES.keys() - _OPTIONAL),
        "additionalProperties": False,
    }
