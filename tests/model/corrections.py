"""Corrections in the model: which values of an own entry are put right; the original stays as it was signed.

catalogue.md: "every matter: .answered, .corrected, .batch_linked ... entry, changes, reason". That a correction starts
from the value that stands and leaves a body that the catalogue takes is what the product documents.
"""

from typing import Any

from tests.model.catalogue import has_schema
from tests.model.context import Context
from tests.model.entries import Entry, Json

FORM, STATE = "entry.schema_invalid", "entry.wrong_state"
NEVER_CORRECTED = ("salt", "signature", "attachments")


def corrections_of(entry: Entry, context: Context) -> list[Entry]:
    own = context.of(entry.role, entry.subject)
    return [each for each in own if ".corrected." in each.type and entry.is_named_by(each.body["entry"])]


def standing_values(entry: Entry, corrections: list[Entry]) -> Json:
    values = entry.body
    for correction in corrections:
        for change in correction.body["changes"]:
            values = _put(values, change["field"].split("."), change.get("after"))
    return values


def fault_of_correction(entry: Entry, context: Context) -> str:
    corrected = context.find(entry.body["entry"])
    if corrected is None:
        return STATE
    earlier = [each for each in corrections_of(corrected, context) if not context.violates(each)]
    standing = standing_values(corrected, earlier)
    for change in entry.body["changes"]:
        path = change["field"].split(".")
        if path[0] in NEVER_CORRECTED:
            return FORM
        if _text_at(standing, path) != change.get("before"):
            return STATE
    return "" if has_schema(corrected.type, standing_values(corrected, [*earlier, entry])) else FORM


def _text_at(value: Any, path: list[str]) -> str | None:
    for step in path:
        if isinstance(value, list):
            value = value[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _put(value: Any, path: list[str], text: str | None) -> Any:
    """Return a value with a text put in at a path; one that leads nowhere leaves what no schema takes."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return [_put(each, rest, text) if place == int(step) else each for place, each in enumerate(value)]
    return {**value, step: _put(value.get(step) or {}, rest, text)} if isinstance(value, dict) else 0
