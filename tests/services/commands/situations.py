"""A situation made by hand: an empty pair of journals, some external numbers, a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.judging.context import Context
from domain.judging.history import JournalView, PastEvent
from events.encoding.identifiers import Role
from events.stored.intake import ExternalNumber
from services.gateway.commands.asking import Asked

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def empty() -> Context:
    return Context(Role.CMO, 0, 0, {role: JournalView(role) for role in Role})


@dataclass(frozen=True)
class Now:
    at: datetime = MONDAY
    known: Mapping[str, ExternalNumber] = field(default_factory=dict)
    opened: int = 0
    context: Context = field(default_factory=empty)

    def count(self, role: Role, event_type: str) -> int:
        assert (role, event_type) == (Role.CMO, "deviation.opened.v1")
        return self.opened

    def admit(self, types: Sequence[str]) -> None:
        del types

    def elsewhere(self, subject: str) -> Sequence[PastEvent]:
        del subject
        return ()


def asked(actor: str = "system/eqms", **changes: object) -> Asked:
    values: dict[str, object] = {
        "relationship": 1,
        "role": Role.CMO,
        "actor": actor,
        "caller": "token",
        "key": "k",
        "digest": b"d",
    }
    return Asked(**{**values, **changes})  # type: ignore[arg-type] # a test changes any of them
