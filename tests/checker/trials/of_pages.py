"""Corruptions of pages and trees, and of what is counted and kept beside the entries."""

from tests.checker.trials.corruption import (
    Trial,
    add,
    alter,
    flipped,
    flipped_signature,
    raised,
    remove,
    remove_all,
    those,
)
from tests.checker.trials.tables import Row, Tables

_ANY = those(bool)


def _last(rows: list[Row]) -> list[Row]:
    """The last page of either journal."""
    return [max((row for row in rows if row["role"] == role), key=_first) for role in (0, 1)]


def _first(row: Row) -> int:
    return int(row["first"])


def _node_too_many(_trial: Trial, tables: Tables) -> Row:
    row = tables.rows("tree_node")[-1]
    return {**row, "index": row["index"] + 1}


def _needless_mark(trial: Trial, tables: Tables) -> Row:
    """A mark of an entry that judging does not need."""
    row = trial.one(tables.rows("entry", lambda row: row["type"] == "deviation.opened.v1"))
    return {name: row[name] for name in ("relationship", "role", "position")}


def _needless_batch(trial: Trial, tables: Tables) -> Row:
    """A batch beside a matter that names others."""
    return {**trial.one(tables.rows("batch_subject")), "number": "B-0000"}


PAGES = [
    remove("a page went away", "K1", "page", _ANY),
    remove("a page went away in both stores", "K1", "page", _ANY, both=True),
    alter("a page begins later", "K1", "page", _last, first=raised),
    alter("a page ends later", "K1", "page", _last, size=raised),
    alter("the local sequence of a page", "K5", "page", _ANY, sequence=flipped),
    alter("a bit of a checkpoint's signature", "K4", "page", _ANY, note=flipped_signature),
    alter("a bit of a checkpoint's signature in both stores", "K4", "page", _ANY, both=True, note=flipped_signature),
    alter("a bit of a checkpoint", "K1", "page", _ANY, note=flipped),
    alter("a checkpoint cut short", "K1", "page", _ANY, note=lambda note, chance: note[: chance.randrange(len(note))]),
    alter("a hash kept for proofs", "K1", "tree_node", _ANY, hash=flipped),
    remove("a hash kept for proofs went away", "K1", "tree_node", _ANY),
    add("a hash too many", "K1", "tree_node", _node_too_many),
    # What is kept beside
    alter("the size of a journal", "K5", "journal", _ANY, size=flipped),
    alter("what a journal claims", "K5", "journal", _ANY, claimed=flipped),
    alter("the end of the one order", "K5", "journal", _ANY, order_seen=flipped),
    alter("the last time of a journal", "K5", "journal", _ANY, time=flipped),
    remove("the end of a journal went away", "K5", "journal", _ANY),
    alter("a count of entries", "K8", "entry_count", _ANY, count=flipped),
    remove("a count went away", "K8", "entry_count", _ANY),
    remove("a mark of what judging needs went away", "K8", "standing", _ANY),
    remove_all("all marks of what judging needs went away", "K8", "standing"),
    remove("a matter is not found by its batch", "K8", "batch_subject", _ANY),
    remove_all("no matter is found by its batch", "K8", "batch_subject"),
    alter("a matter is found by another batch", "K8", "batch_subject", _ANY, number=flipped),
    alter("a batch leads to another matter", "K8", "batch_subject", _ANY, subject=flipped),
    add("a matter is found by a batch that it does not name", "K8", "batch_subject", _needless_batch),
    add("a mark of what judging does not need", "K8", "standing", _needless_mark),
]
