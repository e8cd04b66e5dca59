"""K5: nothing is missing or out of turn. What an entry says of its own place is looked at in `invention`."""

from tests.checker.client_log import shown
from tests.checker.gathered import Run, Side
from tests.checker.journal import Journal, places_in
from tests.checker.replay import Replay
from tests.checker.stores.rows import ROLES, JournalRow, other
from tests.checker.verdict import Verdict

CHECK = "K5"
_MARK = b'"leaf"'  # every reference to an entry names its leaf


def check(run: Run, verdict: Verdict) -> None:
    """Go through positions, local sequences, and what was there before what."""
    for side in run:
        count, least, largest = side.rows.sequences
        gapless = (least, largest) == (1, count)
        what = f"{count} entries have local sequences from {least} to {largest}"
        verdict.expect(CHECK, gapless, what, store=side.role)
        for role in ROLES:
            _check_positions(side.role, side.journals[role], verdict)
            _check_answers(side, role, verdict)
            _check_references(side, role, verdict)
            _check_end(side.role, side.journals[role], side.replays[role], verdict)


def _check_positions(store: str, journal: Journal, verdict: Verdict) -> None:
    last = 0
    for place, held in enumerate(journal.entries):
        where = {"store": store, "journal": journal.role, "position": held.position}
        verdict.expect(CHECK, held.position == place, f"position {place} is missing or taken twice", **where)
        verdict.expect(CHECK, held.row.sequence > last, "taken in before the entry that it follows", **where)
        last = held.row.sequence
    for page in journal.rows.pages:
        held_last = journal.at.get(page.size - 1)
        fits = held_last is not None and held_last.row.sequence == page.sequence
        where = {"store": store, "journal": journal.role, "first": page.first}
        verdict.expect(CHECK, fits, "a page's local sequence is not that of its last entry", **where)


def _check_answers(side: Side, role: str, verdict: Verdict) -> None:
    """Ask that what an entry has seen was taken in before it."""
    journal, partner = side.journals[role], side.journals[other(role)]
    for held in journal.accepted():
        if held.line.seen:
            last_seen = partner.at.get(held.line.seen - 1)
            before = last_seen is not None and last_seen.row.sequence < held.row.sequence
            where = {"store": side.role, "journal": role, "position": held.position}
            verdict.expect(CHECK, before, f"taken in before the {held.line.seen} entries that it has seen", **where)


def _check_references(side: Side, role: str, verdict: Verdict) -> None:
    """Ask that an entry refers only to what was there before it: of the partner's journal, to what it has seen."""
    for held in side.journals[role].accepted():
        for ref in places_in(held.line.body) if _MARK in (held.row.body or b"") else ():
            if (journal := side.journals.get(ref.get("journal", ""))) is None:
                continue
            end = held.position if journal.role == role else held.line.seen
            named = journal.at.get(ref["position"])
            there = named is not None and shown(named.line.leaf) == ref["leaf"] and named.position < end
            where = {"store": side.role, "journal": role, "position": held.position}
            verdict.expect(CHECK, there, f"refers to {ref}, which is not there before it", **where)


def _check_end(store: str, journal: Journal, replay: Replay, verdict: Verdict) -> None:
    due = JournalRow(journal.size, replay.claimed, replay.order_seen, replay.time)
    kept = journal.rows.end or JournalRow(0, 0, 0, "")
    where = {"store": store, "journal": journal.role}
    verdict.expect(CHECK, kept == due, f"the journal's end is kept as {kept}, its entries say {due}", **where)
