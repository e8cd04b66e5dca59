"""A golden store as it is kept: plain text, from which each side's store is made again by the product's own way in.

A side gets its own pages as ones that a partner returned, and the partner's as they came, in the order in which they
were taken in then. Its mark lies beyond everything, so it judges and folds, and signs nothing of its own.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from events.encoding.identifiers import Relationship, Role
from events.journal.page import Page
from events.notes.vkey import VerifierKey
from events.pairing import Invitation
from events.stored.relationship import StoredRelationship
from infra.keys.ring import KeyRing
from infra.read_model.sql_read_model import SqlReadModel
from infra.read_model.tables import CLOCK_VERSION, ITEM_VERSION, RECEIVED_STEP
from infra.store.sql_store import SqlStore
from services.gateway.exchange.jobs import IncomingJob
from services.gateway.projections.projector import Projector
from tests.services.exchange.fakes import HandClock, KeptMark, ListWire
from tests.services.exchange.world import NUMBER, Side

FOLDER = Path(__file__).parent
BEYOND = 10**9


@dataclass(frozen=True)
class Golden:
    """The folder of one release."""

    folder: Path

    def invitation(self, role: Role) -> Invitation:
        return Invitation.parse((self.folder / f"invitation-{role.value}.json").read_bytes())

    @property
    def relationship(self) -> Relationship:
        return self.invitation(Role.MAH).relationship

    def keys(self, role: Role) -> KeyRing:
        """The test keys of a side: they open nothing else."""
        kept = json.loads((self.folder / "test-keys.json").read_text())[role.value]
        seeds = {name: bytes.fromhex(seed) for name, seed in kept["seeds"].items()}
        return KeyRing(self.relationship.origin(role), seeds, VerifierKey.parse(kept["recovery"]))

    def pages(self, role: Role) -> dict[int, Page]:
        """The pages of a journal by their first position."""
        lines = (self.folder / f"journal-{role.value}.txt").read_bytes().split(b"\n")[:-1]
        found, first = {}, 0
        for kept in (self.folder / f"checkpoints-{role.value}.jsonl").read_text().splitlines():
            page = json.loads(kept)
            entries = tuple(lines[first : page["size"]])
            found[first] = Page(self.relationship.origin(role), first, entries, page["note"].encode())
            first = page["size"]
        return found

    def arrivals(self, role: Role) -> list[tuple[Role, int]]:
        """The pages that a side took in, in its order: whose, and from where."""
        lines = (self.folder / f"arrivals-{role.value}.txt").read_text().split()
        return [(Role(author), int(first)) for author, first in zip(lines[::2], lines[1::2], strict=True)]

    def expected(self, role: Role) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / f"expected-{role.value}.json").read_text())
        return found


def releases() -> list[Golden]:
    """All golden stores, the oldest release first."""
    return [Golden(each.parent) for each in sorted(FOLDER.glob("*/test-keys.json"))]


def folded(golden: Golden, role: Role, place: Path) -> dict[str, Any]:
    """Take a golden store in and fold it; return verdicts and rows."""
    side = _side(golden, role, place)
    pages = {author: golden.pages(author) for author in Role}
    for offset, (author, first) in enumerate(golden.arrivals(role), 1):
        kind = "returned" if author is role else "page"
        job = IncomingJob(NUMBER, [(kind, pages[author][first].encode())], "golden", offset)
        side.run(job)
        job.outcome.result(0)
    Projector(side.store, SqlReadModel(side.store), _fail).catch_up()
    found = {"verdicts": _verdicts(side), **rows_of(side.store)}
    side.store.close()
    return found


def rows_of(store: SqlStore) -> dict[str, Any]:
    """All versions of all rows."""
    with store.reading_connection() as connection:
        item, clock, step = ITEM_VERSION.c, CLOCK_VERSION.c, RECEIVED_STEP.c
        items = select(item.item, item.valid_from, item.valid_to, item.row).order_by(item.item, item.valid_from)
        clocks = select(clock.item, clock.name, clock.valid_from, clock.valid_to, clock.row)
        steps = select(step.role, step.seen, step.time, step.sequence).order_by(step.role, step.seen)
        return {
            "items": [[*row[:-1], json.loads(row[-1])] for row in connection.execute(items)],
            "clocks": [
                [*row[:-1], json.loads(row[-1])]
                for row in connection.execute(clocks.order_by("item", "name", "valid_from"))
            ],
            "received": [[row[0].value, *row[1:]] for row in connection.execute(steps)],
        }


def covers(expected: Any, found: Any, where: str = "") -> list[str]:
    """Say where what was folded lacks, or has otherwise, something that was expected; new fields are no difference."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [said for name, value in expected.items() for said in covers(value, found.get(name), f"{where}.{name}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            said
            for place, pair in enumerate(zip(expected, found, strict=True))
            for said in covers(*pair, f"{where}[{place}]")
        ]
    return [] if expected == found else [f"{where}: {expected!r} was expected, {found!r} came"]


def _side(golden: Golden, role: Role, place: Path) -> Side:
    clock = HandClock()
    clock.move(10 * 86400)
    url = f"sqlite:///{place / f'{role.value}.sqlite'}"
    side = Side(role, url, ListWire(), clock, keys=lambda _, author: golden.keys(author))
    side.mark = KeptMark(BEYOND, BEYOND)
    invitations = {each: golden.invitation(each).dump() for each in Role}
    side.keep(
        StoredRelationship(
            NUMBER, golden.relationship, role, invitations[role], invitations[role.other], "2026-11-22T09:30:44.000000Z"
        )
    )
    side.restart()
    return side


def _verdicts(side: Side) -> dict[str, list[list[Any]]]:
    return {
        author.value: [[entry.position, entry.type, entry.code, entry.violates] for entry in side.entries(author)]
        for author in Role
    }


def _fail(detail: str) -> None:
    raise AssertionError(detail)
