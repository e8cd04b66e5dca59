"""Single bits of a stored row, turned over in the database itself, and back."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    SmallInteger,
    Table,
    create_engine,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from infra.store.tables import METADATA

NO_EVIDENCE = {"gateway_lock", "projection_position", "item_version", "clock_version", "received_step", "conclusion"}
"""The lock counts processes; the others are folded from the entries, and can be folded again."""

TABLES = [table for table in METADATA.sorted_tables if table.name not in NO_EVIDENCE]


class NoSuchFlipError(Exception):
    """The database does not take such a value: it is no text, or no key of its own."""


@dataclass(frozen=True)
class Flip:
    """One bit: of which table, row and column, and which."""

    table: Table
    key: tuple[Any, ...]
    column: Column[Any]
    bit: int
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.table.name} {self.key} {self.column.name} bit {self.bit}"


class Flipper:
    """Turns bits over in one database, beside the store that is open on it."""

    def __init__(self, url: str, seed: int) -> None:
        given = make_url(url)
        self.is_sqlite = given.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(given if self.is_sqlite else given.set(drivername="postgresql+psycopg"))
        self.random = random.Random(seed)  # noqa: S311 - repeats exactly, guards nothing

    def choose(self, tables: list[Table] = TABLES) -> Flip:
        """Choose a bit of a row, each table as likely as another, each filled column too."""
        with self.engine.connect() as connection:
            while True:
                table = self.random.choice(tables)
                count = connection.execute(select(func.count()).select_from(table)).scalar() or 0
                if count:
                    return self._choose_in(connection, table, self.random.randrange(count))

    @contextmanager
    def turned(self, flip: Flip) -> Iterator[None]:
        """Turn a bit over for as long as the block lasts.

        Raises:
            NoSuchFlipError: the database refuses the value.
        """
        self._set(flip, flip.before, flip.after)
        try:
            yield
        finally:
            self._set(flip, flip.after, flip.before)

    def _choose_in(self, connection: Connection, table: Table, offset: int) -> Flip:
        columns = ", ".join(f'"{column.name}"' for column in table.c)
        order = ", ".join(f'"{column.name}"' for column in table.primary_key)
        asked = text(f'SELECT {columns} FROM "{table.name}" ORDER BY {order} LIMIT 1 OFFSET {offset}')  # noqa: S608 - own names
        row = connection.execute(asked).mappings().one()
        column = self.random.choice([each for each in table.c if row[each.name] not in (None, "", b"")])
        before = row[column.name]
        bit = self.random.randrange(_bits(column, before))
        key = tuple(row[each.name] for each in table.primary_key)
        return Flip(table, key, column, bit, before, _turn(before, bit))

    def _set(self, flip: Flip, now: Any, wanted: Any) -> None:
        key = dict(zip((column.name for column in flip.table.primary_key), flip.key, strict=True))
        if flip.column.name in key:
            key[flip.column.name] = now
        here = " AND ".join(f'"{name}" = {self._marker(f"k{name}", value)}' for name, value in key.items())
        change = f'UPDATE "{flip.table.name}" SET "{flip.column.name}" = {self._marker("wanted", wanted)} WHERE {here}'  # noqa: S608 - own names
        try:
            values = {"wanted": self._bound(wanted), **{f"k{name}": self._bound(value) for name, value in key.items()}}
            with self.engine.begin() as connection:
                changed = connection.execute(text(change), values).rowcount
        except (SQLAlchemyError, psycopg.Error, UnicodeError) as error:
            raise NoSuchFlipError(str(error)) from error
        if changed != 1:
            raise AssertionError(f"{flip} is not there")

    def _marker(self, name: str, value: Any) -> str:
        return f"CAST(:{name} AS TEXT)" if self.is_sqlite and isinstance(value, str) else f":{name}"

    def _bound(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return (
            value.encode("utf-8", "surrogateescape")
            if self.is_sqlite
            else value.encode("utf-8", "surrogateescape").decode()
        )


def _bits(column: Column[Any], value: Any) -> int:
    """How many bits a value has that may turn: those that its column can hold."""
    if isinstance(value, str):
        return 8 * len(value.encode())
    if isinstance(value, bytes | memoryview):
        return max(1, 8 * len(value))
    if isinstance(column.type, Boolean):
        return 1
    kind = column.type
    small = isinstance(kind, SmallInteger) or "role" in column.name or column.name == "author"
    return 15 if small else 63 if isinstance(kind, BigInteger) else 31


def _turn(value: Any, bit: int) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << bit)
    raw = bytearray(value.encode() if isinstance(value, str) else bytes(value))
    raw[bit // 8] ^= 1 << (bit % 8)
    return bytes(raw).decode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(raw)
