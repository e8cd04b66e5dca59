"""Alarms: what people must look at. They stand until settled, and are told to whoever was named for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that people must look at.

    `code` is stable: `quarantine`, `partner.silent`, `clock.jumped`, `disk.full`, `history.conflict`, `entry.refused`,
    `refusal.malformed`, `intake.stopped`, `upgrade.required`, `store.behind`, `store.damaged`,
    `projection.failed`, `conclusions.differ`, `alarm.undelivered`,
    `blob.refused`.
    """

    code: str
    relationship: str  # `<MAH>/<CMO>`; empty when it is about the gateway itself
    detail: str
    at: str


class Alarms(Protocol):
    """Where alarms go: the log, the health page, a command or a webhook."""

    def report(self, alarm: Alarm) -> None:
        """Raise an alarm; one of the same code and relationship that stands already is replaced and not told again."""

    def settle(self, code: str, relationship: str) -> None:
        """Say that the cause of an alarm is gone."""

    def standing(self) -> Sequence[Alarm]:
        """Return the alarms that stand, oldest first."""
