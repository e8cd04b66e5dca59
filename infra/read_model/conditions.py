"""From what a list is asked for to the conditions and the order of its statement."""

from collections.abc import Iterator
from typing import Any, Protocol

import orjson
from sqlalchemy import Boolean, Select, and_, or_, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from domain.matters import ENDED
from infra.read_model.generations import Place, of_place
from infra.read_model.rows import batch_mark
from infra.read_model.tables import CLOCK_VERSION, DUE_FIRST, DUE_LAST, ITEM_MARK, ITEM_VERSION
from infra.store.columns import POSTGRESQL

OPEN = "open"

_ENDED = sorted(ENDED)

_COLUMNS = ITEM_VERSION.c
_EQUAL = {
    "relationship": _COLUMNS.relationship,
    "category": _COLUMNS.category,
    "item_class": _COLUMNS["class"],
    "product_code": _COLUMNS.product_code,
    "source": _COLUMNS.source,
    "external_number": _COLUMNS.external_number,
    "historical": _COLUMNS.historical,
}
DUE_AT = _COLUMNS.due_at
SORTS = {
    "opened_at": _COLUMNS.opened_at,
    "due_at": DUE_FIRST,
    "number": _COLUMNS.number,
    "changed_at": _COLUMNS.changed_at,
}


class ItemFilter(Protocol):
    """What a list of items is asked for; None leaves a filter out."""

    @property
    def relationship(self) -> int | None: ...  # noqa: D102 - the names say it
    @property
    def category(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def state(self) -> str | None: ...  # noqa: D102 - a state, or "open" for every one that ends nothing
    @property
    def item_class(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def batch(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def product_code(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def source(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def external_number(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def historical(self) -> bool | None: ...  # noqa: D102 - as above
    @property
    def due_before(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def holding(self) -> str | None: ...  # noqa: D102 - a text that stands somewhere in the row
    @property
    def text(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def as_of(self) -> int | None: ...  # noqa: D102 - as above
    @property
    def sort(self) -> str: ...  # noqa: D102 - as above
    @property
    def after(self) -> tuple[str, str] | None: ...  # noqa: D102 - as above
    @property
    def limit(self) -> int: ...  # noqa: D102 - as above


class Holds(FunctionElement[bool]):
    """A text holds another, byte by byte: no wildcard, no folding of case."""

    type = Boolean()
    inherit_cache = True


@compiles(Holds, POSTGRESQL)
def _holds_strpos(element: Holds, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - a hook's signature
    return f"strpos({compiler.process(element.clauses, **options)}) > 0"


@compiles(Holds, "sqlite")
def _holds_instr(element: Holds, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - a hook's signature
    return f"instr({compiler.process(element.clauses, **options)}) > 0"


def valid_at(table: Any, as_of: int | None) -> ColumnElement[bool]:  # noqa: ANN401 - one of the two tables of versions
    """Return the condition that a version stands now, or stood at a local sequence."""
    columns = (ITEM_VERSION if table is ITEM_VERSION else CLOCK_VERSION).c
    if as_of is None:
        return columns.valid_to.is_(None)
    return and_(columns.valid_from <= as_of, or_(columns.valid_to.is_(None), columns.valid_to > as_of))


def is_open_row() -> ColumnElement[bool]:
    """Return the condition that something is left to be done about an item."""
    return tuple_(_COLUMNS.category, _COLUMNS.state).not_in(_ENDED)


def conditions_of(query: ItemFilter, place: Place) -> Iterator[ColumnElement[bool]]:
    """Yield what a row of the generation at a place must fulfil, limit and keyset apart."""
    yield of_place(ITEM_VERSION, place)
    yield valid_at(ITEM_VERSION, query.as_of)
    for name, column in _EQUAL.items():
        wanted = getattr(query, name)
        if wanted is not None:
            yield column == wanted
    if query.state is not None:
        yield is_open_row() if query.state == OPEN else _COLUMNS.state == query.state
    if query.batch is not None:
        yield _is_marked(query.batch, place)
        yield Holds(_COLUMNS.batches, batch_mark(query.batch))
    if query.holding is not None:
        yield _is_marked(query.holding, place)
        yield Holds(_COLUMNS.row, orjson.dumps(query.holding).decode())
    if query.due_before is not None:
        yield _COLUMNS.due_at < query.due_before
    if query.text:
        yield Holds(_COLUMNS.search, query.text.casefold())


def _is_marked(mark: str, place: Place) -> ColumnElement[bool]:
    """Return the condition that some version of an item named this, so that an index finds the few that did."""
    named = ITEM_MARK.c
    return _COLUMNS.item.in_(select(named.item).where(of_place(ITEM_MARK, place), named.mark == mark))


def ordered(statement: Select[*tuple[Any, ...]], query: ItemFilter) -> Select[*tuple[Any, ...]]:
    """Put rows in the order asked for, behind the keyset's row.

    The keyset's value is that of the last row; an empty text stands for "none".

    Raises:
        ValueError: there is no such order.
    """
    is_falling = query.sort.startswith("-")
    name = query.sort.removeprefix("-")
    if name not in SORTS:
        raise ValueError(f"items are sorted by {', '.join(SORTS)}, not by {name}")
    key: ColumnElement[Any] = DUE_LAST if is_falling and name == "due_at" else SORTS[name]
    if query.after is not None:
        place = tuple_(key, _COLUMNS.item)
        never = "~" if name == "due_at" and not is_falling else ""
        seen = (query.after[0] or never, query.after[1])
        statement = statement.where(place < seen if is_falling else place > seen)
    order = (key.desc(), _COLUMNS.item.desc()) if is_falling else (key, _COLUMNS.item)
    return statement.order_by(*order)
