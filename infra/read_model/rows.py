"""Row versions as the tables keep them: the row as JSON, beside it what lists are filtered and sorted by."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from events.stored.read_model import ClockVersion, ItemVersion, ReceivedStep
from infra.store.columns import ROLE_NUMBERS

Values = tuple[Any, ...]


def item_values(generation: int, relationship: int, version: ItemVersion, valid_to: int | None) -> Values:
    """Return an item's version in the order of the table's columns."""
    row = version.row
    product = row.get("product") or {}
    return (
        version.item,
        relationship,
        version.valid_from,
        valid_to,
        version.category,
        row.get("state"),
        row.get("class"),
        row.get("number"),
        row.get("source"),
        row.get("external_number"),
        row.get("title"),
        product.get("code"),
        "".join(batch_mark(batch["number"]) for batch in row.get("batches") or ()),
        row.get("opened_at"),
        row.get("changed_at"),
        row.get("due_at"),
        row.get("historical"),
        _search_text(row, product),
        encode_row(row),
        generation,
    )


def clock_values(generation: int, relationship: int, version: ClockVersion, valid_to: int | None) -> Values:
    """Return a clock's version in the order of the table's columns."""
    row = encode_row(version.row)
    return (version.item, version.name, relationship, version.valid_from, valid_to, row, generation)


def step_values(generation: int, relationship: int, step: ReceivedStep) -> Values:
    """Return a received step in the order of the table's columns."""
    return (relationship, ROLE_NUMBERS[step.role], step.seen, step.time, step.sequence, generation)


def encode_row(row: Mapping[str, Any]) -> str:
    """Write a row as JSON with sorted keys, so that equal rows are equal texts."""
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode()


def decode_row(text: str) -> Any:  # noqa: ANN401 - a row holds any JSON
    """Read a row."""
    return orjson.loads(text)


def batch_mark(number: str) -> str:
    """Return how a batch stands in the column of batches: a comma and the number as JSON, found whole or not at all."""
    return "," + orjson.dumps(number).decode()


def marks_of(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an item is found by beside its own fields: batch numbers, product codes and lines, also of a scope."""
    scope = row.get("scope") or {}
    yield from (batch["number"] for batch in row.get("batches") or ())
    yield from (code for each in (row.get("product") or {}, *scope.get("products", ())) if (code := each.get("code")))
    yield from (line for line in (row.get("line"), *scope.get("lines", ())) if line)


def _search_text(row: Mapping[str, Any], product: Mapping[str, Any]) -> str:
    found = (row.get("number"), row.get("title"), row.get("external_number"), product.get("name"), product.get("code"))
    return "\n".join(text.casefold() for text in found if text)
