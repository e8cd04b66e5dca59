"""K8: whatever came in is applied, refused, a repeat, set aside with its code, or waits; the sums add up."""

from collections import Counter
from hashlib import sha256
from itertools import product

from tests.checker.checks.wire_records import check_topic
from tests.checker.client_log import shown
from tests.checker.form.catalogue import batches_named
from tests.checker.form.lines import is_moment
from tests.checker.form.reading import read
from tests.checker.gathered import Run, Side
from tests.checker.journal import REFUSED, Held, Journal
from tests.checker.replay import refused_by
from tests.checker.stores.rows import ROLES, QuarantineRow, other
from tests.checker.verdict import Verdict

CHECK = "K8"
STANDING = {
    "relationship",
    "journal",
    "agreement",
    "agreement_review",
    "communication_list",
    "communication_list_review",
    "risk",
    "risk_review",
    "suspension",
    "suspension_review",
    "regulatory_measure",
    "regulatory_measure_review",
    "process_version",
    "process_version_review",
    "standard_version",
    "standard_version_review",
    "capability_profile",
    "capability_profile_review",
    "liaison",
    "key_person",
}
CODES = {
    "page.too_large",
    "page.malformed",
    "page.wrong_journal",
    "page.signature_invalid",
    "page.overlap",
    "page.root_mismatch",
    "page.history_conflict",
    "receipt.malformed",
    "receipt.signature_invalid",
    "resend.malformed",
    "entry.seen_withheld",  # no bytes that were refused, but a page and a receipt that contradict each other
}


def check(run: Run, verdict: Verdict) -> None:
    """Account for entries, refusals, quarantine, and, where the wire is at hand, for every record."""
    for side, role in product(run, ROLES):
        _check_counts(side.role, side.journals[role], verdict)
        _check_refusals(side, role, verdict)
    for side in run:
        _check_quarantine(side, verdict)
        waiting = [first for first, _, _ in side.rows.held_pages]
        verdict.expect(CHECK, not waiting, f"pages from {waiting} still wait", store=side.role)
        if run.topics is not None:
            check_topic(run, side, run.topics[other(side.role)], verdict)
    verdict.counts["entries"] = {author.role: author.size for author, _ in run.pairs()}
    verdict.counts["refused"] = {
        author.role: sum(held.row.code is not None for held in author.entries) for author, _ in run.pairs()
    }
    verdict.counts["quarantined"] = {side.role: len(side.rows.quarantine) for side in run}


def _check_counts(store: str, journal: Journal, verdict: Verdict) -> None:
    """Compare what is counted and indexed beside the entries with the entries."""
    where = {"store": store, "journal": journal.role}
    counts = dict(Counter(held.line.type for held in journal.accepted()))
    for name in sorted(counts.keys() | journal.rows.counts.keys()):
        kept, due = journal.rows.counts.get(name), counts.get(name)
        verdict.expect(CHECK, kept == due, f"{kept} entries of {name} are counted, {due} are there", **where)
    standing = [held.position for held in journal.entries if _is_standing(held)]
    kept_standing = journal.rows.standing
    strange = sorted(set(standing) ^ set(kept_standing))
    verdict.expect(CHECK, standing == kept_standing, f"wrong marks of what every judgement needs: {strange}", **where)
    _check_batches(store, journal, verdict)


def _check_batches(store: str, journal: Journal, verdict: Verdict) -> None:
    """Compare the batches that subjects are found by, when one is released, with what the entries name."""
    named = {
        (read(number), held.subject)
        for held in journal.accepted()
        for number in batches_named(held.line.type, held.line.body)
    }
    verdict.look(CHECK, len(named))
    for number, subject in sorted(named ^ journal.rows.batches):
        what = (
            "named as touching a batch, and not found by it"
            if (number, subject) in named
            else "found by a batch that it does not name"
        )
        verdict.fail(CHECK, what, store=store, journal=journal.role, batch=number, subject=subject)


def _is_standing(held: Held) -> bool:
    return held.subject.partition("/")[0] in STANDING and held.line.type != "journal.taken.v1"


def _check_refusals(side: Side, role: str, verdict: Verdict) -> None:
    """Ask that each refused entry of a journal has exactly one notice with its code, and each notice its entry."""
    journal, reader = side.journals[role], side.journals[other(role)]
    notices: Counter[tuple[int, str]] = Counter()
    disputed = {
        (body["entry"]["position"], body["entry"]["leaf"])
        for body in (held.line.body for held in journal.accepted("refusal.disputed.v1"))
        if body is not None
    }
    for refusal in reader.accepted(REFUSED):
        for named in refused_by(refusal):
            where = {"store": side.role, "journal": other(role), "position": refusal.position}
            held = journal.at.get(named["position"])
            there = held is not None and shown(held.line.leaf) == named["leaf"]
            there = there and named["position"] < refusal.line.seen
            if not verdict.expect(CHECK, there, "a refusal names a leaf that is not there", **where) or held is None:
                continue
            contested = held.row.code is None and (named["position"], named["leaf"]) in disputed
            fits = contested or held.row.code == named["code"]
            verdict.expect(CHECK, fits, f"refused as {named['code']}, its verdict is {held.row.code}", **where)
            notices[named["position"], named["leaf"]] += 1
    for held in journal.entries:
        if held.row.code is not None and held.line.type != REFUSED:
            count = notices[held.position, shown(held.line.leaf)]
            where = {"store": side.role, "journal": role, "position": held.position}
            verdict.expect(CHECK, count == 1, f"a refused entry with {count} notices", **where)


def _check_quarantine(side: Side, verdict: Verdict) -> None:
    rows = side.rows.quarantine
    where = {"store": side.role}
    numbers = [row.number for row in rows]
    verdict.expect(CHECK, numbers == list(range(1, len(rows) + 1)), f"quarantine is numbered {numbers}", **where)
    due = (len(rows), sum(len(row.value or b"") for row in rows))
    total = side.rows.quarantine_total or (0, 0)
    verdict.expect(CHECK, total == due, f"quarantine is summed up as {total}, it holds {due}", **where)
    for row in rows:
        verdict.expect(CHECK, _is_whole(row), "a record of quarantine is not whole", **where, number=row.number)


def _is_whole(row: QuarantineRow) -> bool:
    fits = row.value is None or sha256(row.value).digest() == row.digest
    return fits and row.code in CODES and bool(row.kind) and is_moment(row.at) and len(row.digest) == 32
