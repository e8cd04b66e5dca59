"""The engine as a caller sees it whose token is bound to one relationship."""

from collections.abc import Sequence

from events.encoding.identifiers import Relationship
from events.stored.relationship import StoredRelationship
from services.gateway.access.errors import TokenBoundError
from services.gateway.access.views import views_of_one
from services.gateway.api.gateway import Changes, Gateway, PartnerStatus
from services.gateway.attachments.files import Files
from services.gateway.exchange.jobs import Answer, CommandJob
from services.gateway.exchange.pairing import OwnParty
from services.gateway.ports.alarms import Alarm, Alarms
from services.gateway.ports.clock import Chance, Clock
from services.gateway.profile import Profile


class AlarmsOfOne:
    """The alarms of one relationship."""

    def __init__(self, whole: Alarms, between: Relationship) -> None:
        self._whole = whole
        self._name = str(between)

    def report(self, alarm: Alarm) -> None:
        """Raise an alarm."""
        self._whole.report(alarm)

    def settle(self, code: str, relationship: str) -> None:
        """Say that the cause of an alarm is gone."""
        self._whole.settle(code, relationship)

    def standing(self) -> Sequence[Alarm]:
        """Return those that stand."""
        return [each for each in self._whole.standing() if each.relationship == self._name]


class GatewayOfOne:
    """A gateway as if it had one partner; it fits `services.gateway.api.gateway.Gateway`."""

    def __init__(self, whole: Gateway, bound: StoredRelationship) -> None:
        self._whole = whole
        self._bound = bound
        self.store, self.read_model = views_of_one(whole.store, whole.read_model, bound)
        self.alarms: Alarms = AlarmsOfOne(whole.alarms, bound.relationship)

    @property
    def profile(self) -> Profile:
        """Which side this gateway is."""
        return self._whole.profile

    @property
    def party(self) -> OwnParty:
        """Whose gateway it is."""
        return self._whole.party

    @property
    def clock(self) -> Clock:
        """The clock that entries are recorded by."""
        return self._whole.clock

    @property
    def chance(self) -> Chance:
        """Where ids come from."""
        return self._whole.chance

    @property
    def files(self) -> Files:
        """The files, asked by the one relationship's number, which is the only one that is told here."""
        return self._whole.files

    def submit(self, job: CommandJob, timeout: float = 30.0) -> Answer:
        """Have a command of the one relationship done.

        Raises:
            TokenBoundError: it is of another. As `Gateway.submit`.
        """
        self._check(job.relationship)
        return self._whole.submit(job, timeout)

    def status(self) -> Sequence[PartnerStatus]:
        """Return how the exchange with the one partner stands."""
        return [each for each in self._whole.status() if each.number == self._bound.number]

    def invite(self, partner_uscc: str, partner_name: str | None = None) -> bytes:
        """Refuse: a new partner is a new relationship.

        Raises:
            TokenBoundError: always.
        """
        del partner_uscc, partner_name
        raise self._refusal()

    def accept(self, invitation: bytes) -> str:
        """Refuse, as `invite`.

        Raises:
            TokenBoundError: always.
        """
        del invitation
        raise self._refusal()

    def confirm(
        self, relationship: int, actor: str, fingerprint: str, caller: str = "", key: str | None = None
    ) -> Answer:
        """Commit entry 0 of the one relationship.

        Raises:
            TokenBoundError: it is another.
        """
        self._check(relationship)
        return self._whole.confirm(relationship, actor, fingerprint, caller, key)

    def wait_projected(self, sequence: int, timeout: float) -> bool:
        """Wait until rows stand at a local sequence; tell whether they do."""
        return self._whole.wait_projected(sequence, timeout)

    def changes(self) -> Changes:
        """Listen to what moves."""
        return self._whole.changes()

    def rebuild(self) -> None:
        """Refuse: the rows are every relationship's.

        Raises:
            TokenBoundError: always.
        """
        raise self._refusal()

    def confirm_clock(self) -> None:
        """Refuse: the clock is every relationship's.

        Raises:
            TokenBoundError: always.
        """
        raise self._refusal()

    def _check(self, relationship: int) -> None:
        if relationship != self._bound.number:
            raise self._refusal()

    def _refusal(self) -> TokenBoundError:
        return TokenBoundError(f"this token is bound to {self._bound.relationship}")
