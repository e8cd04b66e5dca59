"""The mapping file: which column of a spreadsheet means what.

```json
{
  "format": "counterfoil/mapping/v1",
  "about": "whose file this is for",
  "source": "the system or book that the records come from",
  "sheet": "its name; left out: the first visible one",
  "fields": {
    "external_number": {"column": "Product ID"},
    "title": {"column": "Reason for Recall", "cut": 200},
    "detected_at": {"column": "Found on", "dates": ["DD.MM.YYYY hh:mm"], "offset": "+08:00"},
    "class": {"column": "Class", "values": {"Class I": "major"}, "default": "minor"},
    "rationale": {"template": "Class {Class} by the quality unit"},
    "line": {"constant": "L1"}
  }
}
```

A field takes its value from one `column`, from a `template` of several, or is `constant`. `values` translates,
`default` stands for an empty cell, `split` cuts a cell into several batches, `cut` makes a title of a long text: white
space becomes single spaces, and what is beyond so many characters is left out after a whole word, with `…` for it.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from services.gateway.importing.dates import check_date_form
from services.gateway.importing.errors import MappingError
from services.gateway.importing.templates import columns_of

FORMAT = "counterfoil/mapping/v1"
MAX_MAPPING_BYTES = 1_048_576

CODES = frozenset({"external_number", "number", "product.code", "batches", "line", "site"})
"""Fields by which a thing is known: full-width characters and white space around them are no part of it."""
DATES = frozenset({"detected_at", "occurred_at"})
FIELDS = (*sorted(CODES | DATES), "title", "description", "product.name", "class", "rationale")
REQUIRED = ("external_number", "title", "detected_at")
CLASSES = ("major", "moderate", "minor")

_Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
_Offset = Annotated[str, StringConstraints(pattern=r"^(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$")]
_SENTENCES = {"missing": "is missing", "extra_forbidden": "is unknown"}


class FieldRule(BaseModel):
    """Where one field gets its value from."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    column: _Text | None = None
    template: _Text | None = None
    constant: _Text | None = None
    values: dict[str, str] | None = None
    default: _Text | None = None
    dates: list[_Text] | None = Field(default=None, min_length=1)
    offset: _Offset | None = None
    split: _Text | None = None
    cut: Annotated[int, Field(ge=20, le=32_767)] | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if sum(origin is not None for origin in (self.column, self.template, self.constant)) != 1:
            raise ValueError("takes one of column, template and constant")
        if self.column is None and (self.values or self.dates or self.split or self.default):
            raise ValueError("values, default, dates and split are for a column")
        columns_of(self.template or "")
        for form in self.dates or ():
            check_date_form(form)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that the value is made of."""
        if self.template is not None:
            return columns_of(self.template)
        return () if self.column is None else (self.column,)


class Mapping(BaseModel):
    """A whole mapping file."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    format: Literal["counterfoil/mapping/v1"]
    about: str = ""
    source: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^\S(?:.*\S)?$")]
    sheet: _Text | None = None
    fields: dict[str, FieldRule]

    @model_validator(mode="after")
    def _fits_a_deviation(self) -> Self:
        for name in self.fields:
            if name not in FIELDS:
                raise ValueError(f"fields.{name:.60}: is unknown; try: one of {', '.join(sorted(FIELDS))}")
        for name in REQUIRED:
            if name not in self.fields:
                raise ValueError(f"fields.{name}: is missing")
        if ("class" in self.fields) != ("rationale" in self.fields):
            raise ValueError("fields: class and rationale go together")
        for name, rule in self.fields.items():
            _check_rule(name, rule)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns that the mapping names, each once."""
        return tuple(dict.fromkeys(column for rule in self.fields.values() for column in rule.columns))


def _check_rule(name: str, rule: FieldRule) -> None:
    if (rule.dates or rule.offset) and name not in DATES:
        raise ValueError(f"fields.{name}: dates and offset are for {', '.join(sorted(DATES))}")
    if rule.split and name != "batches":
        raise ValueError(f"fields.{name}: split is for batches")
    if rule.cut and name != "title":
        raise ValueError(f"fields.{name}: cut is for the title, for nothing else may lose a character")
    if name == "class":
        given = {*(rule.values or {}).values(), *filter(None, (rule.constant, rule.default))}
        if not given <= set(CLASSES):
            raise ValueError(f"fields.class: {min(given - set(CLASSES))!r:.60} is no class; try: {', '.join(CLASSES)}")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingError: it cannot be read, or is not right; the text names the place in it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_MAPPING_BYTES + 1)
    except OSError as failure:
        raise MappingError(f"cannot read {path}: {failure.strerror}; try: check name and rights") from failure
    return parse_mapping(raw)


def parse_mapping(raw: bytes) -> Mapping:
    """Read the bytes of a mapping file.

    Raises:
        MappingError: they are not right; the text names the place in them.
    """
    if len(raw) > MAX_MAPPING_BYTES:
        raise MappingError(f"larger than {MAX_MAPPING_BYTES} bytes; try: the mapping, not the data")
    try:
        fields = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except UnicodeDecodeError as failure:
        raise MappingError("not UTF-8; try: save it as UTF-8") from failure
    except (ValueError, RecursionError) as failure:
        raise MappingError(f"no JSON: {failure}; try: the example that is shipped") from failure
    try:
        return Mapping.model_validate(fields)
    except ValidationError as failure:
        raise MappingError("; ".join(map(_sentence, failure.errors()[:5]))) from failure


def _sentence(fault: Any) -> str:  # noqa: ANN401 - pydantic's description of a fault
    place = ".".join(map(str, fault["loc"]))[:120]
    said = _SENTENCES.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
    return f"{place}: {said}" if place else said


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice = next(name for name, _ in pairs if [each for each, _ in pairs].count(name) > 1)
        raise ValueError(f"{twice!r:.60} stands twice")
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
