"""Corruptions of entries: their bytes, what stands beside them, their verdicts, their local order."""

from collections.abc import Callable
from typing import Any

from tests.checker.trials.corruption import Corruption, Trial, Wanted, alter, flipped, raised, remove, those
from tests.checker.trials.tables import Row, Tables

REFUSAL = "entry.refused.v1"
ROLES = ("mah", "cmo")


def _is_accepted(row: Row) -> bool:
    return row["code"] is None


def _is_plain(row: Row) -> bool:
    return row["code"] is None and row["type"] != REFUSAL and row["position"] > 0


def _last(rows: list[Row]) -> list[Row]:
    """The last entry of either journal."""
    return [max((row for row in rows if row["role"] == role), key=_position) for role in (0, 1)]


def _middle(rows: list[Row]) -> list[Row]:
    """Entries that have others before and after them."""
    ends = {row["sequence"] for row in _last(rows)}
    return [row for row in rows if row["position"] > 0 and row["sequence"] not in ends]


def _position(row: Row) -> int:
    return int(row["position"])


ACCEPTED, PLAIN = those(_is_accepted), those(_is_plain)
HEADLESS = those(lambda row: row["type"] is None)


def _refused(code: str) -> Callable[[list[Row]], list[Row]]:
    return those(lambda row: row["code"] == code)


def _append(tables: Tables, row: Row, **changes: Any) -> None:
    """Put a copy of an entry behind its journal."""
    rows = tables.rows("entry")
    size = sum(each["role"] == row["role"] for each in rows)
    tables.add("entry", {**row, "sequence": len(rows) + 1, "position": size, **changes})


def _twice(trial: Trial) -> None:
    tables, row = trial.pick("entry", PLAIN)
    _append(tables, row)


def _never_written(trial: Trial) -> None:
    store = trial.chance.choice(ROLES)
    foreign = 1 - ROLES.index(store)
    tables, row = trial.pick("entry", those(lambda row: _is_plain(row) and row["role"] == foreign), store=store)
    _append(tables, row, head=flipped(row["head"], trial.chance))


def _swapped(*, both: bool) -> Callable[[Trial], None]:
    """Let two neighbours change places."""

    def change(trial: Trial) -> None:
        first, row = trial.pick("entry", _middle)
        for tables in trial.stores.values() if both else [first]:
            one, two = (_at(tables, row["role"], row["position"] + step) for step in (0, 1))
            tables.change("entry", one, {"position": -1})
            tables.change("entry", two, {"position": one["position"]})
            tables.change("entry", one, {"position": two["position"]})

    return change


def _at(tables: Tables, role: int, position: int) -> Row:
    (row,) = tables.rows("entry", lambda row: (row["role"], row["position"]) == (role, position))
    return row


def _taken_the_other_way_round(trial: Trial) -> None:
    tables, row = trial.pick("entry", _middle)
    one, two = (_at(tables, row["role"], row["position"] + step)["sequence"] for step in (0, 1))
    tables.renumber("entry", "sequence", {one: two, two: one})


def _taken_before_what_it_saw(trial: Trial) -> None:
    """Put an entry, and what its own journal holds before it, in front of what it has seen; no number is left out."""
    tables = trial.store()
    rows = tables.rows("entry")
    row = trial.one([row for row in rows if _is_accepted(row) and row["seen"]])
    journal = [each for each in rows if each["role"] == row["role"] and each["position"] <= row["position"]]
    rest = [each for each in rows if each not in journal]
    order = [each["sequence"] for each in (*journal, *rest)]
    tables.renumber("entry", "sequence", {old: new for new, old in enumerate(order, 1) if old != new})


def _flag(value: object, _chance: object) -> bool:
    return not value


def _stands(name: str, check: str, code: str) -> Corruption:
    """A refused entry counts as accepted, on both sides."""
    return alter(name, check, "entry", _refused(code), both=True, code=None)


def _beside(name: str, wanted: Wanted = _is_accepted, **values: Any) -> Corruption:
    """Something else stands beside an entry than its bytes say, on one side."""
    return alter(f"{name} beside an entry", "K4", "entry", those(wanted), **values)


ENTRIES = [
    # Bytes and places
    remove("the last entry is lost", "K1", "entry", _last),
    remove("an entry in the middle is lost", "K5", "entry", _middle),
    remove("both lost an entry in the middle", "K5", "entry", _middle, both=True),
    Corruption("an entry stands twice", "K6", _twice),
    Corruption("the reader holds an entry that its author never wrote", "K4", _never_written),
    Corruption("two entries changed places", "K1", _swapped(both=False)),
    Corruption("two entries changed places in both stores", "K1", _swapped(both=True)),
    alter("a position was left out", "K5", "entry", _last, position=raised),
    alter("a bit of a head", "K1", "entry", ACCEPTED, head=flipped),
    alter("a bit of a head in both stores", "K4", "entry", PLAIN, both=True, head=flipped),
    alter("a bit of a body", "K1", "entry", ACCEPTED, body=flipped),
    alter("a bit of a body in both stores", "K4", "entry", PLAIN, both=True, body=flipped),
    alter("a body went away", "K1", "entry", ACCEPTED, body=None),
    alter("a body went away in both stores", "K4", "entry", PLAIN, both=True, body=None),
    alter("a bit of a leaf", "K4", "entry", those(bool), leaf=flipped),
    alter("a bit of a leaf in both stores", "K4", "entry", those(bool), both=True, leaf=flipped),
    # What stands beside
    _beside("the id", id=flipped),
    _beside("the type", type="agreement.annulled.v1"),
    _beside("the subject", subject=flipped),
    _beside("the revision", revision=raised),
    _beside("the time", time=flipped),
    _beside("the seen", seen=raised),
    _beside("the place in the one order", bool, order_major=flipped),
    alter("the seen beside an entry in both stores", "K4", "entry", PLAIN, both=True, seen=raised),
    alter("attributes beside a malformed head", "K4", "entry", HEADLESS, seen=0),
    # Verdicts
    alter("an accepted entry counts as refused", "K1", "entry", ACCEPTED, code="entry.wrong_state"),
    alter(
        "an accepted entry counts as refused on both sides", "K8", "entry", PLAIN, both=True, code="entry.wrong_state"
    ),
    alter("an accepted entry counts as malformed", "K4", "entry", PLAIN, both=True, code="entry.malformed"),
    alter("an accepted entry counts as out of time", "K4", "entry", PLAIN, both=True, code="entry.time_fell"),
    alter("an entry is refused with no code of the format", "K4", "entry", PLAIN, both=True, code="entry.disliked"),
    alter("a malformed entry has another code", "K4", "entry", HEADLESS, both=True, code="gate.x"),
    _stands("a malformed entry counts as accepted", "K4", "entry.malformed"),
    _stands("an entry out of its revision counts as accepted", "K5", "entry.wrong_revision"),
    _stands("an entry that had seen more before counts as accepted", "K5", "entry.seen_withheld"),
    _stands("a refused entry counts as accepted", "K8", "entry.wrong_labels"),
    _stands("a refusal of nothing counts as accepted", "K8", "refusal.malformed"),
    alter(
        "a malformed refusal is refused as an entry",
        "K4",
        "entry",
        _refused("refusal.malformed"),
        both=True,
        code="entry.malformed",
    ),
    alter("a violation that only one side sees", "K1", "entry", ACCEPTED, violates=_flag),
    alter("a violation that one side forgot", "K1", "entry", those(lambda row: row["violates"]), violates=False),
    alter(
        "refused and a violation", "K4", "entry", those(lambda row: row["code"] is not None), both=True, violates=True
    ),
    # Local order
    alter("a gap in the local sequence", "K5", "entry", those(bool), sequence=lambda number, _: number + 1_000_000),
    Corruption("two entries of a journal were taken in the other way round", "K5", _taken_the_other_way_round),
    Corruption("an entry was taken in before what it has seen", "K5", _taken_before_what_it_saw),
]
