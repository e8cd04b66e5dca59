"""The proof of one entry, exactly C2SP tlog-proof: beside the entry it shows who wrote it, at which place.

With cosignatures it shows too that others held the journal with that entry in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from events.encoding.base64 import decode_base64, encode_base64
from events.errors import NoteError, NoteSignatureError, ProofError
from events.journal.checkpoint import Checkpoint, parse_checkpoint, parse_decimal, parse_hash
from events.journal.tree import verify_inclusion
from events.notes.note import Note, parse_note, verify_note
from events.notes.signers import verify_cosignature
from events.notes.vkey import VerifierKey

MAX_HASHES = 64

_MAGIC = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "


@dataclass(frozen=True)
class EntryProof:
    """A parsed proof: the entry's position, the path from its sibling up, the checkpoint with its lines; not verified.

    `extra` are bytes that nothing vouches for.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint
    extra: bytes | None = None


@dataclass(frozen=True)
class ProvenEntry:
    """What a valid proof shows: the position, the checkpoint it is under, and who cosigned it when (Unix seconds)."""

    index: int
    checkpoint: Checkpoint
    cosigned: dict[str, int] = field(default_factory=dict)


def format_proof(index: int, hashes: Iterable[bytes], checkpoint_note: bytes, extra: bytes | None = None) -> str:
    """Write a proof; the checkpoint goes in as it is, with every signature line at hand."""
    lines = [_MAGIC]
    if extra is not None:
        lines.append(_EXTRA + encode_base64(extra))
    lines += [f"{_INDEX}{index}", *map(encode_base64, hashes), ""]
    return "\n".join(lines) + "\n" + checkpoint_note.decode()


def parse_proof(text: str) -> EntryProof:
    """Read a proof.

    Raises:
        ProofError: `proof.invalid`: another form.
    """
    head, empty_line, checkpoint_text = text.partition("\n\n")
    lines = head.split("\n")
    if not empty_line or lines.pop(0) != _MAGIC:
        raise ProofError(f"a proof begins with {_MAGIC} and ends with a checkpoint after an empty line")
    try:
        extra = _take_extra(lines)
        index = _take_index(lines)
        hashes = tuple(map(parse_hash, lines))
        note = parse_note(checkpoint_text.encode())
        checkpoint = parse_checkpoint(note)
    except (NoteError, UnicodeEncodeError) as error:
        raise ProofError(str(error)) from error
    if len(hashes) > MAX_HASHES:
        raise ProofError(f"a path has at most {MAX_HASHES} hashes")
    return EntryProof(index, hashes, note, checkpoint, extra)


def verify_proof(
    text: str, leaf: bytes, journal_key: VerifierKey, cosigner_keys: Sequence[VerifierKey] = ()
) -> ProvenEntry:
    """Return what a proof shows about an entry, given by its leaf.

    1. The checkpoint is of the journal that the key is named after, and signed by it. 2. The path leads from the leaf
    to the checkpoint's root. 3. Each cosigner asked for has cosigned.

    Raises:
        ProofError: `proof.invalid`: one of them fails.
    """
    proof = parse_proof(text)
    checkpoint = proof.checkpoint
    # 1. The journal and its signature.
    if checkpoint.origin != journal_key.name or not verify_note(proof.note, journal_key):
        raise ProofError(f"the checkpoint is not signed by {journal_key.name}")
    # 2. The path.
    if not verify_inclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise ProofError("the path does not lead from this entry to the checkpoint's root")
    # 3. The cosignatures.
    cosigned = {key.name: _cosigned_at(proof.note, key) for key in cosigner_keys}
    return ProvenEntry(proof.index, checkpoint, cosigned)


def _cosigned_at(note: Note, key: VerifierKey) -> int:
    try:
        times = [verify_cosignature(note.text, line, key) for line in note.lines_by(key)]
    except NoteSignatureError as error:
        raise ProofError(error.detail) from error
    if not times:
        raise ProofError(f"not cosigned by {key.name}")
    return max(times)


def _take_extra(lines: list[str]) -> bytes | None:
    if not lines or not lines[0].startswith(_EXTRA):
        return None
    try:
        return decode_base64(lines.pop(0).removeprefix(_EXTRA))
    except ValueError as error:
        raise NoteError("extra data is base64 that re-encodes to itself") from error


def _take_index(lines: list[str]) -> int:
    if not lines or not lines[0].startswith(_INDEX):
        raise NoteError("the position is missing")
    return parse_decimal(lines.pop(0).removeprefix(_INDEX))
