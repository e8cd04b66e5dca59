"""K7: what both sides show is equal, folded to the end, and true to the journals where that needs no rules.

State, clocks and marks follow from the rules; they are compared between the two sides. Versions, columns, what an item
says of its opening and of its last entries, and when what was received are computed from each store's own journals.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from tests.checker.checks.conclusions import check_conclusions
from tests.checker.checks.shown_items import check_items, read_row
from tests.checker.gathered import Run, Side
from tests.checker.journal import Journal
from tests.checker.stores.rows import ROLES, ClockRow, ItemRow, StepRow, other
from tests.checker.verdict import Verdict

CHECK = "K7"


def check(run: Run, verdict: Verdict) -> None:
    """Check each read model by itself, then one against the other."""
    for side in run:
        projected, last = side.rows.projected, side.rows.sequences[2]
        verdict.expect(CHECK, projected == last, f"folded up to {projected}, entries go to {last}", store=side.role)
        _check_versions(side, verdict)
        _check_steps(side, verdict)
        check_items(side, verdict)
    mah, cmo = run.sides["mah"].rows, run.sides["cmo"].rows
    check_conclusions(run, verdict)
    _compare("item", _standing_items(mah.items), _standing_items(cmo.items), verdict)
    _compare("clock", _standing_clocks(mah.clocks), _standing_clocks(cmo.clocks), verdict)


def _check_versions(side: Side, verdict: Verdict) -> None:
    """Ask that the versions of each item and clock follow each other without gap, each from the end of a page on."""
    begins = {page.sequence for journal in side for page in journal.rows.pages}
    versions: list[tuple[tuple[str, ...], ItemRow | ClockRow]] = []
    versions += [((row.item,), row) for row in side.rows.items]
    versions += [((row.item, row.name), row) for row in side.rows.clocks]
    for clock in side.rows.clocks:
        fits = clock.row == "{}" or read_row(clock.row).get("name") == clock.name
        verdict.expect(CHECK, fits, "a clock under another name", store=side.role, item=clock.item, clock=clock.name)
    for _, together in groupby(versions, key=lambda named: named[0]):
        chain = [version for _, version in together]
        where = {"store": side.role, "item": chain[0].item}
        ends = [*(version.valid_from for version in chain[1:]), None]
        for version, end in zip(chain, ends, strict=True):
            begun = version.valid_from in begins
            verdict.expect(CHECK, begun, f"a version from {version.valid_from}, where no page ends", **where)
            what = f"a version from {version.valid_from} ends at {version.valid_to}, the next begins at {end}"
            verdict.expect(CHECK, version.valid_to == end, what, **where)


def _check_steps(side: Side, verdict: Verdict) -> None:
    """Compute when each journal was taken in (formats.md 4, "Received"), as far as this store knows."""
    due = sorted((step for role in ROLES for step in _steps(side.journals[other(role)], role)), key=_sequence)
    kept = sorted(side.rows.steps, key=_sequence)
    for step in sorted(set(kept) ^ set(due), key=_sequence):
        what = "what was received when is not what the journals say"
        verdict.fail(CHECK, what, store=side.role, step=str(step), kept=step in kept)
    verdict.look(CHECK, len(due))


def _steps(reader: Journal, role: str) -> Iterable[StepRow]:
    taken = 0
    for held in reader.accepted():
        if held.line.seen > taken and held.line.head is not None:
            taken = held.line.seen
            yield StepRow(ROLES.index(role), taken, held.line.head["time"], held.row.sequence)


def _compare(kind: str, mah: Mapping[str, Any], cmo: Mapping[str, Any], verdict: Verdict) -> None:
    for name in sorted(mah.keys() | cmo.keys()):
        verdict.look(CHECK)
        one, another = mah.get(name), cmo.get(name)
        if one != another:
            fields = _differing(one, another)
            verdict.fail(CHECK, f"the two sides show another {kind}", **{kind: name}, fields=fields)


def _differing(one: Any, another: Any) -> list[str]:
    if type(one) is not dict or type(another) is not dict:
        return ["only one side shows it"]
    return sorted(name for name in one.keys() | another.keys() if one.get(name) != another.get(name))


def _standing_items(rows: Iterable[ItemRow]) -> dict[str, Any]:
    return {row.item: read_row(row.row) for row in rows if row.valid_to is None}


def _standing_clocks(rows: Iterable[ClockRow]) -> dict[str, Any]:
    standing = {f"{row.item} {row.name}": read_row(row.row) for row in rows if row.valid_to is None}
    return {name: row for name, row in standing.items() if row != {}}


def _sequence(step: StepRow) -> tuple[int, int, int]:
    return step.sequence, step.role, step.seen
