"""What is wrong with the matrix, in words: a wording that nobody wrote, a rule without a test, a gap that is none."""

from collections.abc import Iterator

from domain.citations import Citation
from tests.compliance.matrix.collected import compliance_tests
from tests.compliance.matrix.endpoints import paths
from tests.compliance.matrix.gaps import gaps
from tests.compliance.matrix.law import law
from tests.compliance.matrix.sources import Source, constants, sources
from tests.compliance.matrix.table import EVERY_COMMAND, SHOWN_AT, Matrix, endpoints


def faults(matrix: Matrix) -> list[str]:
    """Return everything that is wrong; nothing where the matrix holds."""
    clauses = {line.clause for line in matrix.lines()}
    rules = {source.rule for source in sources()}
    return [
        *(fault for source in sources() for fault in faults_of_rule(source, matrix)),
        *(fault for where, cited in constants() for fault in _unknown(where, cited)),
        *_faults_of_tests(),
        *_faults_of_gaps(),
        *(f"{clause}: stands nowhere in the matrix" for clause in law().clauses if clause not in clauses),
        *(f"SHOWN_AT: there is no rule {rule}" for rule in SHOWN_AT if rule not in rules),
    ]


def faults_of_rule(source: Source, matrix: Matrix) -> Iterator[str]:
    """Say what a rule lacks: well formed sources, wordings of the law, a test for each, and where it is met."""
    for part in source.malformed:
        yield f"{source.rule}: not a source that can be read: {part}"
    for cited in source.citations:
        yield from _unknown(source.rule, cited)
        if law().knows(cited) and not matrix.tests_of(source, cited):
            yield f'{source.rule}: no compliance test for {cited}, "{cited.wording}"'
    met = endpoints(source)
    if not met:
        yield f"{source.rule}: is met by no call of the interface"
    for call in met:
        if call not in {*paths(), EVERY_COMMAND}:
            yield f"{source.rule}: the interface has no {call}"


def _faults_of_tests() -> Iterator[str]:
    for test in compliance_tests():
        if not test.citations:
            yield f"{test.shown}: cites nothing"
        for cited in test.citations:
            yield from _unknown(test.shown, cited)


def _faults_of_gaps() -> Iterator[str]:
    for gap in gaps():
        yield from _unknown("not_yet_built.json", gap.cited)
        if gap.built:
            yield f"not_yet_built.json: {gap.what}: the catalogue has {', '.join(sorted(gap.built))}"


def _unknown(where: str, cited: Citation) -> Iterator[str]:
    if not law().knows(cited):
        yield f'{where}: {cited} does not say "{cited.wording}"'
