"""How a gateway reads each thing, from bytes to what it believes; the product's own code, one after the other.

What is believed is returned: two readings that are equal mean the same. Everything else ends in an error with a code.
"""

import json
from collections.abc import Callable
from typing import Any

from domain.judging.judge import read_line
from events.encoding.base64 import decode_base64
from events.errors import EntryError, NoteError, NoteSignatureError, PageError, ProofError
from events.journal.checkpoint import parse_checkpoint
from events.journal.page import check_page_signature, parse_page
from events.journal.proof import verify_proof
from events.journal.receipt import held_checkpoint, parse_receipt, verify_receipt
from events.journal.resend import parse_resend, verify_resend
from events.journal.tree import verify_consistency
from events.notes.note import Note, parse_note, verify_note
from events.notes.signers import verify_cosignature
from events.notes.vkey import VerifierKey
from events.pairing import Invitation, fingerprint
from services.gateway.exchange.pairing import FingerprintDiffersError
from tests.events.golden.cast import CMO, MAH
from tests.lies.originals import CUTS, Original, frontier


class PageWaitsError(Exception):
    """A page that begins beyond what is held: nothing is refused, nothing is taken in, and it is asked for again."""

    code = "waits"


def read_page(raw: bytes, original: Original) -> object:
    """A page of the manufacturer's, by who holds its journal up to a size (formats.md 5, steps 1 to 4, then each line).

    Every byte of a page is vouched for: what is believed is the bytes.
    """
    page = parse_page(raw, CMO.origin)
    check_page_signature(page, CMO.journal.vkey)
    if page.first > original.held or page.first >= CUTS[-1]:
        raise PageWaitsError
    if page.first < original.held:
        raise PageError("page.overlap")
    grown = frontier(page.first).copy()
    arrivals = [read_line(line) for line in page.lines]
    grown.extend(each.leaf for each in arrivals)
    if grown.root() != page.checkpoint.root:
        raise PageError("page.root_mismatch")
    for each in arrivals:
        if each.entry is None:
            raise EntryError("entry.malformed", each.detail)
    return raw


def read_receipt(raw: bytes, original: Original) -> object:
    """A receipt of the holder's about the manufacturer's journal: what is stated, and when it was cosigned.

    Lines of unknown keys, and the order of lines, are vouched for by nobody.
    """
    del original
    made = parse_receipt(raw, MAH.origin, CMO.origin)
    time = verify_receipt(made, MAH.journal.vkey, MAH.mirror.vkey, CMO.journal.vkey)
    return made.text(), held_checkpoint(made), time


def read_resend(raw: bytes, original: Original) -> object:
    """A request of the holder's: which journal, from where, asked when."""
    del original
    made = parse_resend(raw)
    verify_resend(made, MAH.journal.vkey)
    return made.origin_wanted, made.first, made.time


def read_proof(raw: bytes, original: Original) -> object:
    """The proof of an entry of the manufacturer's: place, checkpoint, cosigned when. Nobody vouches for `extra`."""
    return verify_proof(_text(raw), original.leaf, CMO.journal.vkey, [MAH.mirror.vkey])


def read_consistency(raw: bytes, original: Original) -> object:
    """Two checkpoints of the manufacturer's journal, the later of which begins with the earlier."""
    del original
    try:
        fields = json.loads(_text(raw))
        notes = [parse_note(fields[name].encode()) for name in ("old", "new")]
        hashes = [decode_base64(each) for each in fields["hashes"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProofError("not the JSON of the tests") from error
    except NoteError as error:
        raise ProofError(error.detail) from error
    old, new = (_checkpoint_of(note) for note in notes)
    if not verify_consistency(old.size, new.size, old.root, new.root, hashes):
        raise ProofError("not the beginning of the later tree")
    return old, new


def read_cosigned(raw: bytes, original: Original) -> object:
    """A checkpoint of the manufacturer's that the holder has cosigned: which, and when."""
    del original
    note = parse_note(raw)
    checkpoint = parse_checkpoint(note)
    if checkpoint.origin != CMO.origin or not verify_note(note, CMO.journal.vkey):
        raise NoteSignatureError("not signed by its author")
    times = [verify_cosignature(note.text, line, MAH.mirror.vkey) for line in note.lines_by(MAH.mirror.vkey)]
    if not times:
        raise NoteSignatureError("not cosigned")
    return checkpoint, max(times)


def read_vkey(raw: bytes, original: Original) -> object:
    """A key that is registered: every byte counts."""
    del original
    VerifierKey.parse(_text(raw))
    return raw


def read_invitation(raw: bytes, original: Original) -> object:
    """The manufacturer's invitation, and the fingerprint that two people compare.

    The name and the address are shown to a person and vouched for by nobody.
    """
    invited, honest = Invitation.parse(raw), Invitation.parse(original.raw)
    if _fingerprint(invited) != _fingerprint(honest):
        raise FingerprintDiffersError("other keys")
    return invited.party, invited.role, invited.relationship, invited.party_keys, invited.topic


def _fingerprint(invited: Invitation) -> str:
    keys = invited.party_keys
    return fingerprint((*MAH.keys.vkeys, *keys.vkeys), (MAH.keys.label_key, keys.label_key))


def _checkpoint_of(note: Note) -> Any:
    if not verify_note(note, CMO.journal.vkey):
        raise ProofError("a checkpoint that its author did not sign")
    try:
        return parse_checkpoint(note)
    except NoteError as error:
        raise ProofError(error.detail) from error


def _text(raw: bytes) -> str:
    """Bytes as whoever hands them over decodes them: what is no UTF-8 shows as half a surrogate pair."""
    return raw.decode("utf-8", "surrogateescape")


READERS: dict[str, Callable[[bytes, Original], object]] = {
    "page": read_page,
    "receipt": read_receipt,
    "resend": read_resend,
    "proof": read_proof,
    "consistency": read_consistency,
    "cosigned": read_cosigned,
    "vkey": read_vkey,
    "invitation": read_invitation,
}

CODES: dict[str, frozenset[str]] = {
    "page": frozenset(
        {
            "page.too_large",
            "page.malformed",
            "page.wrong_journal",
            "page.signature_invalid",
            "page.overlap",
            "page.root_mismatch",
            "entry.malformed",
            PageWaitsError.code,
        }
    ),
    "receipt": frozenset({"receipt.malformed", "receipt.signature_invalid"}),
    "resend": frozenset({"resend.malformed"}),
    "proof": frozenset({"proof.invalid"}),
    "consistency": frozenset({"proof.invalid"}),
    "cosigned": frozenset({"note.malformed", "note.signature_invalid"}),
    "vkey": frozenset({"key.refused"}),
    "invitation": frozenset({"invitation.malformed", FingerprintDiffersError.code}),
}
"""What each reader may say of bytes that it does not believe, and nothing else."""

EXACT = frozenset({"page", "vkey"})
"""Readers that believe one string of bytes alone."""
