"""The scrub: a gateway reads its whole store again and again, so that damage is found while it can be mended.

A round reads every entry, page, node and receipt (`stepping`), a piece at a time. It keeps to a small share of one
core: 2 % while others write, 20 % while nobody does, and at most 5 % over rounds and the pauses between them. What it
finds stops all signing of that relationship (`services/adr/0008`); a whole round that finds nothing lets it go on.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from services.gateway.checking.findings import Finding, Findings
from services.gateway.checking.stepping import BytesCheck
from services.gateway.ports.store import Reading
from services.gateway.ports.stored_rows import StoredRows

PIECE = 256  # rows in one step
AT_ONCE = 2048  # rows looked at before the gateway begins to work: a small store is looked at whole
BUSY_SHARE, IDLE_SHARE, ROUND_SHARE = 0.02, 0.20, 0.05
MIN_PAUSE_SECONDS = 1.0

OpenRows = Callable[[], AbstractContextManager[tuple[StoredRows, Reading]]]
"""Opens a consistent view of the store for checking."""


class Scrub:
    """Checks a store in rounds; one thread calls `step`.

    `found` hears of the relationships (their numbers) in which the round found damage so far, with the first of it
    each, and whether the round has ended: a round that ends without any found none.
    """

    def __init__(
        self, open_rows: OpenRows, monotonic: Callable[[], float], found: Callable[[dict[int, str], bool], None]
    ) -> None:
        self._open_rows = open_rows
        self._monotonic = monotonic
        self._found = found
        self._next = 0.0  # when the next step is due
        self._spent = 0.0  # by this round
        self._written = 0  # local sequence at the last step
        self._begin_round()

    def begin(self) -> None:
        """Look at the first rows before anything else happens."""
        for _ in range(AT_ONCE // PIECE):
            if self._advance():
                return

    def step(self) -> bool:
        """Check the next piece, if it is time; never asks to be called again at once."""
        if self._monotonic() >= self._next:
            self._advance()
        return False

    def _advance(self) -> bool:
        """Check a piece; tell whether it was the last one of a round."""
        began = self._monotonic()
        with self._open_rows() as (rows, reading):
            ended = self._take(rows, reading)
            is_busy = self._is_busy(reading)
        now = self._monotonic()
        self._spent += now - began
        self._next = now + (now - began) * (1 / (BUSY_SHARE if is_busy else IDLE_SHARE) - 1)
        self._tell(ended=ended)
        if ended:
            self._next = now + max(MIN_PAUSE_SECONDS, self._spent * (1 / ROUND_SHARE - 1))
            self._begin_round()
        return ended

    def _begin_round(self) -> None:
        self._round = BytesCheck(Findings())
        self._entries_done = self._receipts_done = False
        self._spent = 0.0

    def _take(self, rows: StoredRows, reading: Reading) -> bool:
        self._round.read_parties(rows)
        if not self._entries_done:
            self._entries_done = self._round.take_entries(rows, PIECE)
        elif not self._receipts_done:
            self._receipts_done = self._round.take_receipts(rows, reading, PIECE)
        else:
            self._round.take_seals(rows, reading)
            self._round.take_set_aside(rows)
            return True
        return False

    def _is_busy(self, reading: Reading) -> bool:
        before, self._written = self._written, reading.last_sequence()
        return before != self._written

    def _tell(self, *, ended: bool) -> None:
        damages: dict[int, str] = {}
        for finding in reversed(self._round.findings.kept):
            for number in self._numbers_of(finding):
                damages[number] = _said(finding)
        if damages or ended:
            self._found(damages, ended)

    def _numbers_of(self, finding: Finding) -> list[int]:
        """Return the relationships that a finding is about; all where it does not say."""
        numbers = [number for number, parties in self._round.parties.items() if parties.name in finding.place.journal]
        return numbers or list(self._round.parties)


def _said(finding: Finding) -> str:
    place = finding.place
    parts = (place.table, place.journal, place.position, place.field)
    return f"{' '.join(str(part) for part in parts if part not in ('', None))}: {finding.detail}"
