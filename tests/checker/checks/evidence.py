"""K10: each party holds the other's signed word for everything, and nobody has signed two histories.

Roots are computed from the leaves at every size that somebody signed, which proves more than consistency proofs
between them would.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.checker.checks.receipts import receipt_flaw
from tests.checker.form.canonical import FormError
from tests.checker.form.lines import is_moment
from tests.checker.form.notes import Checkpoint, Note, parse_checkpoint, parse_note
from tests.checker.form.records import Receipt, parse_page, parse_receipt, read_receipt
from tests.checker.gathered import Run, Side
from tests.checker.journal import REFUSED, Journal
from tests.checker.stores.rows import ROLES, ReceiptRow, SealRow, other
from tests.checker.verdict import Verdict

CHECK = "K10"
_ROOTED = ("page", "returned", "receipt")  # kinds of records that name a root


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a receipt lies, who made it, and the journals that it is about as that store holds them."""

    side: Side
    author: str
    row: ReceiptRow

    @property
    def own(self) -> Journal:
        """Return the journal of the receipt's author."""
        return self.side.journals[self.author]

    @property
    def partner(self) -> Journal:
        """Return the journal that it is about."""
        return self.side.journals[other(self.author)]

    @property
    def where(self) -> dict[str, object]:
        """Return the place as a counterexample tells it."""
        return {"store": self.side.role, "author": self.author, "size": self.row.size, "held": self.row.held}


def check(run: Run, verdict: Verdict) -> None:
    """Check every receipt and seal in both stores, then look for a second history in everything that was signed."""
    for side, author in product(run, ROLES):
        for row in side.journals[author].rows.receipts:
            _check_receipt(run, _Place(side, author, row), verdict)
        _check_growth(side, author, verdict)
    for side in run:
        _check_last(side, verdict)
        for seal in side.rows.seals:
            _check_seal(run, side, seal, verdict)
    _check_histories(run, verdict)


def _check_receipt(run: Run, place: _Place, verdict: Verdict) -> None:
    row, where = place.row, place.where
    try:
        receipt = read_receipt(row.checkpoint_note, row.statement_note)
    except FormError as error:
        verdict.fail(CHECK, f"a receipt: {error}", **where)
        return
    said = receipt.statement
    kept = (row.size, row.held, row.judged, row.rule_set)
    stated = (said.size, said.held, said.judged, said.rule_set)
    verdict.expect(CHECK, kept == stated, f"a receipt is kept as {kept}, its note says {stated}", **where)
    flaw = receipt_flaw(receipt, place.author, run)
    verdict.expect(CHECK, flaw is None, f"a receipt: {flaw}", **where)
    fits = said.root == place.own.root(said.size)
    verdict.expect(CHECK, fits, "the author's root is not that of its journal", **where)
    verdict.expect(CHECK, is_moment(row.at), "a receipt without its time", **where)
    if receipt.checkpoint is not None:
        fits = parse_checkpoint(receipt.checkpoint).root == place.partner.root(said.held)
        verdict.expect(CHECK, fits, "a root that is not the partner's journal", **where)
    _check_promise(place, receipt, verdict)


def _check_promise(place: _Place, receipt: Receipt, verdict: Verdict) -> None:
    """Ask that no later entry of a receipt's author claims to have seen less than it said to have judged."""
    following = place.own.at.get(receipt.statement.size)
    if following is not None and following.accepted and following.line.type != REFUSED:
        kept = following.line.seen >= receipt.statement.judged
        verdict.expect(CHECK, kept, f"the entry at {following.position} claims to have seen less", **place.where)


def _check_seal(run: Run, side: Side, row: SealRow, verdict: Verdict) -> None:
    """Ask that what an author sealed is its own journal at that size, signed and sealed by its keys alone."""
    where: dict[str, object] = {"store": side.role, "size": row.size}
    try:
        note = parse_note(row.note)
        shown = parse_checkpoint(note)
    except FormError as error:
        verdict.fail(CHECK, f"a seal: {error}", **where)
        return
    keys = run.keys[side.role]
    signed = any(map(note.is_signed_by, keys.of_statement(row.size))) and note.is_signed_by(keys.of_seal(row.size))
    verdict.expect(CHECK, signed and len(note.signatures) == 2, "a seal that is not of its author alone", **where)
    fits = shown == Checkpoint(side.own.origin, row.size, side.own.root(row.size) or b"")
    verdict.expect(CHECK, fits, "a seal of another journal, size or root", **where)


def _check_growth(side: Side, author: str, verdict: Verdict) -> None:
    """Ask that what an author holds and has judged never shrinks."""
    held = judged = 0
    for row in side.journals[author].rows.receipts:
        grows = row.held >= held and row.judged >= judged
        what = f"after {held} held and {judged} judged only {row.held} and {row.judged}"
        verdict.expect(CHECK, grows, what, store=side.role, author=author, size=row.size)
        held, judged = row.held, row.judged


def _check_last(side: Side, verdict: Verdict) -> None:
    """Ask that the partner's last word covers the whole own journal."""
    receipts = side.journals[other(side.role)].rows.receipts
    last = (receipts[-1].held, receipts[-1].judged) if receipts else (0, 0)
    what = f"the partner's last receipt is for {last}, the journal has {side.own.size} entries"
    verdict.expect(CHECK, last == (side.own.size, side.own.size), what, store=side.role)


def _check_histories(run: Run, verdict: Verdict) -> None:
    """Look for two roots of one journal at one size, both signed by its key."""
    found: dict[tuple[str, int], tuple[bytes, str]] = {}
    for note, shown, where in _signed(run):
        if not _is_believed(run, note, shown):
            continue
        root, first = found.setdefault((shown.origin, shown.size), (shown.root, where))
        what = f"two histories of {shown.origin} at size {shown.size}"
        verdict.expect(CHECK, root == shown.root, what, one=first, other=where)


def _is_believed(run: Run, note: Note, shown: Checkpoint) -> bool:
    for role in ROLES:
        if shown.origin == run.sides[role].own.origin:
            return any(map(note.is_signed_by, run.keys[role].of_statement(shown.size)))
    return False


def _signed(run: Run) -> Iterator[tuple[Note, Checkpoint, str]]:
    """Yield every note that names a root, of either store or the wire, with where it lies; others are left out."""
    for kind, value, where in _kept(run):
        try:
            if kind == "receipt":
                yield from _in_receipt(parse_receipt(value), where)
            else:
                note = parse_note(value) if kind == "note" else parse_page(value).note
                yield note, parse_checkpoint(note), where
        except FormError:
            continue


def _in_receipt(receipt: Receipt, where: str) -> Iterator[tuple[Note, Checkpoint, str]]:
    said = receipt.statement
    yield receipt.note, Checkpoint(said.origin, said.size, said.root), where
    if receipt.checkpoint is not None:
        yield receipt.checkpoint, parse_checkpoint(receipt.checkpoint), where


def _kept(run: Run) -> Iterator[tuple[str, bytes, str]]:
    """Yield what may hold a signed root, as records of the wire: kind, value, where it lies."""
    for side, author in product(run, ROLES):
        rows = side.journals[author].rows
        yield from (("note", page.note, f"{side.role}'s page of {author} to {page.size}") for page in rows.pages)
        for row in rows.receipts:
            value = b"%d %d\n" % (len(row.checkpoint_note), len(row.statement_note))
            value += row.checkpoint_note + row.statement_note
            yield "receipt", value, f"{side.role}'s receipt by {author} for {row.held}"
    for side in run:
        for kept in side.rows.quarantine:
            if kept.kind in _ROOTED:
                yield kept.kind, kept.value or b"", f"{side.role}'s quarantine {kept.number}"
    for role, topic in (run.topics or {}).items():
        for record in topic.records if topic is not None else ():
            if record.kind in _ROOTED:
                yield record.kind, record.value, f"{role}'s topic at {record.offset}"
