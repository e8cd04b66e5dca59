"""The tables of a store or of a wire's file, open for any harm: row by row, the same on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

Row = dict[str, Any]

KEYS = {
    "relationship": ("number",),
    "entry": ("sequence",),
    "journal": ("relationship", "role"),
    "entry_count": ("relationship", "role", "type"),
    "batch_subject": ("relationship", "role", "number", "subject"),
    "standing": ("relationship", "role", "position"),
    "page": ("relationship", "role", "first"),
    "tree_node": ("relationship", "role", "level", "index"),
    "receipt": ("relationship", "author", "size", "held", "judged"),
    "seal": ("relationship",),
    "wire_cursor": ("relationship",),
    "quarantine": ("relationship", "number"),
    "quarantine_total": ("relationship",),
    "held_page": ("relationship", "first", "digest"),
    "answer": ("caller", "key"),
    "external_number": ("relationship", "source", "number"),
    "projection_position": ("id",),
    "item_version": ("item", "relationship", "valid_from", "generation"),
    "clock_version": ("item", "name", "relationship", "valid_from", "generation"),
    "received_step": ("relationship", "role", "seen", "generation"),
    "conclusion": ("generation", "relationship"),
    "topic": ("number",),
    "record": ("topic", "offset"),
}
"""By table, what tells its rows apart; rows are always given in this order."""


class Tables:
    """One database; `changes` counts the rows that were touched."""

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self.changes = 0

    def rows(self, table: str, wanted: Callable[[Row], object] = bool) -> list[Row]:
        """Return the rows of a table that are wanted."""
        order = ", ".join(map(_quoted, KEYS[table]))
        found = self._run(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - names of KEYS
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
        return list(filter(wanted, rows))

    def change(self, table: str, row: Row, values: Mapping[str, Any]) -> None:
        """Give a row other values."""
        if all(row[name] == value for name, value in values.items()):
            raise AssertionError(f"{table}: {sorted(values)} would stay as they are")
        set_to = ", ".join(f"{_quoted(name)} = %s" for name in values)
        self._touch(f"UPDATE {table} SET {set_to} WHERE {_place(table)}", *values.values(), *_key(table, row))  # noqa: S608 - names of the layout

    def remove(self, table: str, *rows: Row) -> None:
        """Take rows away."""
        for row in rows:
            self._touch(f"DELETE FROM {table} WHERE {_place(table)}", *_key(table, row))  # noqa: S608 - as above

    def add(self, table: str, row: Row) -> None:
        """Put a row in."""
        names, places = ", ".join(map(_quoted, row)), ", ".join(["%s"] * len(row))
        self._touch(f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())  # noqa: S608 - as above

    def renumber(self, table: str, column: str, numbers: Mapping[int, int]) -> None:
        """Give rows other numbers in a column that takes each but once."""
        rows = self.rows(table, lambda row: row[column] in numbers)
        for row in rows:
            self.change(table, row, {column: -1 - row[column]})
        for row in rows:
            self.change(table, {**row, column: -1 - row[column]}, {column: numbers[row[column]]})

    def _touch(self, statement: str, *values: Any) -> None:
        touched = self._run(statement, values).rowcount
        if touched != 1:
            raise AssertionError(f"{touched} rows were touched by {statement}")
        self.changes += 1


@contextmanager
def open_file(path: Path) -> Iterator[Tables]:
    """Open a SQLite file; what is done to it stands at the end of the block."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        yield Tables(lambda statement, *values: connection.execute(statement.replace("%s", "?"), *values))
        connection.execute("COMMIT")


@contextmanager
def open_server(url: str) -> Iterator[tuple[Tables, psycopg.Connection[Any]]]:
    """Open a database of PostgreSQL; what is done to it can be read by the connection, and is gone in the end."""
    with closing(psycopg.connect(url.replace("+psycopg", ""))) as connection:
        yield Tables(lambda statement, *values: connection.execute(statement.encode(), *values)), connection


def _quoted(name: str) -> str:
    return f'"{name}"'


def _place(table: str) -> str:
    return " AND ".join(f"{_quoted(name)} = %s" for name in KEYS[table])


def _key(table: str, row: Row) -> list[Any]:
    return [row[name] for name in KEYS[table]]
