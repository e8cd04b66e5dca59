"""What a list of items is asked for: filters, order and page, from query parameters to the read model's question."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from domain.clocks.calendar import BEIJING
from events.encoding.moments import format_moment, parse_stated
from events.stored.read_model import ItemVersion
from services.gateway.api.edge.moments import Moment
from services.gateway.api.edge.paging import make_cursor, read_cursor
from services.gateway.api.problems import validation
from services.gateway.ports.read_model import ItemQuery

Sort = Literal["opened_at", "-opened_at", "due_at", "-due_at", "number", "-number", "changed_at", "-changed_at"]

_Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class ItemFilters(BaseModel):
    """Which items; what is left out filters nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    relationship: str | None = Field(default=None, pattern="^[0-9A-Z]{18}/[0-9A-Z]{18}$")
    category: _Text | None = None
    state: _Text | None = Field(default=None, description="a state, or `open` for every one that does not end a matter")
    class_: Literal["major", "moderate", "minor"] | None = Field(default=None, alias="class")
    batch: _Text | None = None
    product: _Text | None = Field(default=None, description="the product's code")
    source: _Text | None = None
    external_number: _Text | None = None
    historical: bool | None = None
    due_before: str | None = Field(default=None, max_length=64, description="a date, or a time with its offset")
    text: _Text | None = Field(default=None, description="part of number, title, external number or product")
    as_of: str | None = Field(default=None, max_length=64, description="`seq:<number>` or a time; without it: now")
    sort: Sort = "-opened_at"

    def query(self, relationship: int | None, moment: Moment) -> ItemQuery:
        """Return the read model's question, from its first row on.

        Raises:
            Problem: `validation`: `due_before` is no time.
        """
        return ItemQuery(
            relationship=relationship,
            category=self.category,
            state=self.state,
            item_class=self.class_,
            batch=self.batch,
            product_code=self.product,
            source=self.source,
            external_number=self.external_number,
            historical=self.historical,
            due_before=None if self.due_before is None else _moment(self.due_before),
            text=self.text,
            as_of=moment.as_of,
            sort=self.sort,
        )


class ItemPageFilters(ItemFilters):
    """Which items, and which page of them."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=8192, description="`next_cursor` of the page before")
    total: bool = Field(default=False, description="count all of them too")


Filters = Annotated[ItemFilters, Query()]
PageFilters = Annotated[ItemPageFilters, Query()]


def cursor_after(sort: str, version: ItemVersion) -> str:
    """Return the cursor after a row."""
    return make_cursor(f"items {sort}", str(version.row.get(sort.removeprefix("-")) or ""), version.item)


def read_item_cursor(cursor: str | None, sort: str) -> tuple[str, str] | None:
    """Return the keyset that a cursor holds.

    Raises:
        Problem: `validation`.
    """
    if cursor is None:
        return None
    value, item = read_cursor(cursor, f"items {sort}", str, str)
    return value, item


def item_row(version: ItemVersion) -> Mapping[str, Any]:
    """Return the row of an item as it is shown."""
    return {**version.row, "sequence": version.valid_from}


def _moment(text: str) -> str:
    """Return the moment that a stated time means; a date means its beginning in Beijing."""
    try:
        stated = parse_stated(text)
        if not isinstance(stated, datetime):
            stated = datetime.combine(stated, time(), BEIJING)
        return format_moment(stated.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise validation("due_before", "write a date, or a time of RFC 3339 with its offset") from error
