"""The matrix clause -> rule -> event -> endpoint -> test, put together from what the code itself says.

A test shows a rule where both cite words of a clause that overlap and, once the tests have run, where it really made
the rule run; of a rule that refuses nothing, where it asked for what the rule shows.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from domain.citations import Citation
from tests.compliance.matrix.collected import ComplianceTest, compliance_tests
from tests.compliance.matrix.endpoints import endpoints_of
from tests.compliance.matrix.events import EVERY, SHOWN, event_types_of
from tests.compliance.matrix.gaps import gaps
from tests.compliance.matrix.law import law
from tests.compliance.matrix.ran import Deeds, did
from tests.compliance.matrix.sources import Source, sources

PRACTICE = "practice"
"""Stands for the clause of a rule that is a policy or good practice, and no law."""

EVERY_COMMAND = "every command"

SHOWN_AT = {
    "domain.capability_profile.current.profiles_in": "GET /v1/capability-profiles",
    "domain.items.asked._notify": "GET /v1/communications/{item}/clocks",
    "domain.items.asked._risk_decision": "GET /v1/communications/{item}/clocks",
    "domain.items.asked.needs_approval": "GET /v1/communications/{item}/clocks",
    "domain.items.beginning.beginnings": "GET /v1/communications/{item}/clocks",
    "domain.items.clocks.is_historical": "GET /v1/communications/{item}",
    "domain.items.timeline._posts": "GET /v1/communications/{item}/timeline",
    "domain.items.review_required.occasions_in": "GET /v1/agreements/{document}",
    "domain.key_person.posts.holdings_in": "GET /v1/key-persons",
    "domain.liaison.designated.liaison_on": "GET /v1/liaisons",
}
"""Where the rules that refuse nothing show what they say."""


@dataclass(frozen=True, slots=True)
class Line:
    """A clause and one rule of it; without a rule: what tests show of the record itself, or what is not yet built."""

    clause: str
    rule: str | None
    wordings: tuple[str, ...]
    event_types: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    not_yet_built: str | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The lines in the order of the clauses, practice last; `deeds`: what the tests did, None if they did not run."""

    deeds: Deeds | None = None

    def lines(self) -> tuple[Line, ...]:
        """Return every line."""
        order = [*law().clauses, PRACTICE]
        ruled = tuple(self._of_rules())
        lines = [*ruled, *_of_the_record(ruled), *_of_gaps()]
        return tuple(sorted(lines, key=lambda line: (order.index(line.clause), line.rule is None, line.rule or "")))

    def tests_of(self, source: Source, cited: Citation) -> tuple[str, ...]:
        """Return the tests that show what a rule asks in these words."""
        return tuple(
            test.shown
            for test in compliance_tests()
            if any(law().meet(cited, theirs) for theirs in test.citations) and self._ran(test, source)
        )

    def _ran(self, test: ComplianceTest, source: Source) -> bool:
        """Tell whether a test made a rule run; before the tests have run its citation is taken for it."""
        if self.deeds is None:
            return True
        types, deeds = event_types_of(source.rule), self.deeds.get(test.shown, frozenset())
        wanted = endpoints(source) if types == (SHOWN,) else types
        return types == (EVERY,) or any(did(deeds, each) for each in wanted)

    def _of_rules(self) -> Iterator[Line]:
        for source in sources():
            met = event_types_of(source.rule), endpoints(source)
            for clause in dict.fromkeys(cited.clause for cited in source.citations if cited.clause in law().clauses):
                own = [cited for cited in source.citations if cited.clause == clause]
                tests = dict.fromkeys(test for cited in own for test in self.tests_of(source, cited))
                yield Line(clause, source.rule, tuple(cited.wording for cited in own), *met, tuple(tests))
            if not source.citations:
                yield Line(PRACTICE, source.rule, source.practice, *met, self._who_ran(source))

    def _who_ran(self, source: Source) -> tuple[str, ...]:
        """Return the tests that made a rule run which is no law, and which none of them cites."""
        return () if self.deeds is None else tuple(t.shown for t in compliance_tests() if self._ran(t, source))


@cache
def endpoints(source: Source) -> tuple[str, ...]:
    """Return where a rule is met over HTTP."""
    types = event_types_of(source.rule)
    if types == (EVERY,):
        return (EVERY_COMMAND,)
    if types == (SHOWN,):
        return (SHOWN_AT[source.rule],) if source.rule in SHOWN_AT else ()
    return tuple(dict.fromkeys(call for name in types for call in endpoints_of(name)))


def _of_the_record(ruled: Collection[Line]) -> Iterator[Line]:
    """Yield what tests show of a clause without any rule of it: the record itself."""
    for clause in law().clauses:
        named = {test for line in ruled if line.clause == clause for test in line.tests}
        alone = [
            (cited.wording, test.shown)
            for test in compliance_tests()
            for cited in test.citations
            if cited.clause == clause and test.shown not in named
        ]
        if alone:
            wordings, tests = (tuple(dict.fromkeys(each)) for each in zip(*alone, strict=True))
            yield Line(clause, None, wordings, (EVERY,), tests=tests)


def _of_gaps() -> Iterator[Line]:
    for gap in gaps():
        yield Line(gap.cited.clause, None, (gap.cited.wording,), not_yet_built=gap.what)
