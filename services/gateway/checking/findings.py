"""What a check found: where, and what is wrong there."""

from collections.abc import Callable
from dataclasses import dataclass, field

MAX_FINDINGS = 10_000  # that are kept; more are counted


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a table; where it has one, a journal (`<MAH>/<CMO>/<role>`), a position and a field."""

    table: str
    journal: str = ""
    position: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written."""

    place: Place
    detail: str


@dataclass(slots=True)
class Findings:
    """Collects what is found, up to a bound, and counts what was looked at; `advance` hears of the entries done."""

    kept: list[Finding] = field(default_factory=list)
    count: int = 0
    looked_at: dict[str, int] = field(default_factory=dict)
    advance: Callable[[int, int], None] = lambda _done, _total: None

    def add(self, place: Place, detail: str) -> None:
        """Note that something is wrong."""
        self.count += 1
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(Finding(place, detail))

    def saw(self, table: str, rows: int = 1) -> None:
        """Note that rows of a table were looked at."""
        self.looked_at[table] = self.looked_at.get(table, 0) + rows
