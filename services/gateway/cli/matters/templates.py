"""The skeleton of a request, and what may stand in each of its fields: as the gateway's own description says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.api.addresses import Address
from services.gateway.cli.errors import RefusedError, UsageError
from services.gateway.cli.matters.names import command_path, opening_name
from services.gateway.cli.session import Session

Schema = Mapping[str, Any]

_ENTRY = "EventRef"
_PLACE = "journal:position"
_SIGNATURE = "SignatureAsked"
_SIGNED_WITH = ("meaning", "reason")  # who and when the gateway knows, and the statement it words itself
_DEEPEST = 6
_LONGEST = 60  # characters of a pattern that is shown


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its place with dots, whether it must be there (where what it is in is there), and its form."""

    name: str
    is_required: bool
    form: str


class Description:
    """An OpenAPI document, asked for the bodies of its calls."""

    def __init__(self, document: Schema, meaning: str) -> None:
        """Take the document, and with which meaning a request that is asked for is signed."""
        self._meaning = meaning
        self._paths: Mapping[str, Any] = document["paths"]
        self._schemas: Mapping[str, Schema] = document["components"]["schemas"]

    def body_of(self, path: str) -> Schema | None:
        """Return the schema of what is posted to a path; None if nothing is."""
        asked = self._paths.get(path, {}).get("post", {}).get("requestBody")
        return None if asked is None else self._whole(asked["content"]["application/json"]["schema"])

    def example(self, schema: Schema, *, everything: bool) -> Any:  # noqa: ANN401 - JSON
        """Return a value of a schema for a person to fill in: what must be there, or everything that may."""
        return self._example(schema, 0, everything=everything)

    def fields(self, schema: Schema, above: str = "", depth: int = 0) -> Iterator[Field]:
        """Yield each field of a schema, what must be there first."""
        required = set(schema.get("required", ()))
        shown = _SIGNED_WITH if schema.get("title") == _SIGNATURE else schema.get("properties", {})
        for name in sorted(shown, key=lambda each: each not in required):
            inner = self._whole(schema["properties"][name])
            place = f"{above}{name}"
            yield Field(place, name in required, self._form(inner))
            part = self._whole(inner["items"]) if "items" in inner else inner
            if depth < _DEEPEST and "properties" in part and part.get("title") != _ENTRY:
                yield from self.fields(part, f"{place}.0." if part is not inner else f"{place}.", depth + 1)

    def _example(self, schema: Schema, depth: int, *, everything: bool) -> Any:  # noqa: ANN401 - JSON
        whole = self._whole(schema)
        if "enum" in whole:
            return "|".join(map(str, whole["enum"]))
        if whole.get("title") == _ENTRY:
            return _PLACE
        if whole.get("title") == _SIGNATURE:
            return {"meaning": self._meaning, "reason": ""}
        if "properties" in whole:
            wanted = whole["properties"] if everything and depth < _DEEPEST else whole.get("required", ())
            return {name: self._example(whole["properties"][name], depth + 1, everything=everything) for name in wanted}
        if "items" in whole:
            return [self._example(whole["items"], depth + 1, everything=everything)]
        return {"integer": 0, "boolean": False}.get(str(whole.get("type")), "")

    def _form(self, schema: Schema) -> str:
        if "enum" in schema:
            return " | ".join(map(str, schema["enum"]))
        if schema.get("title") == _ENTRY:
            return f"{_PLACE} | number"
        if "items" in schema:
            inner = self._form(self._whole(schema["items"]))
            return f"[{inner}]" if inner else "[]"
        formats = [each["format"] for each in schema.get("anyOf", ()) if "format" in each]
        if formats:
            return " | ".join(formats)
        pattern = str(schema.get("pattern", ""))
        shown = f" {pattern}" if pattern.startswith("^") and len(pattern) <= _LONGEST else ""
        return f"{schema.get('format') or schema.get('type', '')}{shown}"

    def _whole(self, schema: Schema) -> Schema:
        """Return a schema that is named elsewhere, or may be null, as it is."""
        while True:
            inner = self._named_in(schema)
            if inner is None:
                return schema
            schema = inner

    def _named_in(self, schema: Schema) -> Schema | None:
        if "$ref" in schema:
            return self._schemas[str(schema["$ref"]).rpartition("/")[2]]
        choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
        return choices[0] if len(choices) == 1 else None


def show_template(session: Session, address: Address, noun: str, meaning: str, *, everything: bool) -> None:
    """Show the skeleton of a request on standard output, and what each field may be on standard error.

    Raises:
        UsageError: the matter has no such step.
    """
    known = [*map(opening_name, address.openings), *address.steps]
    if noun not in known:
        raise UsageError("{given} is none of: {known}", hint="", given=noun, known=", ".join(known))
    path = command_path(address, noun)
    description = Description(session.client.get("/openapi.json"), meaning)
    schema = description.body_of(path)
    if schema is None:
        raise RefusedError("this gateway does not know {path}", hint="counterfoil openapi", path=path)
    example = description.example(schema, everything=everything)
    fields = list(description.fields(schema))
    if session.as_json:
        told = [{"field": each.name, "required": each.is_required, "form": each.form} for each in fields]
        session.output.json({"example": example, "fields": told})
        return
    session.output.json(example)
    words = session.words
    rows = [(each.name, words("yes") if each.is_required else "", each.form) for each in fields]
    session.output.table(("field", "required", "form"), rows, aside=True)
