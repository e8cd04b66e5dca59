"""The engine as the HTTP interface needs it; `services.gateway.exchange.gateway.Gateway` fits it."""

from collections.abc import Sequence
from typing import Protocol

from events.conclusions.total import Sizes
from events.encoding.identifiers import Role
from events.stored.journal import StoredReceipt
from services.gateway.attachments.files import Files
from services.gateway.exchange.conclusions import Difference
from services.gateway.exchange.jobs import Answer, CommandJob
from services.gateway.exchange.pairing import OwnParty
from services.gateway.ports.alarms import Alarms
from services.gateway.ports.clock import Chance, Clock
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.store import Store
from services.gateway.profile import Profile


class PartnerStatus(Protocol):
    """How the exchange with one partner stands. Sizes count entries."""

    @property
    def relationship(self) -> str:
        """`<MAH>/<CMO>`."""

    @property
    def number(self) -> int:
        """The relationship's number in the store."""

    @property
    def own_role(self) -> Role:
        """Which side this gateway is."""

    @property
    def partner(self) -> str:
        """The partner's unified social credit code."""

    @property
    def confirmed(self) -> bool:
        """Whether this side confirmed the fingerprint."""

    @property
    def paired(self) -> bool:
        """Whether both parties' first entries are here."""

    @property
    def fingerprint(self) -> str | None:
        """What both parties read to each other."""

    @property
    def own_size(self) -> int:
        """Size of the own journal."""

    @property
    def sent(self) -> int:
        """How much of it is on the wire."""

    @property
    def held(self) -> int:
        """Size of the partner's journal that is held."""

    @property
    def judged(self) -> int:
        """How much of it was judged; the rest waits for another version of this software."""

    @property
    def heard(self) -> StoredReceipt | None:
        """The partner's latest receipt."""

    @property
    def waiting_pages(self) -> int:
        """Pages that wait for a gap to close."""

    @property
    def missing_from(self) -> int | None:
        """The position that was asked for again."""

    @property
    def conflict(self) -> bool:
        """Whether the partner showed two histories."""

    @property
    def behind(self) -> bool:
        """Whether the partner holds own entries that are lost here."""

    @property
    def intake_stopped(self) -> bool:
        """Whether too much was refused today."""

    @property
    def wire_error(self) -> str:
        """What keeps the wire from working now."""

    @property
    def concluded(self) -> Sizes | None:
        """At which sizes of the two journals rows stand."""

    @property
    def agreed(self) -> Sizes | None:
        """The latest sizes at which both gateways concluded the same."""

    @property
    def difference(self) -> Difference | None:
        """Where they conclude differently."""


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
    def party(self) -> OwnParty:
        """Whose gateway it is."""

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
    def files(self) -> Files:
        """The files that events name."""

    @property
    def alarms(self) -> Alarms:
        """What people must look at."""

    def submit(self, job: CommandJob, timeout: float = 30.0) -> Answer:
        """Have a command decided and committed.

        Raises:
            DomainError: a rule refuses it. EngineError: the gateway cannot take it now.
            EvidenceError: its form is wrong.
        """

    def status(self) -> Sequence[PartnerStatus]:
        """Return how the exchange with each partner stands."""

    def invite(self, partner_uscc: str, partner_name: str | None = None) -> bytes:
        """Make keys for a relationship with a partner, unless there are some; return the invitation file."""

    def accept(self, invitation: bytes) -> str:
        """Take in a partner's invitation file; return the fingerprint that people compare."""

    def confirm(
        self, relationship: int, actor: str, fingerprint: str, caller: str = "", key: str | None = None
    ) -> Answer:
        """Commit entry 0: a person compared the fingerprint."""

    def wait_projected(self, sequence: int, timeout: float) -> bool:
        """Wait until rows stand at a local sequence; tell whether they do."""

    def changes(self) -> Changes:
        """Listen to what moves."""

    def rebuild(self) -> None:
        """Have all rows folded anew from entry 0, beside those that stand."""

    def confirm_clock(self) -> None:
        """Go on after the wall clock jumped: a named person looked at it."""
