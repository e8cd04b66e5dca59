"""What a decision looks at, and the desk on which one relationship's part of a transaction lies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.judging.context import Context
from events.encoding.identifiers import Role
from events.stored.intake import ExternalNumber
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.writing.authoring import Authoring


@dataclass(frozen=True, slots=True)
class Desk:
    """What one relationship needs within one transaction."""

    channel: Channel
    gathering: Gathering
    authoring: Authoring


@dataclass(frozen=True, slots=True)
class CommandSituation:
    """What a decision may look at; fits `Situation`."""

    context: Context
    at: datetime
    known: Mapping[str, ExternalNumber]
    count_of: Callable[[Role, str], int]

    def count(self, role: Role, event_type: str) -> int:
        """Count the accepted entries of a type, for human numbers."""
        return self.count_of(role, event_type)
