"""Judging the whole store again, in the order in which it was taken in, and comparing every verdict with the kept one.

An entry is judged on its context as the store has it, and every entry of that context is judged so too: if none
differs, all verdicts are right. Memory is bounded: of the past only what the entries at hand need is read, as the
engine does. The label key is a private one; without it tags are taken as they are, and what was refused for them stays
so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from domain.judging.history import JournalView
from domain.judging.judge import Arrival, Judge, Judged, read_line
from events.encoding.identifiers import Relationship, Role
from events.labels import Labeller
from events.stored.journal import JournalClaims, StoredEntry
from services.gateway.checking.findings import Findings, Place
from services.gateway.exchange.receiving.gathering import counterpart_of, places_named
from services.gateway.exchange.receiving.lineage import Lineages
from services.gateway.exchange.remembering import past_of
from services.gateway.exchange.writing.authoring import stored_of
from services.gateway.ports.store import Reading

AT_ONCE = 500  # entries judged with one gathering of what they need

_WRONG_LABELS = "entry.wrong_labels"
_COMPARED = [each.name for each in fields(StoredEntry) if each.name not in ("sequence", "head", "body", "batches")]
_ONE_EACH = ("relationship", "journal")


class StatedLabels(Labeller):
    """Stands for the label secret where it is not at hand: an entry's tags are those that it states."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.entry: StoredEntry | None = None
        self.stated: tuple[str, ...] = ()

    def tags(self, labels: Iterable[str], event_id: str) -> tuple[str, ...]:
        """Return what the entry states, or what no entry can state where it was refused for its tags."""
        del labels, event_id
        refused = self.entry is not None and self.entry.code == _WRONG_LABELS
        return ("?",) if refused else self.stated


@dataclass(slots=True)
class _Journal:
    view: JournalView
    claims: JournalClaims
    size: int = 0


class JudgingAgain:
    """Judges the entries of one relationship again, chunk after chunk in the local order."""

    def __init__(
        self, number: int, relationship: Relationship, reading: Reading, labeller: Labeller | None, findings: Findings
    ) -> None:
        self._number = number
        self._name = relationship
        self._reading = reading
        self._findings = findings
        self._stated = StatedLabels()
        self._journals = {role: _Journal(JournalView(role), JournalClaims()) for role in Role}
        self._labelled: dict[Role, dict[tuple[str, str], int]] = {role: {} for role in Role}
        views = {role: journal.view for role, journal in self._journals.items()}
        self._judge = Judge(relationship, views, labeller or self._stated)

    def take(self, entries: Sequence[StoredEntry]) -> None:
        """Judge the next entries, both journals' together as they were taken in."""
        arrivals = [read_line(entry.line) for entry in entries]
        self._gather(entries, arrivals)
        for entry, arrival in zip(entries, arrivals, strict=True):
            self._take(entry, arrival)
        self._compare_batches()
        for journal in self._journals.values():
            journal.view.forget_histories()

    def finish(self) -> None:
        """Compare what each journal claims after its last entry."""
        for role, journal in self._journals.items():
            kept = self._reading.claims(self._number, role)
            if kept != journal.claims:
                self._say(role, None, "claims", f"{kept} are kept, the entries make {journal.claims}", table="journal")

    def _take(self, entry: StoredEntry, arrival: Arrival) -> None:
        journal, other = self._journals[entry.role], self._journals[entry.role.other]
        self._stated.entry, self._stated.stated = entry, () if arrival.head is None else arrival.head.labels
        judged = self._judge.judge_arrival(entry.role, entry.position, arrival, journal.claims, other.size)
        self._compare(entry, judged)
        journal.claims, journal.size = judged.claims, journal.size + 1
        head = arrival.head
        if head is not None and head.subject_kind in _ONE_EACH and judged.past.code is None:
            journal.view.note_protocol_subject(head.subject, head.revision)

    def _compare(self, entry: StoredEntry, judged: Judged) -> None:
        again = stored_of(judged, entry.line, entry.sequence)
        for name in _COMPARED:
            kept, made = getattr(entry, name), getattr(again, name)
            if kept != made:
                self._say(entry.role, entry.position, name, f"{kept!r} is kept, judging again gives {made!r}")
        if again.subject is not None:
            self._labelled[entry.role].update({(number, again.subject): entry.position for number in again.batches})

    def _compare_batches(self) -> None:
        """Ask that the store finds every subject that was labelled with the number of a drug batch just now."""
        for role, labelled in self._labelled.items():
            kept = self._reading.subjects_of_batches(self._number, role, list({number for number, _ in labelled}))
            for (number, subject), position in labelled.items():
                if subject not in kept[number]:
                    self._say(role, position, number, f"{subject} is not found by this batch", table="batch_subject")
            labelled.clear()

    def _say(self, role: Role, position: int | None, name: str, detail: str, *, table: str = "entry") -> None:
        self._findings.add(Place(table, self._name.origin(role), position, name), detail)

    def _gather(self, entries: Sequence[StoredEntry], arrivals: Sequence[Arrival]) -> None:
        """Bring what the entries need of what was judged before them."""
        for role in Role:
            heads = [
                each.head for entry, each in zip(entries, arrivals, strict=True) if entry.role is role and each.head
            ]
            self.bring(role, [head.subject for head in heads])
        named = places_named(each.entry.body_bytes for each in arrivals if each.entry is not None)
        ids = [each.head.id for each in arrivals if each.head is not None]
        for role, journal in self._journals.items():
            self.positions(role, named[role])
            known = self._reading.known_ids(self._number, role, ids)
            journal.view.bring_ids({name: position for name, position in known.items() if position < journal.size})
        lineages = Lineages(self)
        both = [each.entry for each in arrivals if each.entry is not None]
        lineages.follow(entry.head.subject for entry in both)
        lineages.arrivals((entry.head.subject, entry.body_bytes) for entry in both)

    def view(self, role: Role) -> JournalView:
        """Return the view of a journal as it was before the entries at hand."""
        return self._journals[role].view

    def bring(self, role: Role, subjects: Sequence[str]) -> None:
        """Bring subjects of a journal and their counterparts in the other."""
        self._bring_subjects(role, subjects)
        self._bring_subjects(role.other, [counterpart_of(subject) for subject in subjects])

    def positions(self, role: Role, positions: Iterable[int]) -> None:
        """Bring single entries of what was judged before."""
        journal = self._journals[role]
        wanted = [position for position in positions if position < journal.size]
        for entry in self._reading.entries_at(self._number, role, wanted):
            journal.view.bring_place(past_of(entry))

    def numbers(self, role: Role, numbers: Sequence[str]) -> None:
        """Bring which subjects of a journal are labelled with batch numbers."""
        self._journals[role].view.bring_batches(self._reading.subjects_of_batches(self._number, role, numbers))

    def _bring_subjects(self, role: Role, subjects: Iterable[str]) -> None:
        journal = self._journals[role]
        wanted = {subject for subject in subjects if not journal.view.keeps(subject)}
        for subject, history in self._reading.histories(self._number, role, wanted).items():
            before = [past_of(entry) for entry in history if entry.position < journal.size]
            journal.view.bring_history(subject, before)
