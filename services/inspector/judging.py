"""Judging a bundle: one verdict for each entry whose context is wholly shown, compared with what the partner refused.

1. Each entry is judged on its context, as its author and its receiver did (formats.md 5.5 and 6).
2. What the rules refuse, the partner refused too, as soon as it wrote anything that had seen the entry.
3. What the partner refused against the verdict is disputed: counted, for both parties know it.

Tags are keyed with a secret of the parties: they are taken as they stand, and what was refused for them stays so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from domain.judging.history import REFUSED, Place, place_of
from domain.judging.judge import MALFORMED, REFUSAL_MALFORMED, Judged
from domain.judging.versions import JudgingStopsError
from events.bundle.checking.completeness import IMPOSSIBLE
from events.bundle.checking.whole import BundleCheck
from events.bundle.entry_lines import ShownEntry
from events.bundle.faults import BundleError
from events.bundle.layout import entries_file
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry, StoredPage
from events.stored.relationship import StoredRelationship
from infra.store.passing import passing_store
from infra.store.sql_store import SqlStore
from services.gateway.checking.rejudging import WRONG_LABELS, Rejudging
from services.gateway.exchange.writing.authoring import stored_of
from services.gateway.ports.store import Writing
from services.inspector.causal_order import CausalOrder, Next

AT_ONCE = 256  # entries judged with one gathering of what they need; each of 136 KiB at most
MAX_REFUSED = 1_000_000  # verdicts and refusals that are kept to be compared

_NUMBER = 1


@dataclass(slots=True)
class _Verdicts:
    """Of one journal: what the rules refuse, and what the partner said that it refuses."""

    refused: dict[Place, str] = field(default_factory=dict)
    notices: set[Place] = field(default_factory=set)


@dataclass(slots=True)
class BundleJudging:
    """Judges the entries of a bundle that was checked before; what comes of it goes into the report of that check."""

    check: BundleCheck
    advance: Callable[[int, int], None] = lambda _done, _total: None
    _order: CausalOrder = field(init=False)
    _verdicts: dict[Role, _Verdicts] = field(default_factory=lambda: {role: _Verdicts() for role in Role})
    _again: Rejudging = field(init=False)
    _sequence: int = 0

    def run(self) -> None:
        """Judge everything; a verdict that the partner's journal contradicts by silence becomes a fault."""
        self._order = CausalOrder(
            {role: self.check.entries(role) for role in Role},
            lambda entry: self._is_refused_as(MALFORMED, entry),
            lambda entry: self._is_refused_as(IMPOSSIBLE, entry),
        )
        with passing_store() as store:
            self._judge_all(store)
        report = self.check.report
        for role, found in report.journals.items():
            found.judged = self._again.journals[role].size
            found.not_judged = found.entries - found.judged
        report.is_judged = True
        try:
            self._compare()
        except BundleError as error:
            report.faults.append(error.fault)
        else:
            report.unaffected.append("verdicts")

    def _judge_all(self, store: SqlStore) -> None:
        total = sum(found.entries for found in self.check.report.journals.values())
        parties = self.check.description.parties
        with store.writing() as writing:
            writing.save_relationship(StoredRelationship(_NUMBER, parties, self.check.description.maker_role, b""))
            self._again = Rejudging(_NUMBER, parties, writing, None)
        for chunk in _chunks(iter(self._order)):
            with store.writing() as writing:
                self._again.reading = writing
                self._again.gather([(each.entry.role, each.arrival) for each in chunk])
                self._keep(writing, [kept for each in chunk if (kept := self._judge(each)) is not None])
                self._again.forget()
            self.advance(self._sequence, total)

    def _judge(self, waiting: Next) -> StoredEntry | None:
        """Judge an entry; None where it cannot be: its journal stops, or what it has seen was not judged."""
        role = waiting.entry.role
        journal, other = self._again.journals[role], self._again.journals[role.other]
        if role in self._order.stopped and waiting.entry.position != journal.size:
            return None
        if waiting.seen > other.size and role.other in self._order.stopped:
            self._order.stop(role, journal.size)
            return None
        code = WRONG_LABELS if self._is_refused_as(WRONG_LABELS, waiting.entry) else None
        try:
            judged = self._again.judge(role, waiting.arrival, code)
        except JudgingStopsError:
            self._order.stop(role, journal.size)
            return None
        self._note(judged)
        self._sequence += 1
        return stored_of(judged, waiting.entry.line, self._sequence)

    def _note(self, judged: Judged) -> None:
        past, found = judged.past, self.check.report.journals[judged.past.role]
        found.refused += past.code is not None
        found.violations += past.violates
        if past.code not in (None, REFUSAL_MALFORMED):
            _put(self._verdicts[past.role].refused, past.place, str(past.code))
        if past.name == REFUSED and past.code is None and not past.violates and past.body is not None:
            notices = self._verdicts[past.role.other].notices
            if len(notices) < MAX_REFUSED:
                notices.update(place_of(named) for named in past.body.refused)

    def _keep(self, writing: Writing, entries: list[StoredEntry]) -> None:
        for role in Role:
            own = [entry for entry in entries if entry.role is role]
            if own:
                page = StoredPage(role, own[0].position, own[-1].position + 1, b"", own[-1].sequence)
                writing.append(_NUMBER, own, [page], [], self._again.journals[role].claims)

    def _compare(self) -> None:
        """Ask that the partner refused what the rules refuse; count what it refused against them."""
        for role, verdicts in self._verdicts.items():
            partner_judged = self._again.journals[role.other].claims.order_seen
            for place, code in verdicts.refused.items():
                if place not in verdicts.notices and place[0] < partner_judged:
                    detail = f"the rules refuse it ({code}), and the {role.other.value}, who had seen it, did not"
                    raise BundleError("entry.not_refused", entries_file(role), detail, position=place[0])
            self.check.report.journals[role].disputed = len(verdicts.notices - verdicts.refused.keys())

    def _is_refused_as(self, code: str, entry: ShownEntry) -> bool:
        return self.check.completeness.is_refused_as(code, (entry.role, entry.position, entry.leaf))


def _put(refused: dict[Place, str], place: Place, code: str) -> None:
    if len(refused) < MAX_REFUSED:
        refused[place] = code


def _chunks(order: Iterator[Next]) -> Iterator[list[Next]]:
    while chunk := list(islice(order, AT_ONCE)):
        yield chunk
