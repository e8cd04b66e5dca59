"""Bugs in what is shown: rows and clocks that were folded rightly and told wrongly."""

from collections.abc import Callable
from random import Random
from typing import Any

from domain.items.rows import rows_of as as_it_is
from services.gateway.projections import folding
from tests.services.conclusions.bugs.bug import Bug, Kind

Row = dict[str, Any]
Spoil = Callable[[Row], None]


def _rows_as(what: str, spoil: Spoil) -> Bug:
    """The row of each item is spoilt after it was folded; its clocks are under `clocks` meanwhile."""

    def rows_of(*asked: Any) -> tuple[Row, dict[str, Row]]:
        row, clocks = as_it_is(*asked)
        spoilt = {**row, "clocks": {name: dict(clock) for name, clock in clocks.items()}}
        spoil(spoilt)
        return spoilt, spoilt.pop("clocks")

    return Bug(what, lambda patch: patch.setattr(folding, "rows_of", rows_of))


def _wrong_state(chance: Random) -> Bug:
    state = chance.choice(("opened", "approval_pending", "closed"))
    wrong = chance.choice(("classified", "investigated", "closure_approved"))

    def spoil(row: Row) -> None:
        row["state"] = wrong if row["state"] == state else row["state"]

    return _rows_as(f"{state} is shown as {wrong}", spoil)


def _wrong_class(chance: Random) -> Bug:
    wrong = chance.choice(("minor", None))
    return _rows_as(
        f"major is shown as {wrong}", _put("class", lambda row: wrong if row["class"] == "major" else row["class"])
    )


def _dropped_batch(_chance: Random) -> Bug:
    return _rows_as("the last of several batches is dropped", _put("batches", lambda row: row["batches"][:1]))


def _lost_mark(chance: Random) -> Bug:
    mark = chance.choice(("violates", "disputed", "overtaken"))
    return _rows_as(f"{mark} is never shown", _put(mark, lambda _row: False))


def _lost_field(chance: Random) -> Bug:
    field = chance.choice(("product", "external_number", "acknowledged", "closed", "investigation", "due_at"))
    return _rows_as(f"{field} is left empty", _put(field, lambda _row: None))


def _wrong_time(chance: Random) -> Bug:
    field, other = chance.choice((("changed_at", "opened_at"), ("opened_at", "changed_at")))
    return _rows_as(f"{field} is {other}", _put(field, lambda row: row[other]))


def _wrong_count(_chance: Random) -> Bug:
    return _rows_as("questions count twice", _put("open_questions", lambda row: 2 * row["open_questions"]))


def _wrong_owner(_chance: Random) -> Bug:
    return _rows_as("history and present are mixed up", _put("historical", lambda row: not row["historical"]))


def _last_of_one(_chance: Random) -> Bug:
    return _rows_as(
        "only one party's last entry is kept", _put("last", lambda row: dict(list(row["last"].items())[:1]))
    )


def _wrong_due(chance: Random) -> Bug:
    name = chance.choice(("handle", "notify", "acknowledge"))
    return _rows_as(f"{name} is due on another day", _clock(name, "due_at", lambda due: "2027" + due[4:]))


def _never_stopped(chance: Random) -> Bug:
    name = chance.choice(("handle", "notify", "acknowledge"))

    def spoil(row: Row) -> None:
        for clock in row["clocks"].values():
            if clock["limit"]["name"] == name:
                clock.update(state="running", stopped_at=None, stopped_by=None)

    return _rows_as(f"{name} never stops", spoil)


def _lost_clock(chance: Random) -> Bug:
    name = chance.choice(("handle", "answer", "closure_approval"))

    def spoil(row: Row) -> None:
        row["clocks"] = {key: clock for key, clock in row["clocks"].items() if not key.startswith(name)}

    return _rows_as(f"no clock {name}", spoil)


def _wrong_unit(_chance: Random) -> Bug:
    return _rows_as("hours for days", _clock("handle", "limit", lambda limit: {**limit, "unit": "calendar_days"}))


def _lost_scope(chance: Random) -> Bug:
    what = chance.choice(("products", "batches", "lines"))

    def spoil(row: Row) -> None:
        if "scope" in row:
            row["scope"] = {**row["scope"], what: []}

    return _rows_as(f"a matter's scope has no {what}", spoil)


def _wrong_matter(chance: Random) -> Bug:
    category, field, wrong = chance.choice(
        (("risks", "class", "minor"), ("risks", "state", "raised"), ("suspensions", "state", "lifted"))
    )

    def spoil(row: Row) -> None:
        if row["category"] == category:
            row[field] = wrong

    return _rows_as(f"of all {category} the {field} is {wrong}", spoil)


def _put(field: str, value: Callable[[Row], Any]) -> Spoil:
    def spoil(row: Row) -> None:
        row[field] = value(row)

    return spoil


def _clock(name: str, field: str, value: Callable[[Any], Any]) -> Spoil:
    def spoil(row: Row) -> None:
        for clock in row["clocks"].values():
            if clock["limit"]["name"] == name:
                clock[field] = value(clock[field])

    return spoil


KINDS: tuple[Kind, ...] = (
    *(_wrong_state, _wrong_class, _dropped_batch, _lost_mark, _lost_field, _wrong_time, _wrong_count, _wrong_owner),
    *(_last_of_one, _wrong_due, _never_stopped, _lost_clock, _wrong_unit),
    *(_lost_scope, _wrong_matter),
)
