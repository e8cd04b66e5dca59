"""One thing done to a good run, and the check that must find it. A seed picks the places."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.checker.trials.tables import Row, Tables

Where = Callable[[list[Row]], list[Row]]
Wanted = Callable[[Row], object]

STORE, WIRE, LOG = "store", "wire", "log"
ALIKE = {
    "entry": ("role", "position"),
    "page": ("role", "first"),
    "item_version": ("item", "valid_to"),  # the standing row, or none is picked
    "projection_position": ("id",),
}
"""By table, what both stores call the same row by."""


@dataclass
class Trial:
    """A copy of a good run, open to be spoilt; `chance` picks the places."""

    stores: Mapping[str, Tables]
    wire: Tables
    log: list[dict[str, Any]]
    chance: Random

    def one(self, rows: Sequence[Row]) -> Row:
        """Pick a row."""
        return self.chance.choice(rows)

    def store(self) -> Tables:
        """Pick a store."""
        return self.stores[self.chance.choice(sorted(self.stores))]

    def pick(self, table: str, where: Where, *, store: str | None = None) -> tuple[Tables, Row]:
        """Pick a row in a store, named or any that has one."""
        names = [store] if store is not None else sorted(self.stores, key=lambda _: self.chance.random())
        found = [(self.stores[name], where(self.stores[name].rows(table))) for name in names]
        tables, rows = next(each for each in found if each[1])
        return tables, self.one(rows)

    def alike(self, table: str, row: Row) -> list[tuple[Tables, Row]]:
        """Return what both stores call this row."""
        same = ALIKE[table]
        found = []
        for tables in self.stores.values():
            (twin,) = tables.rows(table, lambda other: all(other[name] == row[name] for name in same))
            found.append((tables, twin))
        return found


@dataclass(frozen=True)
class Corruption:
    """What is done to a run; `check` is what must fail of it, `of` what is touched."""

    name: str
    check: str
    change: Callable[[Trial], None]
    of: str = STORE


def alter(
    name: str,
    check: str,
    table: str,
    where: Where,
    /,
    *,
    both: bool = False,
    of: str = STORE,
    **values: Any,
) -> Corruption:
    """Other values in one row, of one store or alike in both; a value may be made of the old one by chance.

    A column whose name Python keeps for itself has an underscore behind it.
    """
    columns = {name.rstrip("_"): value for name, value in values.items()}

    def change(trial: Trial) -> None:
        tables, row = _picked(trial, table, where, of)
        made = {name: value(row[name], trial.chance) if callable(value) else value for name, value in columns.items()}
        for each, twin in trial.alike(table, row) if both else [(tables, row)]:
            each.change(table, twin, made)

    return Corruption(name, check, change, of)


def remove(name: str, check: str, table: str, where: Where, *, both: bool = False, of: str = STORE) -> Corruption:
    """A row goes away, of one store or of both."""

    def change(trial: Trial) -> None:
        tables, row = _picked(trial, table, where, of)
        for each, twin in trial.alike(table, row) if both else [(tables, row)]:
            each.remove(table, twin)

    return Corruption(name, check, change, of)


def remove_all(name: str, check: str, *tables: str, wanted: Wanted = bool) -> Corruption:
    """Every row of some tables goes away in one store, as far as it is wanted."""

    def change(trial: Trial) -> None:
        store = trial.store()
        for table in tables:
            store.remove(table, *store.rows(table, wanted))

    return Corruption(name, check, change)


def add(
    name: str, check: str, table: str, make: Callable[[Trial, Tables], Row], *, store: str | None = None
) -> Corruption:
    """A row too many in one store."""

    def change(trial: Trial) -> None:
        tables = trial.store() if store is None else trial.stores[store]
        tables.add(table, make(trial, tables))

    return Corruption(name, check, change)


def log(name: str, check: str, edit: Callable[[Trial], None]) -> Corruption:
    """An edit of the clients' log."""
    return Corruption(name, check, edit, LOG)


def those(wanted: Wanted) -> Where:
    """Rows that are so."""
    return lambda rows: list(filter(wanted, rows))


def flipped(value: Any, chance: Random) -> Any:
    """Return a value with one bit of it turned, a text with one character changed, a number a little off."""
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
    if isinstance(value, str):
        place = chance.randrange(len(value))
        return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
    if isinstance(value, bool):
        return not value
    return value + chance.choice((-3, -2, -1, 1, 2, 3))


def raised(value: int, chance: Random) -> int:
    """Return a number that is larger, but not by much."""
    return value + chance.randrange(1, 9)


def flipped_signature(note: bytes, chance: Random) -> bytes:
    """Turn a bit in the last signature of a note."""
    before, _, encoded = note.rstrip(b"\n").rpartition(b" ")
    raw = b64decode(encoded)
    return before + b" " + b64encode(raw[:4] + flipped(raw[4:], chance)) + b"\n"


def named(corruptions: Sequence[Corruption]) -> list[str]:
    """Return their names."""
    return [corruption.name for corruption in corruptions]


def _picked(trial: Trial, table: str, where: Where, of: str) -> tuple[Tables, Row]:
    return trial.pick(table, where) if of == STORE else (trial.wire, trial.one(where(trial.wire.rows(table))))
