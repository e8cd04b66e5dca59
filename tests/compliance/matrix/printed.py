"""The matrix as it is printed: one line for each clause and rule, names that only differ in the matter told once."""

from collections.abc import Iterable, Iterator

from tests.compliance.matrix.law import law
from tests.compliance.matrix.table import Line

ARROW = " -> "
NOTHING = "-"
_MANY = 4  # names of one step of so many matters are told as one


def printed(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the lines of a matrix as they are printed, below what stands in them."""
    yield ARROW.join(("clause", "rule", "event", "endpoint", "test"))
    for line in lines:
        yield _printed(line)


def summed_up(lines: Iterable[Line]) -> str:
    """Say how many clauses, rules and tests there are, and what is not yet built."""
    lines = tuple(line for line in lines if line.clause in law().clauses)
    rules = {line.rule for line in lines if line.rule and line.tests}
    tests = {test for line in lines for test in line.tests}
    clauses = {line.clause for line in lines if line.tests}
    missing = sum(line.not_yet_built is not None for line in lines)
    held = f"of {len(law().clauses)} clauses {len(clauses)} have rules with tests, in whole or in part"
    return f"{held}: {len(rules)} rules, {len(tests)} tests; {missing} demands are not yet built"


def _printed(line: Line) -> str:
    if line.not_yet_built is not None:
        return ARROW.join((line.clause, f'not yet built: {line.not_yet_built} ("{line.wordings[0]}")'))
    rule = "the record itself" if line.rule is None else line.rule.removeprefix("domain.")
    types = _joined(_gathered(line.event_types, ".", first=True))
    calls = _joined(_gathered(line.endpoints, "/", first=False))
    return ARROW.join((line.clause, rule, types, calls, _joined(line.tests)))


def _joined(names: Iterable[str]) -> str:
    return ", ".join(names) or NOTHING


def _gathered(names: tuple[str, ...], between: str, *, first: bool) -> Iterator[str]:
    """Yield names, but one with `*` for many that differ in their matter alone: the first part, or the third."""
    place = 0 if first else 2
    forms = dict[str, list[str]]()
    for name in names:
        parts = name.split(between)
        starred = [*parts[:place], "*", *parts[place + 1 :]] if len(parts) > place + 1 else parts
        forms.setdefault(between.join(starred), []).append(name)
    for form, same in forms.items():
        yield from [f"{form} ({len(same)})"] if len(same) >= _MANY else same
