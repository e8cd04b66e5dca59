"""Reads whole relationships out of a store."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any, TypeVar

from tests.checker.stores.database import Database, open_database
from tests.checker.stores.rows import (
    ROLES,
    AnswerRow,
    ClockRow,
    ConclusionRow,
    EntryRow,
    ExternalRow,
    ItemRow,
    JournalRow,
    JournalRows,
    NodeRow,
    PageRow,
    QuarantineRow,
    ReceiptRow,
    SealRow,
    StepRow,
    StoreRows,
)

Kept = TypeVar("Kept")
_TRUTHS = {"violates", "historical"}  # SQLite keeps them as numbers


def read_store(url: str) -> list[StoreRows]:
    """Return every relationship of a store, of one moment.

    Raises:
        UnreadableError: it cannot be opened or read.
    """
    with open_database(url) as database:
        return read_rows(database)


def read_rows(database: Database) -> list[StoreRows]:
    """Return every relationship that is in a database."""
    asked = (
        "SELECT number, mah, cmo, own_role, own_invitation, partner_invitation, confirmed_at"
        " FROM relationship ORDER BY number"
    )
    return [_relationship(database, row) for row in database.ask(asked)]


def _relationship(database: Database, row: Sequence[Any]) -> StoreRows:
    number, mah, cmo, own_role, own, partner, confirmed_at = row
    cursors = database.ask('SELECT topic_id, "offset" FROM wire_cursor WHERE relationship = %s', number)
    totals = database.ask("SELECT count, bytes FROM quarantine_total WHERE relationship = %s", number)
    held = database.ask("SELECT first, digest, value FROM held_page WHERE relationship = %s", number)
    least_and_largest = "SELECT count(*), coalesce(min(sequence), 1), coalesce(max(sequence), 0) FROM entry"
    ((count, least, largest),) = database.ask(least_and_largest)
    folded = database.ask("SELECT position, generation FROM projection_position WHERE id = 1")
    projected, generation = folded[0] if folded else (None, -1)
    standing = {"relationship": number, "generation": generation}
    concluded = _rows(database, ConclusionRow, "conclusion", "mah, cmo", standing)
    return StoreRows(
        relationship=(mah, cmo),
        own_role=ROLES[own_role],
        own_invitation=bytes(own),
        partner_invitation=None if partner is None else bytes(partner),
        confirmed_at=confirmed_at,
        journals={role: _journal(database, number, place) for place, role in enumerate(ROLES)},
        cursor=(cursors[0][0], cursors[0][1]) if cursors else None,
        seals=_rows(database, SealRow, "seal", "size", {"relationship": number}),
        quarantine=_rows(database, QuarantineRow, "quarantine", "number", {"relationship": number}),
        quarantine_total=(totals[0][0], totals[0][1]) if totals else None,
        held_pages=[(first, bytes(digest), bytes(value)) for first, digest, value in held],
        answers=_rows(database, AnswerRow, "answer", "caller, key"),
        external=_rows(database, ExternalRow, "external_number", "source, number", {"relationship": number}),
        items=_rows(database, ItemRow, "item_version", "item, valid_from", standing),
        clocks=_rows(database, ClockRow, "clock_version", "item, name, valid_from", standing),
        steps=_rows(database, StepRow, "received_step", "sequence, role, seen", standing),
        projected=projected,
        concluded=concluded[0] if concluded else None,
        sequences=(count, least, largest),
    )


def _journal(database: Database, number: int, role: int) -> JournalRows:
    place, written = {"relationship": number, "role": role}, {"relationship": number, "author": role}
    numbers = (number, role)
    ends = _rows(database, JournalRow, "journal", "size", place)
    standing = database.ask("SELECT position FROM standing WHERE relationship = %s AND role = %s ORDER BY 1", *numbers)
    counts = database.ask("SELECT type, count FROM entry_count WHERE relationship = %s AND role = %s", *numbers)
    batches = database.ask("SELECT number, subject FROM batch_subject WHERE relationship = %s AND role = %s", *numbers)
    return JournalRows(
        entries=_rows(database, EntryRow, "entry", "position", place),
        pages=_rows(database, PageRow, "page", "first", place),
        nodes=_rows(database, NodeRow, "tree_node", 'level, "index"', place),
        receipts=_rows(database, ReceiptRow, "receipt", "size, held, judged", written),
        standing=[position for (position,) in standing],
        counts={row[0]: row[1] for row in counts},
        batches={(row[0], row[1]) for row in batches},
        end=ends[0] if ends else None,
    )


def _rows(
    database: Database, kept: type[Kept], table: str, order: str, where: Mapping[str, int] = MappingProxyType({})
) -> list[Kept]:
    """Return rows of a table, all or those with some numbers in their columns."""
    names = [field.name.rstrip("_") for field in fields(kept)]  # type: ignore[arg-type]  # a dataclass of rows.py
    columns = ", ".join(f'"{name}"' for name in names)
    conditions = " AND ".join(f"{name} = %s" for name in where) or "1 = 1"
    asked = f"SELECT {columns} FROM {table} WHERE {conditions} ORDER BY {order}"  # noqa: S608 - names of the layout, no values
    rows = database.ask(asked, *where.values())
    if _TRUTHS.isdisjoint(names):
        return [kept(*row) for row in rows]
    return [kept(*map(_plain, names, row)) for row in rows]


def _plain(name: str, value: Any) -> Any:
    return bool(value) if name in _TRUTHS and value is not None else value
