"""What both sides concluded, summed up again from the rows that they show (part of K7; formats.md 4, "Conclusions").

A shared row is the row of an item or of a clock, each beside what it is kept under, or a step of what was received.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from typing import Any

from tests.checker.checks.shown_items import read_row
from tests.checker.form.canonical import FormError
from tests.checker.form.records import Statement, read_receipt
from tests.checker.gathered import Run, Side
from tests.checker.stores.rows import ROLES
from tests.checker.verdict import Verdict

CHECK = "K7"
NOT_COMPUTED = "-"
MODULUS = 2**256

Sizes = tuple[int, int]  # of both journals, as far as they are folded: MAH, CMO


def check_conclusions(run: Run, verdict: Verdict) -> None:
    """Ask that whoever holds and has judged the same says that it concluded the same: what its rows come to."""
    found: dict[Sizes, str] = {}
    ends: set[Sizes] = set()
    for side in run:
        sizes = (side.journals["mah"].size, side.journals["cmo"].size)
        total = total_of(side)
        ends.add(sizes)
        found.setdefault(sizes, b64encode(total).decode())
        kept = side.rows.concluded
        if kept is not None:
            where = {"store": side.role, "sizes": sizes}
            verdict.expect(CHECK, (kept.mah, kept.cmo) == sizes, f"concluded at {(kept.mah, kept.cmo)}", **where)
            verdict.expect(CHECK, kept.total == total, "the sum that is kept is not that of the rows", **where)
    stated = 0
    for side, author in product(run, ROLES):
        for said in _statements(side, author):
            sizes = (said.size, said.judged) if author == "mah" else (said.judged, said.size)
            same = found.setdefault(sizes, said.conclusions) == said.conclusions
            where = {"store": side.role, "author": author, "sizes": sizes}
            verdict.expect(CHECK, same, "other conclusions from the same entries", **where)
            stated += sizes in ends
    verdict.counts["conclusions"] = stated


def total_of(side: Side) -> bytes:
    """Return the sum over all shared rows that a store shows: 32 bytes, the largest first."""
    total = sum(int.from_bytes(sha256(_written(row)).digest(), "big") for row in _shared_rows(side))
    return (total % MODULUS).to_bytes(32, "big")


def _shared_rows(side: Side) -> Iterator[dict[str, Any]]:
    yield from ({"item": row.item, "row": read_row(row.row)} for row in side.rows.items if row.valid_to is None)
    for clock in side.rows.clocks:
        if clock.valid_to is None and (row := read_row(clock.row)):
            yield {"clock": clock.name, "item": clock.item, "row": row}
    yield from ({"journal": ROLES[step.role], "seen": step.seen, "time": step.time} for step in side.rows.steps)


def _written(row: dict[str, Any]) -> bytes:
    """Return a row as canonical JSON, which is just this where all keys are ASCII and all numbers integers."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _statements(side: Side, author: str) -> Iterator[Statement]:
    """Yield what an author's receipts state, where they state conclusions."""
    for row in side.journals[author].rows.receipts:
        try:
            said = read_receipt(row.checkpoint_note, row.statement_note).statement
        except FormError:
            continue  # found in `evidence`
        if said.conclusions != NOT_COMPUTED:
            yield said
