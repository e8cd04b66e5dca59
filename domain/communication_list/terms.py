"""The time limits that a communication list sets, ready to be looked up: by category, direction, name and class."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from events.catalogue.communication_list import Limit, Row
from events.encoding.identifiers import Role

DEVIATIONS = "deviations"

LEGAL_CATEGORIES = (
    DEVIATIONS,
    "changes",
    "oos_oot",
    "qualification_validation",
    "retention_stability",
    "pharmacovigilance",
    "regulatory_inspections",
    "credit_records",
)
"""The eight categories that every list has (VII); more may be agreed."""


@dataclass(frozen=True, slots=True)
class AgreedTerm:
    """A time that the announcement leaves to the parties: by which limit of which category it is agreed, and where."""

    category: str
    name: str
    clause: str


AGREED_TERMS = (
    AgreedTerm("technical_transfers", "notify", "(IV)"),
    AgreedTerm("technical_transfers", "handle", "(IV)"),
    AgreedTerm("risks", "suspend", "(V)"),
    AgreedTerm("record_requests", "answer", "(VI)"),
    AgreedTerm("coline_assessments", "notify", "(VIII)"),
    AgreedTerm("coline_assessments", "feedback", "(VIII)"),
    AgreedTerm("changes", "approve", "(IX)"),
    AgreedTerm("changes", "eliminate_risk", "(IX)"),
    AgreedTerm("audits", "report", "(XIII)"),
    AgreedTerm("audits", "rectify", "(XIII)"),
)
"""The terms and the answers owed that have a number beside those of the eight categories (domain.md 2.1, VII).

They bind from rule set 2 on: `promptly` and `immediately` of the announcement, where no number follows from it.
"""

CLASSES = ("major", "moderate", "minor")
"""The classes of deviations, the most severe first."""


class Direction(StrEnum):
    """Who tells whom."""

    CMO_TO_MAH = "cmo_to_mah"
    MAH_TO_CMO = "mah_to_cmo"

    @property
    def sender(self) -> Role:
        """Return the party whose items are told."""
        return Role.CMO if self is Direction.CMO_TO_MAH else Role.MAH

    @classmethod
    def of(cls, sender: Role) -> "Direction":
        """Return the direction in which a party tells."""
        return cls.CMO_TO_MAH if sender is Role.CMO else cls.MAH_TO_CMO


@dataclass(frozen=True, slots=True)
class ClockTerm:
    """What a named limit of a deviation means: from when it runs, what stops it, and whether the sender must act."""

    start: str
    stop: str
    sender_acts: bool


DEVIATION_CLOCKS = {
    "notify": ClockTerm("detected", "received", sender_acts=True),
    "handle": ClockTerm("recorded", "closed", sender_acts=True),
    "acknowledge": ClockTerm("received", "acknowledged", sender_acts=False),
    "answer": ClockTerm("asked", "answered", sender_acts=True),
    "closure_approval": ClockTerm("investigated", "decided", sender_acts=False),
}
"""The clocks of a deviation, by the name of their limit."""


def directions_of(row: Row) -> tuple[Direction, ...]:
    """Return the directions that a row is for."""
    return tuple(Direction) if row.direction == "both" else (Direction(row.direction),)


class Terms:
    """All limits of one version of the list."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._stated: dict[tuple[str, Direction, str], dict[str | None, list[Limit]]] = {}
        for row, direction, limit in _limits_of(rows):
            by_class = self._stated.setdefault((row.category, direction, limit.name), {})
            by_class.setdefault(limit.class_, []).append(limit)
        self._found: dict[tuple[str, Direction, str, str | None], tuple[Limit, ...]] = {}

    def stated(self, category: str, direction: Direction, name: str, class_: str | None) -> list[Limit]:
        """Return the limits stated for exactly this class (None: for all classes)."""
        return self._stated.get((category, direction, name), {}).get(class_, [])

    def names_of(self, category: str, direction: Direction) -> list[str]:
        """Return the names of all limits of a category in one direction."""
        return [name for found, of, name in self._stated if (found, of) == (category, direction)]

    def limits(self, category: str, direction: Direction, name: str, class_: str | None) -> tuple[Limit, ...]:
        """Return the limits that may hold for an item of a class: its class's own, else the one for all classes.

        Of an item that nobody has classified (None) every class's limit may hold; the one that ends first does.
        """
        key = (category, direction, name, class_)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = tuple(self._choose(*key))
        return found

    def _choose(self, category: str, direction: Direction, name: str, class_: str | None) -> list[Limit]:
        by_class = self._stated.get((category, direction, name), {})
        if class_ is None:
            return [limit for limits in by_class.values() for limit in limits]
        return by_class.get(class_) or by_class.get(None, [])


def _limits_of(rows: Iterable[Row]) -> Iterator[tuple[Row, Direction, Limit]]:
    for row in rows:
        for direction in directions_of(row):
            for limit in row.limits or ():
                yield row, direction, limit
