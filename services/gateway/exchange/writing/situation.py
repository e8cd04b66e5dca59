"""What a decision looks at, and the desk on which one relationship's part of a transaction lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.judging.context import Context
from events.encoding.identifiers import Role
from events.stored.intake import ExternalNumber
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.writing.authoring import Authoring
from services.gateway.ports.store import Reading


@dataclass(frozen=True, slots=True)
class Desk:
    """What one relationship needs within one transaction."""

    channel: Channel
    gathering: Gathering
    authoring: Authoring
    counts: dict[tuple[Role, str], int] = field(default_factory=dict)  # accepted entries by type, as they are stored

    def count(self, reading: Reading, role: Role, event_type: str) -> int:
        """Count the accepted entries of a type, those that this transaction has yet to store included."""
        if (role, event_type) not in self.counts:
            self.counts[role, event_type] = reading.count(self.channel.number, role, event_type)
        stored = self.counts[role, event_type]
        return stored + self.authoring.count_pending(event_type) if role is self.channel.own.role else stored


@dataclass(frozen=True, slots=True)
class CommandSituation:
    """What a decision may look at; fits `Situation`."""

    context: Context
    at: datetime
    known: Mapping[str, ExternalNumber]
    count_of: Callable[[Role, str], int]
    admitting: Callable[[Sequence[str]], None]

    def count(self, role: Role, event_type: str) -> int:
        """Count the accepted entries of a type, for human numbers."""
        return self.count_of(role, event_type)

    def admit(self, types: Sequence[str]) -> None:
        """Ask that events of these types may be written as far as the partner is heard."""
        self.admitting(types)
