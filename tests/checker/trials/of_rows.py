"""Corruptions of read models: stale, changed, missing and invented rows, and sums of them."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.checker.trials.corruption import Corruption, Trial, Where, add, alter, flipped, raised, remove, those
from tests.checker.trials.tables import Row, Tables

_ANY = those(bool)
_ITEMS = "item_version"


def _stands(row: Row) -> bool:
    return row["valid_to"] is None


STANDING = those(_stands)
DEVIATIONS = those(lambda row: _stands(row) and row["category"] == "deviations")
MATTERS = those(lambda row: _stands(row) and row["category"] in ("risks", "changes", "batches"))
UNCORRECTED = those(lambda row: _stands(row) and row["number"] != "D-3")  # story.talk corrects that one


def _said(row: Row) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(row["row"])
    return said


def _told(**changes: Any) -> Callable[[str, Random], str]:
    """Return a change of a row's own words: the members named are set, or made of the old ones by chance."""

    def change(text: str, chance: Random) -> str:
        said = json.loads(text)
        for name, value in changes.items():
            member = name.rstrip("_")
            said[member] = value(said.get(member), chance) if callable(value) else value
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    return change


def _elsewhere(ref: dict[str, Any], chance: Random) -> dict[str, Any]:
    return {**ref, "position": ref["position"] + raised(0, chance)}


def _earlier(last: dict[str, int], chance: Random) -> dict[str, int]:
    role = chance.choice(sorted(last))
    return {**last, role: last[role] - raised(0, chance)}


def _other_flag(flag: object, _chance: Random) -> bool:
    return not flag


def _stale(*, both: bool) -> Callable[[Trial], None]:
    """Let an item show what it showed before its last entry."""

    def change(trial: Trial) -> None:
        store = trial.store()
        item = trial.one([row for row in store.rows(_ITEMS, _stands) if _older(store, row)])["item"]
        for tables in trial.stores.values() if both else [store]:
            (row,) = tables.rows(_ITEMS, lambda row: _stands(row) and row["item"] == item)
            tables.change(_ITEMS, row, {"row": trial.one(_older(tables, row))["row"]})

    return change


def _older(tables: Tables, row: Row) -> list[Row]:
    """Return older versions of an item that had fewer entries."""
    last = _said(row)["last"]
    return tables.rows(_ITEMS, lambda each: each["item"] == row["item"] and _said(each)["last"] != last)


def _all_versions(change_row: Callable[[Tables, Row, str], None], *, both: bool) -> Callable[[Trial], None]:
    """Do something to every version of an item; another id for it goes with it."""

    def change(trial: Trial) -> None:
        store = trial.store()
        item = trial.one(store.rows(_ITEMS, _stands))["item"]
        another = flipped(item, trial.chance)
        for tables in trial.stores.values() if both else [store]:
            for row in tables.rows(_ITEMS, lambda row: row["item"] == item):
                change_row(tables, row, another)

    return change


def _go_away(tables: Tables, row: Row, _another: str) -> None:
    tables.remove(_ITEMS, row)


def _be_another(tables: Tables, row: Row, another: str) -> None:
    tables.change(_ITEMS, row, {"item": another})


def _version_lost(trial: Trial) -> None:
    """Take a version away that another follows."""
    tables, row = trial.pick(_ITEMS, those(lambda row: not _stands(row)))
    tables.remove(_ITEMS, row)


def _begins_elsewhere(trial: Trial) -> None:
    """Let a version begin at another entry than it does, before or after."""
    tables, row = trial.pick(_ITEMS, _ANY)
    taken = {each["valid_from"] for each in tables.rows(_ITEMS, lambda each: each["item"] == row["item"])}
    free = [each["sequence"] for each in tables.rows("entry") if each["sequence"] not in taken]
    tables.change(_ITEMS, row, {"valid_from": trial.chance.choice(free)})


def _invented_clock(trial: Trial, tables: Tables) -> Row:
    item = trial.one(tables.rows(_ITEMS, _stands))
    row = {"name": "notify/9", "state": "running"}
    known = {name: item[name] for name in ("item", "relationship", "valid_from", "generation")}
    return {**known, "name": row["name"], "valid_to": None, "row": json.dumps(row)}


def _step_too_many(trial: Trial, tables: Tables) -> Row:
    row = trial.one(tables.rows("received_step"))
    return {**row, "seen": row["seen"] + 1000}


def _row(name: str, where: Where = STANDING, /, *, both: bool = False, **members: Any) -> Corruption:
    """A standing row says something else, on one side or on both."""
    return alter(name, "K7", _ITEMS, where, both=both, row=_told(**members))


def _column(name: str, /, **values: Any) -> Corruption:
    """Any version is filtered by something else than its row says."""
    return alter(f"{name} beside a row", "K7", _ITEMS, _ANY, **values)


ROWS = [
    Corruption("a stale row", "K7", _stale(both=False)),
    Corruption("a stale row on both sides", "K7", _stale(both=True)),
    alter("folded to less than the end", "K7", "projection_position", _ANY, position=lambda end, _: end - 1),
    alter("folded to less on both sides", "K7", "projection_position", _ANY, both=True, position=5),
    # What rows say
    _row("another state", state="archived"),
    _row("another class", class_="grave"),
    _row("another title", title="x"),
    _row("another title on both sides", UNCORRECTED, both=True, title="x"),
    _row("another day of detection on both sides", DEVIATIONS, both=True, detected_at="2026-11-21"),
    _row("another product of a matter on both sides", MATTERS, both=True, product={"code": "P-0", "name": "x"}),
    _row("another source of a matter on both sides", MATTERS, both=True, source="x"),
    _row("a matter of another category on both sides", MATTERS, both=True, category="deviations"),
    _row("a batch less", batches=lambda batches, _: batches[1:] or [{"number": "B-0"}, {"number": "B-0"}]),
    _row("a dispute that one side hides", disputed=_other_flag),
    _row("a mark of violation", violates=_other_flag),
    _row("another due date", due_at="2026-11-25T00:00:00.000000Z"),
    _row("another number of open questions", open_questions=raised),
    _row("another opening on both sides", both=True, opened_by=_elsewhere),
    _row("an earlier last entry on both sides", both=True, last=_earlier),
    _row("another time of the last change on both sides", both=True, changed_at="2026-11-22T00:00:00.000000Z"),
    alter("a row that is none", "K7", _ITEMS, _ANY, row="{"),
    # What stands beside them
    _column("the state", state="archived"),
    _column("the class", class_="grave"),
    _column("the number", number=flipped),
    _column("the search text", search=flipped),
    _column("the batches", batches=lambda text, _: text + ',"B-0"'),
    _column("the due date", due_at="2026-11-25T00:00:00.000000Z"),
    _column("history", historical=_other_flag),
    _column("the category", category="changes"),
    # Versions
    Corruption("an item went away", "K7", _all_versions(_go_away, both=False)),
    Corruption("an item went away on both sides", "K7", _all_versions(_go_away, both=True)),
    Corruption("an item has another id on both sides", "K7", _all_versions(_be_another, both=True)),
    Corruption("a version begins elsewhere", "K7", _begins_elsewhere),
    alter("a version where no entry is", "K7", _ITEMS, _ANY, valid_from=lambda begin, _: begin + 100_000),
    alter("a version that has ended", "K7", _ITEMS, STANDING, valid_to=lambda _, chance: chance.randrange(1, 9)),
    Corruption("a version went away", "K7", _version_lost),
    # Clocks, receipt, sums
    add("an invented clock", "K7", "clock_version", _invented_clock),
    remove("a clock went away", "K7", "clock_version", those(lambda row: _stands(row) and row["row"] != "{}")),
    alter("a clock that runs longer", "K7", "clock_version", STANDING, row=_told(due_at="2027-01-01T00:00:00.000000Z")),
    alter("a clock under another name", "K7", "clock_version", STANDING, name="review"),
    alter("when something was received", "K7", "received_step", _ANY, time=flipped),
    alter("how much was received", "K7", "received_step", _ANY, seen=lambda seen, _: seen + 1000),
    remove("a step went away", "K7", "received_step", _ANY),
    add("a step too many", "K7", "received_step", _step_too_many),
    alter("the sum of what is concluded", "K7", "conclusion", _ANY, total=flipped),
    alter("how much the conclusion takes in", "K7", "conclusion", _ANY, mah=raised),
]
