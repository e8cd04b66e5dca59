"""Lies about what travels: counts, places, sizes, lengths, and parts of one honest thing put into another."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from random import Random

from events.errors import PageError
from events.journal.page import Page, parse_page
from events.notes.note import sign_note
from tests.events.golden.cast import CMO, MAH, entry
from tests.lies.mutating import of_notes
from tests.lies.mutating.mutation import Mutate, Mutations
from tests.lies.originals import ENTRIES, PAGES, checkpoint, receipt

_FRAME = b"%d %d\n"
_FIELDS = ("magic", "origin", "size", "root", "partner origin", "held", "judged", "rule set", "conclusions")


def _of_page(change: Callable[[Random, Page], Page]) -> Mutate:
    def mutate(chance: Random, raw: bytes) -> bytes | None:
        try:
            page = parse_page(raw, CMO.origin)
        except PageError:
            return None
        return change(chance, page).encode()

    return mutate


def begins_elsewhere(chance: Random, page: Page) -> Page:
    return replace(page, first=max(0, page.first + chance.choice((-1, 1, 2, 10**15, 2**53))))


def front_left_out(chance: Random, page: Page) -> Page:
    """Fewer entries, and the place to fit: the signature holds, for it says only where the page ends."""
    left_out = chance.randrange(len(page.lines) + 1)
    return replace(page, first=page.first + left_out, lines=page.lines[left_out:])


def entry_put_in_front(chance: Random, page: Page) -> Page:
    added = chance.choice((ENTRIES[(page.first - 1) % len(ENTRIES)].line if page.first else b"{}", entry(99).line))
    return replace(page, first=max(0, page.first - 1), lines=(added, *page.lines))


def entries_left_out(chance: Random, page: Page) -> Page:
    lines = list(page.lines)
    del lines[chance.randrange(len(lines))]
    return replace(page, lines=tuple(lines))


def entries_swapped(chance: Random, page: Page) -> Page:
    lines = list(page.lines)
    chance.shuffle(lines)
    return replace(page, lines=tuple(lines))


def entry_doubled(chance: Random, page: Page) -> Page:
    lines = list(page.lines)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return replace(page, lines=tuple(lines))


def entry_of_another_page(chance: Random, page: Page) -> Page:
    lines = list(page.lines)
    lines[chance.randrange(len(lines))] = chance.choice(ENTRIES).line
    return replace(page, lines=tuple(lines))


def body_exchanged(chance: Random, page: Page) -> Page:
    lines = list(page.lines)
    at = chance.randrange(len(lines))
    other = chance.choice((chance.choice(ENTRIES).body_bytes, b"{}", b"", b"null"))
    lines[at] = lines[at].partition(b"\t")[0] + b"\t" + other
    return replace(page, lines=tuple(lines))


def body_left_out(chance: Random, page: Page) -> Page:
    """A head alone, as if its body had been erased; with the tab or without it."""
    lines = list(page.lines)
    at = chance.randrange(len(lines))
    lines[at] = lines[at].partition(b"\t")[0] + chance.choice((b"", b"\t"))
    return replace(page, lines=tuple(lines))


def node_as_leaf(chance: Random, page: Page) -> Page:
    """One line that hashes, if the prefixes were not, to what two honest leaves hash to."""
    left, right = chance.sample([made.leaf for made in ENTRIES], 2)
    line = chance.choice((b"\x01" + left + right, left + right, sha256(b"\x01" + left + right).digest()))
    return replace(page, lines=(line.replace(b"\n", b""), *page.lines[1:]))


def checkpoint_of_another_size(chance: Random, page: Page) -> Page:
    """Signed by the author, at another size of the same journal."""
    note = chance.choice((chance.choice(PAGES).note, sign_note(checkpoint(chance.randrange(13)).text(), CMO.journal)))
    return replace(page, note=note)


def of_another_journal(chance: Random, page: Page) -> Page:
    others = (MAH.origin, CMO.origin + "/2", CMO.origin + "/mirror", CMO.origin.upper(), CMO.origin + " ", "")
    other = chance.choice(others)
    return replace(
        page, origin=other, note=page.note.replace(CMO.origin.encode(), other.encode(), chance.choice((0, 1, 2)))
    )


def many_entries(chance: Random, page: Page) -> Page:
    return replace(page, lines=page.lines + (b"{}",) * chance.choice((1, 4096, 8000)))


def large_entry(chance: Random, page: Page) -> Page:
    return replace(page, lines=(b"x" * chance.choice((8193, 131_073, 600_000)), *page.lines[1:]))


PAGE: Mutations = {
    "begins elsewhere": _of_page(begins_elsewhere),
    "front left out": _of_page(front_left_out),
    "entry put in front": _of_page(entry_put_in_front),
    "entries left out": _of_page(entries_left_out),
    "entries swapped": _of_page(entries_swapped),
    "entry doubled": _of_page(entry_doubled),
    "entry of another page": _of_page(entry_of_another_page),
    "body exchanged": _of_page(body_exchanged),
    "body left out": _of_page(body_left_out),
    "a node as a leaf": _of_page(node_as_leaf),
    "checkpoint of another size": _of_page(checkpoint_of_another_size),
    "of another journal": _of_page(of_another_journal),
    "many entries": _of_page(many_entries),
    "large entry": _of_page(large_entry),
}


def split_receipt(raw: bytes) -> tuple[bytes, bytes]:
    """The two notes of an honest receipt."""
    lengths, _, notes = raw.partition(b"\n")
    middle = int(lengths.split(b" ")[0])
    return notes[:middle], notes[middle:]


def join_receipt(checkpoint_note: bytes, statement_note: bytes) -> bytes:
    """A receipt of two notes whose lengths are right."""
    return _FRAME % (len(checkpoint_note), len(statement_note)) + checkpoint_note + statement_note


def lengths_lie(chance: Random, raw: bytes) -> bytes:
    first, second = map(len, split_receipt(raw))
    by = chance.choice((-first, -1, 1, 4, 100, second, 10**5, 10**6, 2**63))
    lies = ((first + by, second), (first, second + by), (first + by, second - by), (second, first), (0, first + second))
    return b"%d %d\n" % chance.choice(lies) + raw.partition(b"\n")[2]


def parts_of_two(chance: Random, raw: bytes) -> bytes:
    """The checkpoint of one receipt under the statement of another, of another size held.

    Halves that agree in the size held fit together: each is signed by itself, and says nothing of the other.
    """
    ours = split_receipt(raw)
    elsewhere = [page for page in (*PAGES, None) if (page.checkpoint.text() if page else b"-") not in ours[0]]
    others = split_receipt(receipt(chance.choice(elsewhere if ours[0] else PAGES)))
    return join_receipt(*chance.choice(((others[0], ours[1]), (ours[0], others[1]), (ours[1], ours[0]))))


def one_note_changed(chance: Random, raw: bytes) -> bytes | None:
    """A lie about a signature in one of the notes, with lengths that are right."""
    notes = list(split_receipt(raw))
    at = chance.randrange(2)
    changed = chance.choice(list(of_notes.MUTATIONS.values()))(chance, notes[at])
    if changed is None:
        return None
    notes[at] = changed
    return join_receipt(*notes)


def statement_changed(chance: Random, raw: bytes) -> bytes:
    """Another value in the signed statement, with lengths that are right."""
    checkpoint_note, statement = split_receipt(raw)
    lines = statement.split(b"\n")
    at = chance.randrange(len(_FIELDS))
    lines[at] = chance.choice(
        (b"0", b"-", lines[chance.randrange(9)], lines[at] + b" ", b"%d" % chance.randrange(99), b"")
    )
    return join_receipt(checkpoint_note, b"\n".join(lines))


RECEIPT: Mutations = {
    "lengths lie": lengths_lie,
    "parts of two": parts_of_two,
    "one note changed": one_note_changed,
    "statement changed": statement_changed,
}


def request_changed(chance: Random, raw: bytes) -> bytes:
    """Another value in a signed request."""
    lines = raw.split(b"\n")
    at = chance.randrange(4)
    times = (b"2026-11-22T09:30:44Z", b"2026-11-22T09:30:45.123456Z", b"9999-12-31T23:59:59.999999Z", b"2026-02-30")
    others = (CMO.origin.encode(), MAH.origin.encode(), b"", b"0", b"-1", b"9007199254740992", *times)
    lines[at] = chance.choice(others)
    return b"\n".join(lines)


RESEND: Mutations = {"request changed": request_changed}
