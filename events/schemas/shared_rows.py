"""JSON Schema 2020-12 for shared rows: what receipts' conclusions are summed over (formats.md 4).

The schema is the published form of a row. What values follow from which entries, the rules say (formats.md 6 and the
citations of each rule); a reader that folds so gets the same rows, the same hashes and the same sum.
"""

from typing import Any

from events.encoding.canonical import MAX_INTEGER
from events.schemas.bodies import DIALECT, schema_id

SHARED_ROW = "shared_row.v1"

_DESCRIPTION = """A fact that both parties show alike once they hold the same entries: the row of an item, the row of \
a clock of an item, or since when a journal counts as received. Each row is canonical JSON (formats.md 2). The \
conclusions of a receipt are the base64 of 32 bytes, the most significant first: the sum, modulo 2^256, of the \
SHA-256 of every shared row that stands when exactly the entries below the receipt's `my size` and `judged` are \
folded. A clock that is there no more has no row."""

_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$"
_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_LEAF = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
_CLOCK = "^[a-z][a-z0-9_]*(?:/[0-9]+)?$"
_WORD = "^[a-z][a-z_]*$"
_USCC = "[0-9A-HJ-NP-RTUWXY]{18}"

_ROLES = ("mah", "cmo")
_CLASSES = ("major", "moderate", "minor")
STATES = (
    "opened",
    "classified",
    "investigated",
    "approval_pending",
    "closure_approved",
    "closure_rejected",
    "closed",
)
MATTER_CATEGORIES = (
    "risks",
    "suspensions",
    "regulatory_inspections",
    "changes",
    "oos_oot",
    "capas",
    "process_versions",
    "standard_versions",
    "obligations",
    "capability_profiles",
    "lots",
    "batches",
)
CLOCK_STATES = ("running", "met", "late", "void")
KNOWN = ("stated", "stated_date", "recorded", "received")
UNITS = ("hours", "calendar_days", "working_days")

Schema = dict[str, Any]


def shared_row_schema() -> Schema:
    """Return the schema of a shared row of any of the three kinds."""
    return {
        "$schema": DIALECT,
        "$id": schema_id(SHARED_ROW),
        "title": SHARED_ROW,
        "description": _DESCRIPTION,
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in ("item", "clock", "received")],
        "$defs": {
            "reference": _object({"journal": _one_of(_ROLES), "position": _count(0), "leaf": _text(_LEAF)}),
            "deviation_row": _object(_item()),
            "matter_row": _object(_item() | _of_a_matter(), "A matter of the quality core."),
            "item_row": {"oneOf": [{"$ref": "#/$defs/deviation_row"}, {"$ref": "#/$defs/matter_row"}]},
            "clock_row": _object(_clock()),
            "item": _object({"item": _text(_UUID), "row": {"$ref": "#/$defs/item_row"}}, "An item."),
            "clock": _object(
                {"item": _text(_UUID), "clock": _text(_CLOCK), "row": {"$ref": "#/$defs/clock_row"}},
                "A clock of an item, by its name.",
            ),
            "received": _object(
                {"journal": _one_of(_ROLES), "seen": _count(1), "time": _text(_MOMENT)},
                "From `time` on, the reader of `journal` has taken it in below `seen`: one row for each step.",
            ),
        },
    }


def _item() -> Schema:
    return {
        **_identity(),
        **_stated(),
        "opened_at": _text(_MOMENT),
        "changed_at": _text(_MOMENT),
        "due_at": _or_null(_text(_MOMENT)),
        "historical": {"type": "boolean", "description": "Detected before there was a communication list."},
        "acknowledged": _or_null(_act()),
        "closed": _or_null(_act()),
        "open_questions": _count(0),
        "investigation": _or_null(_reference()),
        **{mark: {"type": "boolean"} for mark in ("violates", "disputed", "overtaken", "verified")},
        "opened_by": _reference(),
        "last": {
            "type": "object",
            "description": "The position of each party's last entry about the item.",
            "properties": {role: _count(0) for role in _ROLES},
            "minProperties": 1,
            "additionalProperties": False,
        },
    }


def _identity() -> Schema:
    return {
        "item": _text(_UUID),
        "relationship": _text(f"^{_USCC}/{_USCC}$"),
        "owner": _one_of(_ROLES),
        "category": {"const": "deviations"},
        "state": _one_of(STATES),
        "class": _or_null(_one_of(_CLASSES)),
    }


def _of_a_matter() -> Schema:
    """Return what differs in the rows of matters other than deviations: each has its own states and classes."""
    product = _object({"code": _or_null({"type": "string"}), "name": {"type": "string"}})
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "category": _one_of(MATTER_CATEGORIES),
        "state": _text(_WORD),
        "class": _or_null(_text(_WORD)),
        "investigation": {"type": "null"},
        "scope": _object(
            {
                "products": {"type": "array", "items": product},
                "batches": {"type": "array", "items": _object({"number": {"type": "string"}})},
                "lines": texts,
                "sites": texts,
            },
            "What it is about; of a kind that is empty none is meant in particular.",
        ),
    }


def _stated() -> Schema:
    """Return what the owner stated, as corrected."""
    texts = ("external_number", "description", "occurred_at", "line", "site")
    return {
        **{name: {"type": "string"} for name in ("number", "source", "title", "detected_at")},
        **{name: _or_null({"type": "string"}) for name in texts},
        "product": _or_null(_object({"code": _or_null({"type": "string"}), "name": {"type": "string"}})),
        "batches": {"type": "array", "items": _object({"number": {"type": "string"}})},
    }


def _clock() -> Schema:
    limit = {
        "name": _text("^[a-z][a-z0-9_]*$"),
        "class": _or_null(_one_of(_CLASSES)),
        "value": _count(1),
        "unit": _one_of(UNITS),
        "calendar": _or_null(_reference()),
    }
    return {
        "name": _text(_CLOCK),
        "limit": _or_null(_object(limit, "Of the list; null: the party promised the day itself.")),
        "party": _one_of(_ROLES),
        "start": _or_null({"type": "string"}),
        "stop": _or_null({"type": "string"}),
        "started_at": _text(_MOMENT),
        "start_known": _one_of(KNOWN),
        "started_by": _reference(),
        "list": _or_null(_object({"version": _count(1), "activation": _reference()})),
        "due_at": _text(_MOMENT),
        "provisional": {"type": "boolean"},
        "stopped_at": _or_null(_text(_MOMENT)),
        "stopped_by": _or_null(_reference()),
        "state": _one_of(CLOCK_STATES),
    }


def _act() -> Schema:
    return _object(
        {"by": {"type": "string"}, "at": _text(_MOMENT), "journal": _one_of(_ROLES), "position": _count(0)},
        "Who did it, when it was recorded, and the entry.",
    )


def _reference() -> Schema:
    return {"$ref": "#/$defs/reference"}


def _object(members: Schema, description: str | None = None) -> Schema:
    """Return an object of exactly these members."""
    told = {} if description is None else {"description": description}
    closed = {"properties": members, "required": sorted(members), "additionalProperties": False}
    return {"type": "object", **told, **closed}


def _one_of(words: tuple[str, ...]) -> Schema:
    return {"enum": list(words)}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _count(least: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": MAX_INTEGER}
