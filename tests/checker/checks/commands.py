"""K2 and K3: what clients were told, compared with what the stores hold."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.checker.client_log import Command, shown
from tests.checker.gathered import Run, Side
from tests.checker.journal import Held
from tests.checker.stores.rows import ROLES
from tests.checker.verdict import Verdict


def check(run: Run, verdict: Verdict) -> None:
    """Look for every command of the logs in both stores."""
    marks = {command.mark for command in run.commands if command.mark is not None}
    marked = {side.role: _count_marks(side, marks) for side in run}
    done = {side.role: {answer.key for answer in side.rows.answers if answer.status < 300} for side in run}
    for command in run.commands:
        if command.outcome == "ok":
            _check_kept(run, command, verdict)
        else:
            verdict.look("K3")
        if command.outcome == "fail":
            _check_absent(run, command, done, verdict)
        _check_mark(command, marked, verdict)
    verdict.counts["commands"] = dict(Counter(command.outcome for command in run.commands))
    verdict.counts["commands_untraceable"] = sum(not each.events and each.mark is None for each in run.commands)


def _check_kept(run: Run, command: Command, verdict: Verdict) -> None:
    for side in run:
        for identity, leaf in command.events:
            verdict.look("K2")
            held = _find(side, command, leaf)
            where = {"store": side.role, "key": command.key, "log": command.where, "leaf": shown(leaf)}
            if held is None:
                verdict.fail("K2", "an acknowledged event is not in the store", **where)
            elif held.line.head is None or held.line.head["id"] != identity:
                verdict.fail("K2", f"an acknowledged event has another id than {identity}", **where)


def _check_absent(run: Run, command: Command, done: dict[str, set[str]], verdict: Verdict) -> None:
    for side in run:
        where = {"store": side.role, "key": command.key, "log": command.where}
        for _, leaf in command.events:
            if _find(side, command, leaf) is not None:
                verdict.fail("K3", "an event of a failed command is in the store", **where, leaf=shown(leaf))
        if command.party in (None, side.role) and command.key in done[side.role]:
            verdict.fail("K3", "the store remembers that a failed command was done", **where)


def _check_mark(command: Command, marked: dict[str, Counter[str]], verdict: Verdict) -> None:
    if command.mark is None:
        return
    check, least, most = {"ok": ("K2", 1, 1), "fail": ("K3", 0, 0), "unknown": ("K3", 0, 1)}[command.outcome]
    for role in ROLES:
        count = marked[role][command.mark]
        if not least <= count <= most:
            what = f"a command that ended as {command.outcome} stands in {count} entries"
            verdict.fail("K3" if count > most else check, what, store=role, key=command.key, mark=command.mark)


def _find(side: Side, command: Command, leaf: bytes) -> Held | None:
    for journal in side:
        if command.party in (None, journal.role) and leaf in journal.by_leaf:
            return journal.by_leaf[leaf]
    return None


def _count_marks(side: Side, marks: set[str]) -> Counter[str]:
    """Count in how many entries of a store each mark stands, as a whole text."""
    counts: Counter[str] = Counter()
    if marks:
        for journal in side:
            for held in journal.entries:
                counts.update(marks.intersection(_texts(held.line.body)))
    return counts


def _texts(value: Any) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif type(value) in (dict, list):
        for member in value.values() if type(value) is dict else value:
            yield from _texts(member)
