"""A verified replay: one relationship's journals from entry 0, believed for their bytes and signatures alone.

Of every entry the leaf is hashed again and the body's hash compared; at the end of every page the root and the journal
key's signature. What the hashes prove is decoded without looking at its form again: that was done when it was taken in.
Items are folded as they are opened, each from its whole history, so memory does not grow with the journals.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from domain.items.item import item_of
from domain.items.rows import Row, rows_of
from domain.items.surroundings import EVERYTHING
from domain.judging.history import PastEvent
from domain.matters import KINDS
from events.encoding.identifiers import Role
from events.errors import NoteError
from events.journal.checkpoint import parse_checkpoint
from events.journal.tree import Frontier
from events.notes.note import parse_note, verify_note
from events.notes.vkey import VerifierKey
from events.stored.journal import StoredEntry, StoredPage
from events.stored.read_model import ReceivedStep
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.store import Reading
from services.gateway.projections.held import HeldJournals
from services.gateway.projections.matters import ItemKey, in_one_order, item_key
from services.gateway.projections.near import surroundings_at
from services.gateway.projections.received import ReceivedSteps

ENTRIES_AT_ONCE = 2000
PAGES_AT_ONCE = 256

OnItem = Callable[[ItemKey, Row, Mapping[str, Row]], None]
"""Takes an item's row and the rows of its clocks by name."""


class ReplayError(Exception):
    """What is stored is not what was signed: the journal, the position, and what is wrong there."""


@dataclass(slots=True)
class _Journal:
    """One journal on its way through the replay."""

    role: Role
    key: VerifierKey
    frontier: Frontier = field(default_factory=Frontier)

    def take(self, entries: Sequence[StoredEntry], pages: Iterable[StoredPage]) -> list[PastEvent]:
        """Verify entries and the pages that they fill; return them decoded."""
        rest = iter(entries)
        return [past for page in pages for past in self._take(list(islice(rest, page.size - self.frontier.size)), page)]

    def _take(self, entries: Sequence[StoredEntry], page: StoredPage) -> list[PastEvent]:
        first = self.frontier.size
        for place, entry in enumerate(entries, first):
            if entry.position != place:
                raise self._fault(place, f"position {entry.position} follows")
        events = [past_of(entry) for entry in entries]
        self.frontier.extend(entry.leaf for entry in entries)
        self.frontier.take_completed()
        self._verify_page(page)
        return events

    def _verify_page(self, page: StoredPage) -> None:
        try:
            note = parse_note(page.note)
            checkpoint = parse_checkpoint(note)
        except NoteError as error:
            raise self._fault(page.size, error.detail) from error
        if (checkpoint.size, checkpoint.root) != (self.frontier.size, self.frontier.root()):
            raise self._fault(page.size, "the checkpoint is not that of the entries")
        if not verify_note(note, self.key):
            raise self._fault(page.size, "the checkpoint is not signed by the journal key")

    def _fault(self, position: int, detail: str) -> ReplayError:
        return ReplayError(f"journal of the {self.role}, position {position}: {detail}")


class Replay:
    """The replay of one relationship, by both parties' journal keys."""

    def __init__(self, reading: Reading, relationship: int, keys: Mapping[Role, VerifierKey]) -> None:
        self._reading = reading
        self._relationship = relationship
        self._journals = [_Journal(role, keys[role]) for role in Role]
        self.entries = 0

    def run(self, on_item: OnItem) -> None:
        """Verify everything and hand over each item, in the order in which they were opened in each journal.

        Raises:
            ReplayError: what is stored is not what was signed. StoreDamagedError: an entry's bytes are not.
        """
        held = self._held()
        for journal in self._journals:
            while pages := self._pages(journal):
                size = pages[-1].size - journal.frontier.size
                entries = self._reading.entries(self._relationship, journal.role, journal.frontier.size, size)
                self.entries += len(entries)
                self._fold(journal.role, entries, journal.take(entries, pages), held, on_item)

    def _pages(self, journal: _Journal) -> Sequence[StoredPage]:
        start = journal.frontier.size
        pages = self._reading.pages_from(self._relationship, journal.role, start, PAGES_AT_ONCE)
        near = [page for page in pages if page.size - start <= ENTRIES_AT_ONCE]
        return near or pages[:1]

    def _held(self) -> HeldJournals:
        """Read what every item may depend on: standing entries, and when each party had read the other's journal."""
        steps: list[ReceivedStep] = []
        for role in Role:
            steps += [
                ReceivedStep(role.other, seen, time, sequence)
                for seen, time, sequence in self._reading.seen_steps(self._relationship, role)
            ]
        held = HeldJournals(self._relationship, ReceivedSteps(steps))
        for role in Role:
            for entry in self._reading.standing(self._relationship, role):
                if entry.code is None:
                    held.remember(past_of(entry))
        return held

    def _fold(
        self,
        owner: Role,
        entries: Sequence[StoredEntry],
        events: Sequence[PastEvent],
        held: HeldJournals,
        on_item: OnItem,
    ) -> None:
        """Fold the items that are opened by these entries; the others were folded where they were opened."""
        opened = {key: past for past in reversed(events) if (key := _opened_by(past)) is not None}
        received: Callable[[Role, int], str | None] = partial(held.steps.at, as_of=EVERYTHING)
        read = partial(_known_or_read, {past.leaf: past for past in events})
        for key, history in self._histories(owner, opened, entries).items():
            surroundings = surroundings_at(self._reading, held, key.kind, EVERYTHING)
            item = item_of(in_one_order(history, read), surroundings)
            if item is not None and item.opened.position == opened[key].position:
                on_item(key, *rows_of(item, surroundings, received))

    def _histories(
        self, owner: Role, items: Collection[ItemKey], entries: Sequence[StoredEntry]
    ) -> dict[ItemKey, list[StoredEntry]]:
        """Return everything about these items: what is at hand is not read again."""
        here = range(entries[0].position, entries[-1].position + 1)
        found: dict[ItemKey, list[StoredEntry]] = {key: [] for key in items}
        for entry in entries:
            key = item_key(entry)
            if key is not None and key.owner is owner and key in found:
                found[key].append(entry)
        for role, known in ((owner, here), (owner.other, range(0))):
            subjects = {subject: key for key in items for subject in key.subjects_in(role)}
            for subject, others in self._reading.histories(self._relationship, role, list(subjects), known).items():
                found[subjects[subject]] += others
        return found


def _opened_by(past: PastEvent) -> ItemKey | None:
    """Return the item that an entry opened, None when it opened none."""
    if past.code is not None or past.head is None or past.type is None or not past.type.opens:
        return None
    kind = past.head.subject_kind
    return ItemKey(past.head.subject_id, past.role, kind) if kind in KINDS else None


def _known_or_read(known: Mapping[bytes, PastEvent], entry: StoredEntry) -> PastEvent:
    past = known.get(entry.leaf)
    return past if past is not None and past.position == entry.position else past_of(entry)
