"""The engine as the HTTP interface needs it."""

from collections.abc import Sequence
from typing import Any, Protocol

from services.gateway.exchange.jobs import Answer, CommandJob
from services.gateway.ports.alarms import Alarms
from services.gateway.ports.clock import Chance, Clock
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.store import Store
from services.gateway.profile import Profile


class PartnerStatus(Protocol):
    """How the exchange with one partner stands."""

    @property
    def relationship(self) -> str:
        """`<MAH>/<CMO>`."""

    @property
    def number(self) -> int:
        """The relationship's number in the store."""


class Changes(Protocol):
    """A listener to what moves in the read model."""

    def next(self, timeout: float) -> int | None:
        """Wait so many seconds at most for rows to move; return the local sequence they now stand at."""

    def close(self) -> None:
        """Stop listening."""


class Gateway(Protocol):
    """The running engine; `relationship` is the number of a `StoredRelationship` throughout."""

    @property
    def profile(self) -> Profile:
        """Which side this gateway is."""

    @property
    def clock(self) -> Clock:
        """The clock that entries are recorded by."""

    @property
    def chance(self) -> Chance:
        """Where ids come from."""

    @property
    def store(self) -> Store:
        """The store, for reading and for tokens."""

    @property
    def read_model(self) -> ReadModel:
        """The rows that screens read."""

    @property
    def alarms(self) -> Alarms:
        """What people must look at."""

    def submit(self, job: CommandJob, timeout: float = 30.0) -> Answer:
        """Have a command decided and committed.

        Raises:
            DomainError: a rule refuses it. EngineError: the gateway cannot take it now. EntryError: its form is wrong.
        """

    def status(self) -> Sequence[Any]:
        """Return how the exchange with each partner stands."""

    def invite(self, partner_uscc: str, partner_name: str | None) -> bytes:
        """Make keys and a relationship; return the invitation file."""

    def accept(self, invitation: bytes) -> str:
        """Take in a partner's invitation file; return the fingerprint to compare."""

    def confirm(self, relationship: int, actor: str, fingerprint: str) -> Answer:
        """Record that a person compared the fingerprint: entry 0."""

    def wait_projected(self, sequence: int, timeout: float) -> bool:
        """Wait until rows stand at a local sequence; tell whether they do."""

    def changes(self) -> Changes:
        """Listen to what moves."""
