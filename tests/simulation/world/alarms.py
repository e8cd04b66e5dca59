"""The alarms of a side: those that stand, as its board has them, and all that were ever raised."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.gateway.ports.alarms import Alarm


@dataclass
class AlarmBook:
    """Fits the port `Alarms`; the book of what was raised outlives the process, the board does not."""

    board: dict[tuple[str, str], Alarm] = field(default_factory=dict)
    ever: Counter[str] = field(default_factory=Counter)
    details: dict[str, str] = field(default_factory=dict)  # the last by code

    def report(self, alarm: Alarm) -> None:
        self.board[alarm.code, alarm.relationship] = alarm
        self.ever[alarm.code] += 1
        self.details[alarm.code] = alarm.detail

    def settle(self, code: str, relationship: str) -> None:
        self.board.pop((code, relationship), None)

    def standing(self) -> Sequence[Alarm]:
        return list(self.board.values())

    def forget_standing(self) -> None:
        self.board.clear()
