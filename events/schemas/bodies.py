"""JSON Schema 2020-12 for the body of each event, generated from the models of the catalogue.

A schema takes what the model takes, with one exception: that the keys and the fingerprint of `relationship.opened.v1`
agree with each other, and that a key is one that may be registered, no schema can say; its description does. What a
`format` says (a date that is in the calendar) binds here: validate with formats asserted.
"""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from events.catalogue.event_types import EventType
from events.catalogue.registry import all_event_types

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ID = "urn:counterfoil:schema:"
_OWN_PARTS = "#/$defs/{model}"


class _PlainSchema(GenerateJsonSchema):
    """Leaves out titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's signature
        return False


def schema_id(name: str) -> str:
    """Return the id of the schema of an event type or of `head.v1`; it never changes."""
    return f"{_ID}{name}"


def body_schema(type_: EventType) -> dict[str, Any]:
    """Return the JSON Schema of a type's body, complete in itself."""
    return {"$schema": DIALECT, "$id": schema_id(type_.name), **told(type_, _OWN_PARTS)}


def body_schemas() -> Mapping[str, dict[str, Any]]:
    """Return the JSON Schemas of all bodies, by event type."""
    return {each.name: body_schema(each) for each in all_event_types()}


def told(type_: EventType, parts: str) -> dict[str, Any]:
    """Return a type's body as a schema whose `$defs` are referred to by this template."""
    schema = type_.model.model_json_schema(by_alias=True, ref_template=parts, schema_generator=_PlainSchema)
    return {**schema, "title": type_.name}
