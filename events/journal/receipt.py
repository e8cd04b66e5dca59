"""Receipts: what one party states, under its own keys, about the journal of the other.

A receipt is two notes: the partner's checkpoint at the size held, with the partner's signature and the mirror's
cosignature, sometimes the mirror's seal; and a statement by the author's journal key of what is held, judged and
concluded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from events.encoding.base64 import encode_base64
from events.errors import NoteError, NoteSignatureError, ReceiptError
from events.journal.checkpoint import Checkpoint, parse_checkpoint, parse_decimal, parse_hash
from events.journal.seal import verify_seal
from events.notes.note import Note, SignatureLine, Signer, format_note, parse_note, sign_note, verify_note
from events.notes.signers import Cosigner, verify_cosignature
from events.notes.vkey import VerifierKey

NOT_COMPUTED = "-"
"""The conclusions of a receipt whose author did not compute them."""

MAX_RECEIPT_BYTES = 262144
MAX_RULE_SET = 2**31 - 1

_MAGIC = "counterfoil/receipt/v1"
_LINES = 9
_FRAME = re.compile(rb"(0|[1-9][0-9]{0,5}) ([1-9][0-9]{0,5})\n")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a receipt says: its author's own origin, size and root; of the partner's journal what is held and judged.

    Sizes count entries, `root` has 32 bytes; `conclusions` is the base64 of 32 bytes, or `-` where not computed.
    """

    origin: str
    size: int
    root: bytes
    partner_origin: str
    held: int
    judged: int
    rule_set: int
    conclusions: str = NOT_COMPUTED

    def text(self) -> bytes:
        """Return the text that is signed, one value a line."""
        own = (self.origin, self.size, encode_base64(self.root))
        partner = (self.partner_origin, self.held, self.judged)
        values = (_MAGIC, *own, *partner, self.rule_set, self.conclusions)
        return "".join(f"{value}\n" for value in values).encode()


@dataclass(frozen=True, kw_only=True)
class Receipt(Statement):
    """A receipt with the bytes of its two notes; the first is empty while the partner's journal is empty."""

    checkpoint_note: bytes
    statement_note: bytes

    def encode(self) -> bytes:
        """Return the bytes of the receipt as they travel."""
        return frame_receipt(self.checkpoint_note, self.statement_note)


def make_receipt(
    *,
    statement: Statement,
    partner_note: bytes,
    posix_time: int,
    signer: Signer,
    cosigner: Cosigner,
    seals: Sequence[SignatureLine] = (),
) -> Receipt:
    """Sign a statement and cosign the partner's checkpoint at the size held, at a time in whole Unix seconds.

    `partner_note` is that checkpoint as its page brought it; empty while nothing is held. `seals` are the lines
    by which the mirror sealed it, if it did.

    Raises:
        ReceiptError: `receipt.malformed`: the statement and the checkpoint do not belong together.
    """
    checkpoint_note = b""
    if partner_note:
        note = parse_note(partner_note)
        cosignature = cosigner.cosign(note.text, posix_time)
        checkpoint_note = format_note(note.text, (*note.signatures, cosignature, *seals))
    receipt = Receipt(
        **{name: getattr(statement, name) for name in Statement.__dataclass_fields__},
        checkpoint_note=checkpoint_note,
        statement_note=sign_note(statement.text(), signer),
    )
    _check_agreement(receipt)
    return receipt


def parse_receipt(raw: bytes, origin: str, partner_origin: str) -> Receipt:
    """Read a receipt that the writer of `origin` made about `partner_origin`. Nothing of it is believed yet.

    Raises:
        ReceiptError: `receipt.malformed`: framing, a note, a value, another journal, or values that contradict.
    """
    checkpoint_note, statement_note = _split(raw)
    try:
        receipt = _read_statement(parse_note(statement_note), checkpoint_note)
        _check_agreement(receipt)
    except NoteError as error:
        raise _malformed(error.detail) from error
    if (receipt.origin, receipt.partner_origin) != (origin, partner_origin):
        raise _malformed(f"not of {origin} about {partner_origin}")
    return receipt


def verify_receipt(
    receipt: Receipt,
    journal_key: VerifierKey,
    mirror_key: VerifierKey,
    own_journal_key: VerifierKey,
    mirror_seal: VerifierKey | None = None,
) -> int | None:
    """Check the signatures of a receipt that came to the writer of the journal that it is about.

    1. The statement, by the journal key of the receipt's author. 2. The checkpoint, by one's own journal key in force
    at that size. 3. The checkpoint again, by the mirror key of the receipt's author. 4. Its seal, where it has one:
    whoever gives no key for it ignores the line.

    Returns the cosignature's time in Unix seconds, None where there is no checkpoint yet.

    Raises:
        ReceiptError: `receipt.signature_invalid`: one of the first three is missing, or one of the four is wrong.
    """
    # 1. The statement.
    if not verify_note(parse_note(receipt.statement_note), journal_key):
        raise _not_signed(journal_key)
    if not receipt.checkpoint_note:
        return None
    # 2. The checkpoint, by the one whose journal it is.
    note = parse_note(receipt.checkpoint_note)
    if not verify_note(note, own_journal_key):
        raise _not_signed(own_journal_key)
    # 3. The cosignature, by the one who holds a copy.
    try:
        times = [verify_cosignature(note.text, line, mirror_key) for line in note.lines_by(mirror_key)]
        # 4. The seal, which outlives the three.
        if mirror_seal is not None:
            for line in note.lines_by(mirror_seal):
                verify_seal(parse_checkpoint(note), line, mirror_seal)
    except NoteSignatureError as error:
        raise ReceiptError("receipt.signature_invalid", error.detail) from error
    if not times:
        raise _not_signed(mirror_key)
    return max(times)


def frame_receipt(checkpoint_note: bytes, statement_note: bytes) -> bytes:
    """Return the bytes of a receipt of these two notes."""
    return b"%d %d\n" % (len(checkpoint_note), len(statement_note)) + checkpoint_note + statement_note


def stated_root(statement_note: bytes) -> bytes:
    """Return the root of its author's journal that a statement, read before, names.

    Raises:
        NoteError: it is no statement.
    """
    return _read_statement(parse_note(statement_note), b"").root


def held_checkpoint(receipt: Receipt) -> Checkpoint | None:
    """Return the partner's checkpoint that a receipt carries, None where there is none yet."""
    return parse_checkpoint(parse_note(receipt.checkpoint_note)) if receipt.checkpoint_note else None


def _split(raw: bytes) -> tuple[bytes, bytes]:
    frame = _FRAME.match(raw)
    if frame is None or len(raw) > MAX_RECEIPT_BYTES:
        raise _malformed(f"a receipt begins with two lengths and has at most {MAX_RECEIPT_BYTES} bytes")
    middle = frame.end() + int(frame[1])
    if len(raw) != middle + int(frame[2]):
        raise _malformed("the lengths are not those of the two notes")
    return raw[frame.end() : middle], raw[middle:]


def _read_statement(note: Note, checkpoint_note: bytes) -> Receipt:
    lines = note.lines()
    if len(lines) != _LINES or lines[0] != _MAGIC:
        raise NoteError(f"a statement is {_LINES} lines and begins with {_MAGIC}")
    _, origin, size, root, partner_origin, held, judged, rule_set, conclusions = lines
    if conclusions != NOT_COMPUTED:
        parse_hash(conclusions)
    if parse_decimal(rule_set) > MAX_RULE_SET:
        raise NoteError(f"no rule set has a number beyond {MAX_RULE_SET}")
    return Receipt(
        origin=origin,
        size=parse_decimal(size),
        root=parse_hash(root),
        partner_origin=partner_origin,
        held=parse_decimal(held),
        judged=parse_decimal(judged),
        rule_set=parse_decimal(rule_set),
        conclusions=conclusions,
        checkpoint_note=checkpoint_note,
        statement_note=note.raw,
    )


def _check_agreement(receipt: Receipt) -> None:
    """Refuse a statement that judges more than it holds, or that its checkpoint does not bear out."""
    if receipt.judged > receipt.held:
        raise _malformed("more is judged than held")
    checkpoint = held_checkpoint(receipt)
    stated = (receipt.partner_origin, receipt.held)
    if checkpoint is None and receipt.held:
        raise _malformed("no checkpoint of what is held")
    if checkpoint is not None and (not receipt.held or (checkpoint.origin, checkpoint.size) != stated):
        raise _malformed("the checkpoint is not of the journal and size that the statement names")


def _malformed(detail: str) -> ReceiptError:
    return ReceiptError("receipt.malformed", detail)


def _not_signed(key: VerifierKey) -> ReceiptError:
    return ReceiptError("receipt.signature_invalid", f"not signed by {key.name} {key.key_id.hex()}")
