"""Judging the whole store again, in the order in which it was taken in, and comparing every verdict with the kept one.

An entry is judged on its context as the store has it, and every entry of that context is judged so too: if none
differs, all verdicts are right.
"""

from collections.abc import Sequence
from dataclasses import fields

from domain.judging.judge import Judged, read_line
from events.encoding.identifiers import Relationship, Role
from events.labels import Labeller
from events.stored.journal import StoredEntry
from services.gateway.checking.findings import Findings, Place
from services.gateway.checking.rejudging import Rejudging
from services.gateway.exchange.writing.authoring import stored_of
from services.gateway.ports.store import Reading

AT_ONCE = 500  # entries judged with one gathering of what they need

_COMPARED = [each.name for each in fields(StoredEntry) if each.name not in ("sequence", "head", "body", "batches")]


class JudgingAgain:
    """Judges the entries of one relationship again, chunk after chunk in the local order."""

    def __init__(
        self, number: int, relationship: Relationship, reading: Reading, labeller: Labeller | None, findings: Findings
    ) -> None:
        self._number = number
        self._name = relationship
        self._reading = reading
        self._findings = findings
        self._labelled: dict[Role, dict[tuple[str, str], int]] = {role: {} for role in Role}
        self._again = Rejudging(number, relationship, reading, labeller)

    def take(self, entries: Sequence[StoredEntry]) -> None:
        """Judge the next entries, both journals' together as they were taken in."""
        arrivals = [read_line(entry.line) for entry in entries]
        self._again.gather([(entry.role, arrival) for entry, arrival in zip(entries, arrivals, strict=True)])
        for entry, arrival in zip(entries, arrivals, strict=True):
            self._compare(entry, self._again.judge(entry.role, arrival, entry.code))
        self._compare_batches()
        self._again.forget()

    def finish(self) -> None:
        """Compare what each journal claims after its last entry."""
        for role, journal in self._again.journals.items():
            kept = self._reading.claims(self._number, role)
            if kept != journal.claims:
                self._say(role, None, "claims", f"{kept} are kept, the entries make {journal.claims}", table="journal")

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
