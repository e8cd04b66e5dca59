"""Judging entries again that were judged before, or elsewhere, in an order in which what they saw comes first.

Memory is bounded: of the past only what the entries at hand need is read, as the engine does. The label secret is a
private one; without it tags are taken as they are, and what was refused for them stays so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.judging.history import JournalView
from domain.judging.judge import Arrival, Judge, Judged
from events.encoding.identifiers import Relationship, Role
from events.labels import Labeller
from events.stored.journal import JournalClaims
from services.gateway.exchange.receiving.gathering import counterpart_of, places_named
from services.gateway.exchange.receiving.lineage import Lineages
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.store import JournalReading

WRONG_LABELS = "entry.wrong_labels"
_ONE_EACH = ("relationship", "journal")


class StatedLabels(Labeller):
    """Stands for the label secret where it is not at hand: an entry's tags are those that it states."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.code: str | None = None  # by which the entry at hand was refused, as far as known
        self.stated: tuple[str, ...] = ()

    def tags(self, labels: Iterable[str], event_id: str) -> tuple[str, ...]:
        """Return what the entry states, or what no entry can state where it was refused for its tags."""
        del labels, event_id
        return ("?",) if self.code == WRONG_LABELS else self.stated


@dataclass(slots=True)
class JudgedJournal:
    """One journal as far as it was judged again."""

    view: JournalView
    claims: JournalClaims
    size: int = 0


class Rejudging:
    """Judges the entries of one relationship; `reading` has those that were judged before, with their verdicts."""

    def __init__(
        self, number: int, relationship: Relationship, reading: JournalReading, labeller: Labeller | None
    ) -> None:
        self._number = number
        self.reading = reading
        self._stated = StatedLabels()
        self.journals = {role: JudgedJournal(JournalView(role), JournalClaims()) for role in Role}
        views = {role: journal.view for role, journal in self.journals.items()}
        self._judge = Judge(relationship, views, labeller or self._stated)

    def judge(self, role: Role, arrival: Arrival, code: str | None) -> Judged:
        """Judge the next entry of a journal; what it needs was gathered. `code`: by which it is said to be refused.

        Raises:
            JudgingStopsError: it takes another version of this software.
        """
        journal, other = self.journals[role], self.journals[role.other]
        self._stated.code, self._stated.stated = code, () if arrival.head is None else arrival.head.labels
        judged = self._judge.judge_arrival(role, journal.size, arrival, journal.claims, other.size)
        journal.claims, journal.size = judged.claims, journal.size + 1
        head = arrival.head
        if head is not None and head.subject_kind in _ONE_EACH and judged.past.code is None:
            journal.view.note_protocol_subject(head.subject, head.revision)
        return judged

    def forget(self) -> None:
        """Let go of what was gathered."""
        for journal in self.journals.values():
            journal.view.forget_histories()

    def gather(self, arrivals: Sequence[tuple[Role, Arrival]]) -> None:
        """Bring what these entries need of what was judged before them."""
        for role in Role:
            self.bring(role, [each.head.subject for of, each in arrivals if of is role and each.head is not None])
        named = places_named(each.entry.body_bytes for _, each in arrivals if each.entry is not None)
        ids = [each.head.id for _, each in arrivals if each.head is not None]
        for role, journal in self.journals.items():
            self.positions(role, named[role])
            known = self.reading.known_ids(self._number, role, ids)
            journal.view.bring_ids({name: position for name, position in known.items() if position < journal.size})
        lineages = Lineages(self)
        both = [each.entry for _, each in arrivals if each.entry is not None]
        lineages.follow(entry.head.subject for entry in both)
        lineages.arrivals((entry.head.subject, entry.body_bytes) for entry in both)

    def view(self, role: Role) -> JournalView:
        """Return the view of a journal as it was before the entries at hand."""
        return self.journals[role].view

    def bring(self, role: Role, subjects: Sequence[str]) -> None:
        """Bring subjects of a journal and their counterparts in the other."""
        self._bring_subjects(role, subjects)
        self._bring_subjects(role.other, [counterpart_of(subject) for subject in subjects])

    def positions(self, role: Role, positions: Iterable[int]) -> None:
        """Bring single entries of what was judged before."""
        journal = self.journals[role]
        wanted = [position for position in positions if position < journal.size]
        for entry in self.reading.entries_at(self._number, role, wanted):
            journal.view.bring_place(past_of(entry))

    def numbers(self, role: Role, numbers: Sequence[str]) -> None:
        """Bring which subjects of a journal are labelled with batch numbers."""
        self.journals[role].view.bring_batches(self.reading.subjects_of_batches(self._number, role, numbers))

    def _bring_subjects(self, role: Role, subjects: Iterable[str]) -> None:
        journal = self.journals[role]
        wanted = {subject for subject in subjects if not journal.view.keeps(subject)}
        for subject, history in self.reading.histories(self._number, role, wanted).items():
            before = [past_of(entry) for entry in history if entry.position < journal.size]
            journal.view.bring_history(subject, before)
