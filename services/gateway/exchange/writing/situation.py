"""What a decision looks at, and the desk on which one relationship's part of a transaction lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.stored.intake import ExternalNumber
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.remembering import past_of
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
    held_elsewhere: Callable[[str], Sequence[PastEvent]]

    def count(self, role: Role, event_type: str) -> int:
        """Count the accepted entries of a type, for human numbers."""
        return self.count_of(role, event_type)

    def admit(self, types: Sequence[str]) -> None:
        """Ask that events of these types may be written as far as the partner is heard."""
        self.admitting(types)

    def elsewhere(self, subject: str) -> Sequence[PastEvent]:
        """Return what this party's journals of its other relationships hold about a subject, accepted entries only."""
        return self.held_elsewhere(subject)


def held_elsewhere(
    reading: Reading, channels: Mapping[int, Channel], relationship: int, subject: str
) -> Sequence[PastEvent]:
    """Return the accepted entries about a subject in a party's own journals but that of one relationship.

    What this transaction has written and not stored yet is among them.
    """
    found: list[PastEvent] = []
    for number, channel in channels.items():
        if number != relationship:
            history = reading.histories(number, channel.own.role, [subject])[subject]
            found += [past_of(entry) for entry in history if entry.code is None]
            found += [past for past in channel.own.view.subject(subject) if past.code is None]
    return found
