"""Holds a row against the catalogue before it is sent, so that a person learns the reason with the column's name."""

import re
from typing import Any

from events.catalogue.registry import decode_body, event_type
from events.encoding.canonical import encode
from events.encoding.entry import MAX_BODY_BYTES
from events.errors import CanonicalError, EntryError
from services.gateway.importing.errors import RowError
from services.gateway.importing.mapping import Mapping

OPENED, CLASSIFIED = "deviation.opened.v1", "deviation.classified.v1"
OF_CLASSIFIED = ("class", "rationale")

_SALT = "0" * 32
_NUMBER = "0" * 64  # room for the number that the gateway gives where the row has none
_PLACE = re.compile(r"([a-z_]+(?:\.(?:name|code))?)(?:\.[0-9]+[a-z.]*)?: ")


def check_row(mapping: Mapping, external_number: str, fields: dict[str, Any]) -> None:
    """Refuse what the catalogue would refuse.

    Raises:
        RowError: a field is missing, too long or of another form, or the whole is too large for an entry.
    """
    opened = {name: value for name, value in fields.items() if name not in OF_CLASSIFIED}
    _check_body(
        mapping,
        OPENED,
        {"number": _NUMBER, **opened, "external_number": external_number, "source": mapping.source, "salt": _SALT},
    )
    if "class" in fields:
        _check_body(mapping, CLASSIFIED, {"salt": _SALT, **{name: fields.get(name) for name in OF_CLASSIFIED}})


def _check_body(mapping: Mapping, name: str, body: dict[str, Any]) -> None:
    known = event_type(name)
    if known is None:
        raise RowError(f"this version knows no {name}")
    try:
        size = len(encode(body))
        decode_body(known, body)
    except (CanonicalError, EntryError) as failure:
        raise RowError(_with_columns(mapping, failure.detail)) from failure
    if size > MAX_BODY_BYTES:
        raise RowError(
            f"{size} bytes; an entry holds at most {MAX_BODY_BYTES}: right would be a shorter text and a file"
        )


def _with_columns(mapping: Mapping, detail: str) -> str:
    """Return the catalogue's sentence with the column that the field's value came from."""

    def told(place: "re.Match[str]") -> str:
        rule = mapping.fields.get(place[1])
        columns = ", ".join(repr(column) for column in rule.columns) if rule else ""
        return f"{place[1]} (column {columns}): " if columns else place[0]

    return _PLACE.sub(told, detail)
