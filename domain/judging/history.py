"""What happened before: the entries of a journal as judging needs them, each with its own verdict beside it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from domain.as_read import as_read
from events.catalogue.bodies import LeafRef
from events.catalogue.event_types import no_labels
from events.catalogue.registry import ANNOUNCEMENT, EventType
from events.encoding.canonical import MAX_INTEGER
from events.encoding.entry import Head
from events.encoding.identifiers import Role
from events.stored.journal import TAKEN, is_standing

REFUSED = "entry.refused.v1"
SETTLED = "dispute.settled.v1"

_BATCH = "batch/"

Place = tuple[int, bytes]
"""Position and leaf, by which an entry is named: the same bytes said twice have one leaf, at two positions."""


def place_of(ref: LeafRef) -> Place:
    """Return the place that a reference names."""
    return ref.position, ref.leaf_bytes


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One entry of a journal with its verdict.

    `head`, `type` and `body` are None where the entry is too malformed to have them; `body` is the model of the event's
    type. `code` is the refusal code of its verdict, None when it was accepted; `violates` marks an accepted fact that
    broke a gate, lacked a right or did not fit the state: it opens no gate and stops no clock.
    """

    role: Role  # who wrote it
    position: int
    leaf: bytes
    head: Head | None = None
    type: EventType | None = None
    body: Any = None
    code: str | None = None
    violates: bool = False
    sequence: int = 0  # local sequence of the gateway that keeps it; 0 while it is not kept

    @property
    def place(self) -> Place:
        """Return by what it is named."""
        return self.position, self.leaf

    @property
    def name(self) -> str:
        """Return the name of its type, empty when it has none."""
        return "" if self.head is None else self.head.type

    @property
    def time(self) -> str:
        """Return the recorded time, empty when it has none."""
        return "" if self.head is None else self.head.time

    def has_seen(self, earlier: "PastEvent") -> bool:
        """Tell whether another entry was there for its author: before it in its own journal, or below its `seen`."""
        if earlier.role is self.role:
            return earlier.position < self.position
        return self.head is not None and earlier.position < self.head.seen


def batches_of(past: PastEvent) -> tuple[str, ...]:
    """Return the numbers, as read, of the drug batches that an accepted entry labels itself with (formats.md 2)."""
    if past.code is not None or past.type is None or past.body is None or past.type.labels is no_labels:
        return ()
    labels = (label for label in past.type.labels(past.body) if label.startswith(_BATCH))
    return tuple(dict.fromkeys(as_read(label.removeprefix(_BATCH)) for label in labels))


class JournalView:
    """What judging needs of one journal, by subject, type, position, leaf and id.

    Entries of the standing kinds (protocol, agreement, communication list) are always here; others are brought in for
    as long as a transaction needs them. Everything is by position, refused entries included.
    """

    def __init__(self, role: Role) -> None:
        self.role = role
        self._standing: dict[str, list[PastEvent]] = defaultdict(list)
        self._subjects: dict[str, list[PastEvent]] = {}
        self._by_kind: dict[str, list[str]] = {}  # of the protocol's own kinds
        self._revisions: dict[str, int] = {}
        self._revisions_before: dict[int, int] = {}  # of the subject of each entry, by position, until histories go
        self._standing_subjects: set[str] = set()
        self._places: dict[int, PastEvent] = {}
        self._distant: dict[int, Callable[[int], PastEvent | None]] = {}
        self._looked_up: PastEvent | None = None
        self._ids: dict[str, int] = {}
        self._of_batches: dict[str, dict[str, None]] = {}  # subjects by batch number, until histories go
        self._notices: dict[Place, list[int]] = defaultdict(list)
        self._settlements: dict[Place, list[PastEvent]] = defaultdict(list)
        self._announced: dict[str, int] = {}  # by event type, the position at which it was announced first
        self._rule_sets: list[tuple[int, int]] = []  # by position, each number that is higher than all before it

    def remember(self, past: PastEvent) -> None:
        """Take in the next entry of the journal."""
        self._places[past.position] = past
        head = past.head
        if head is None:
            return
        before = self._revisions_before[past.position] = self._revisions.get(head.subject, 0)
        if head.revision == before + 1:
            self._revisions[head.subject] = head.revision
        if past.code is None:
            self._ids[head.id] = past.position
            self._note_kind(head)
            for number in batches_of(past):
                self._of_batches.setdefault(number, {})[head.subject] = None
        if is_standing(head.type, head.subject):
            self._standing_subjects.add(head.subject)
            if past.code is None:
                self._standing[head.type].append(past)
                self._index(past)
        if head.type != TAKEN:
            self._subjects.setdefault(head.subject, []).append(past)

    def retract(self, past: PastEvent) -> None:
        """Take the last remembered entry back: what was decided with it is not written."""
        del self._places[past.position]
        head = past.head
        if head is None:
            return
        if head.type != TAKEN:
            self._subjects[head.subject].pop()
        self._revisions[head.subject] = self._revisions_before.pop(past.position)
        if self._ids.get(head.id) == past.position:
            del self._ids[head.id]
        if past.code is None and is_standing(head.type, head.subject):
            self._standing[head.type].pop()
            self._unindex(past)

    def bring_history(self, subject: str, history: Iterable[PastEvent]) -> None:
        """Bring in all entries of a subject, unless it is a standing one."""
        if subject in self._standing_subjects:
            return
        self._subjects[subject] = list(history)
        revision = 0
        for past in self._subjects[subject]:
            self._places[past.position] = past
            if past.head is not None and past.head.revision == revision + 1:
                revision += 1
        self._revisions[subject] = revision

    def bring_place(self, past: PastEvent) -> None:
        """Bring in one entry that is named as evidence."""
        self._places.setdefault(past.position, past)

    def look_up(self, positions: Iterable[int], read: Callable[[int], PastEvent | None]) -> None:
        """Have entries at these positions read when they are asked for, and only the last of them kept here."""
        self._distant.update(dict.fromkeys(positions, read))

    def reaches(self, position: int) -> bool:
        """Tell whether the entry at a position was brought in, or is read when it is asked for."""
        return position in self._places or position in self._distant

    def bring_ids(self, ids: Mapping[str, int]) -> None:
        """Bring in the positions of accepted entries with these ids."""
        self._ids.update(ids)

    def bring_batches(self, subjects: Mapping[str, Iterable[str]]) -> None:
        """Bring in which subjects are labelled with batch numbers, as read; histories come by `bring_history`."""
        for number, found in subjects.items():
            self._of_batches.setdefault(number, {}).update(dict.fromkeys(found))

    def subjects_of_batch(self, number: str) -> Sequence[str]:
        """Return the subjects labelled with a batch number, as it is read, as far as they were brought in, sorted."""
        return sorted(self._of_batches.get(number, ()))

    def note_protocol_subject(self, subject: str, revision: int) -> None:
        """Note the one `journal/<UUID>` of this journal and its last revision; not all of its entries are here."""
        known = self._by_kind.setdefault(subject.partition("/")[0], [])
        if subject not in known:
            known.append(subject)
        self._standing_subjects.add(subject)
        self._subjects.setdefault(subject, [])
        self._revisions[subject] = revision

    def note_revision(self, subject: str, revision: int) -> None:
        """Note the last revision that a standing subject has used up; not all of its entries are here."""
        self._revisions[subject] = revision

    def keeps(self, subject: str) -> bool:
        """Tell whether a subject's entries are always here, so that none need to be brought in."""
        return subject in self._standing_subjects

    def standing_subjects(self) -> Sequence[str]:
        """Return the subjects of all standing entries, refused ones included."""
        return sorted(self._standing_subjects)

    def forget_histories(self) -> None:
        """Let go of everything but the standing entries."""
        kept = self._standing_subjects
        self._subjects = {subject: self._subjects.get(subject, []) for subject in kept}
        self._revisions = {subject: self._revisions[subject] for subject in kept if subject in self._revisions}
        self._places = {past.position: past for history in self._subjects.values() for past in history}
        self._ids, self._revisions_before, self._of_batches = {}, {}, {}
        self._distant, self._looked_up = {}, None

    def subject(self, subject: str) -> Sequence[PastEvent]:
        """Return all entries of a subject that were brought in, by position, refused ones included."""
        return self._subjects.get(subject, ())

    def last_revision(self, subject: str) -> int:
        """Return the last revision that a subject has used up, 0 before its first."""
        return self._revisions.get(subject, 0)

    def protocol_subjects(self, kind: str) -> Sequence[str]:
        """Return the subjects of a kind that accepted entries of this journal are about."""
        return self._by_kind.get(kind, ())

    def standing(self, name: str) -> Sequence[PastEvent]:
        """Return the accepted standing entries of a type, by position."""
        return self._standing.get(name, ())

    def standing_before(self, moment: str) -> int:
        """Return below which position accepted standing entries were recorded at a moment or before it."""
        later = (bisect_right(found, moment, key=attrgetter("time")) for found in self._standing.values())
        first = (
            found[at].position for found, at in zip(self._standing.values(), later, strict=True) if at < len(found)
        )
        return min(first, default=MAX_INTEGER)

    def at(self, position: int) -> PastEvent | None:
        """Return the entry at a position, if it was brought in."""
        found = self._places.get(position)
        if found is None and position in self._distant:
            return self._read(position)
        return found

    def position_of(self, event_id: str) -> int | None:
        """Return the position of the accepted entry with an id, if its id was brought in."""
        return self._ids.get(event_id)

    def notices(self, place: Place) -> Sequence[int]:
        """Return the positions of this journal's refusals that name an entry of the other journal."""
        return self._notices.get(place, ())

    def settlements(self, place: Place) -> Sequence[PastEvent]:
        """Return this journal's settlements of a dispute about an entry."""
        return self._settlements.get(place, ())

    def has_announced(self, name: str, reach: int) -> bool:
        """Tell whether an accepted entry below a position announced an event type; it is never taken back."""
        return self._announced.get(name, reach) < reach

    def rule_set(self, reach: int) -> int | None:
        """Return the highest rule set that was announced below a position, None before the first."""
        return next((number for position, number in reversed(self._rule_sets) if position < reach), None)

    def _read(self, position: int) -> PastEvent | None:
        if self._looked_up is None or self._looked_up.position != position:
            self._looked_up = self._distant[position](position)
        return self._looked_up

    def _note_kind(self, head: Head) -> None:
        if head.subject_kind in ("relationship", "journal"):
            subjects = self._by_kind.setdefault(head.subject_kind, [])
            if head.subject not in subjects:
                subjects.append(head.subject)

    def _index(self, past: PastEvent) -> None:
        if past.name == ANNOUNCEMENT and past.body is not None:
            self._index_announcement(past)
        if past.violates or past.body is None:
            return
        if past.name == REFUSED:
            for named in past.body.refused:
                self._notices[place_of(named)].append(past.position)
        elif past.name == SETTLED:
            self._settlements[place_of(past.body.entry)].append(past)

    def _index_announcement(self, past: PastEvent) -> None:
        for name in past.body.events:
            self._announced.setdefault(name, past.position)
        if not self._rule_sets or past.body.rule_set > self._rule_sets[-1][1]:
            self._rule_sets.append((past.position, past.body.rule_set))

    def _unindex(self, past: PastEvent) -> None:
        if past.name == ANNOUNCEMENT:
            self._announced = {name: first for name, first in self._announced.items() if first != past.position}
            self._rule_sets = [each for each in self._rule_sets if each[0] != past.position]
        if past.violates or past.body is None:
            return
        if past.name == REFUSED:
            for named in past.body.refused:
                self._notices[place_of(named)].remove(past.position)
        elif past.name == SETTLED:
            self._settlements[place_of(past.body.entry)].remove(past)
