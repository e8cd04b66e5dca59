"""What is lied about: honest pages, receipts, requests, proofs, keys and an invitation, made of fixed keys alone.

The manufacturer writes a journal of thirteen entries in five pages; the holder answers. The same bytes on every run.
"""

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment
from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page
from events.journal.proof import format_proof
from events.journal.receipt import Statement, make_receipt
from events.journal.resend import make_resend
from events.journal.tree import Frontier, consistency_proof, inclusion_proof
from events.labels import Labeller, derive_label_secret
from events.notes.note import format_note, parse_note
from events.pairing import Invitation
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, RELATIONSHIP, entry, uuid
from tests.events.journal.reader import HeldTree

CUTS = (0, 1, 4, 6, 7, 13)
"""Where the pages of the journal begin and end."""

SECRET = derive_label_secret(MAH.label_private, CMO.keys.label_public, RELATIONSHIP)


@dataclass(frozen=True)
class Original:
    """Honest bytes: how they are read, what they are, and what their reader must know (`held`: size; `leaf`)."""

    reader: str
    name: str
    raw: bytes
    held: int = 0
    leaf: bytes = b""


def _entry(number: int) -> Entry:
    if number % 4 == 1:
        return entry(number, labels=Labeller(SECRET).tags(("batch/B2026-001", "line/L-01"), uuid(number)))
    if number % 4 == 2:
        return entry(
            number, cause=uuid(number - 1), body={"note": '引号"与\t制表符😀', "count": 2**53 - 1, "none": None}
        )
    return entry(number)


ENTRIES = tuple(_entry(number) for number in range(CUTS[-1]))
LEAVES = [made.leaf for made in ENTRIES]


@cache
def frontier(size: int) -> Frontier:
    """The journal's tree at a size; not to be changed."""
    made = Frontier()
    made.extend(LEAVES[:size])
    return made


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(CMO.origin, size, frontier(size).root())


PAGES: tuple[Page, ...] = tuple(
    make_page(checkpoint(end), [made.line for made in ENTRIES[first:end]], CMO.journal) for first, end in pairwise(CUTS)
)


def cosigned(page: Page, seconds: int = 0) -> bytes:
    """The checkpoint after a page, signed by its author and cosigned by the holder."""
    text = page.checkpoint.text()
    return format_note(text, (*page.signed_note.signatures, MAH.mirror.cosign(text, POSIX_TIME + seconds)))


def receipt(page: Page | None, *, conclusions: str = "-", seconds: int = 0) -> bytes:
    """What the holder says of the journal after a page."""
    own = Checkpoint(MAH.origin, 2, frontier(2).root())
    held = page.end if page is not None else 0
    statement = Statement(
        origin=own.origin,
        size=own.size,
        root=own.root,
        partner_origin=CMO.origin,
        held=held,
        judged=max(0, held - 1),
        rule_set=1,
        conclusions=conclusions,
    )
    made = make_receipt(
        statement=statement,
        partner_note=page.note if page is not None else b"",
        posix_time=POSIX_TIME + seconds,
        signer=MAH.journal,
        cosigner=MAH.mirror,
    )
    return made.encode()


def proof(index: int, page: Page, extra: bytes | None = None) -> bytes:
    """The proof of an entry under the checkpoint after a page."""
    path = inclusion_proof(index, page.end, HeldTree(LEAVES[: page.end]))
    return format_proof(index, path, cosigned(page), extra).encode()


def consistency(old: Page, new: Page) -> bytes:
    """Two checkpoints and why the later journal begins with the earlier, as JSON (no format of the wire)."""
    hashes = consistency_proof(old.end, new.end, HeldTree(LEAVES))
    fields = {"old": old.note.decode(), "new": new.note.decode(), "hashes": list(map(encode_base64, hashes))}
    return json.dumps(fields, ensure_ascii=False).encode()


def invitation() -> Invitation:
    return Invitation(
        party=RELATIONSHIP.cmo,
        role=Role.CMO,
        name="苏州示例制药有限公司",
        relationship=RELATIONSHIP,
        party_keys=CMO.keys,
        wire="kafka.example:9092",
        topic=RELATIONSHIP.topic(Role.CMO),
    )


def _pages() -> list[Original]:
    return [Original("page", f"entries {page.first} to {page.end}", page.encode(), held=page.first) for page in PAGES]


def _receipts() -> list[Original]:
    last, concluded = PAGES[-1], encode_base64(frontier(7).root())
    return [
        Original("receipt", "of everything", receipt(last)),
        Original("receipt", "of the first page, with conclusions", receipt(PAGES[0], conclusions=concluded, seconds=9)),
        Original("receipt", "of nothing yet", receipt(None)),
    ]


def _requests() -> list[Original]:
    when = parse_moment("2026-11-22T09:30:44.123456Z")
    return [
        Original("resend", "from the beginning", make_resend(CMO.origin, 0, when, MAH.journal).encode()),
        Original("resend", "of what the asker lost", make_resend(MAH.origin, 41, when, MAH.journal).encode()),
    ]


def _proofs() -> list[Original]:
    last = PAGES[-1]
    shown = [(0, last, None), (12, last, None), (5, last, b"extra"), (0, PAGES[0], None), (6, PAGES[3], None)]
    return [
        Original("proof", f"entry {index} of {page.end}", proof(index, page, extra), leaf=LEAVES[index])
        for index, page, extra in shown
    ]


def _others() -> list[Original]:
    pairs = [(0, 4), (1, 4), (2, 3), (1, 3)]
    vkeys = [*MAH.keys.vkeys, *CMO.keys.vkeys]
    return [
        *(
            Original("consistency", f"{PAGES[a].end} in {PAGES[b].end}", consistency(PAGES[a], PAGES[b]))
            for a, b in pairs
        ),
        *(Original("cosigned", f"size {page.end}", cosigned(page)) for page in (PAGES[0], PAGES[4])),
        *(Original("vkey", f"{key.name}, type {key.type}", str(key).encode()) for key in vkeys),
        Original("invitation", "the manufacturer's", invitation().dump()),
    ]


ORIGINALS: tuple[Original, ...] = (*_pages(), *_receipts(), *_requests(), *_proofs(), *_others())
"""Everything honest."""

NOTES = tuple(parse_note(page.note) for page in PAGES)
"""The checkpoints of the journal, parsed."""
