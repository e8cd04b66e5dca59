"""The one writer: it drains jobs into one transaction at a time, so that many callers share one commit.

If the process dies before the commit nothing happened; after it everything that was answered is durable, and what was
not published yet is published after the restart. After a commit of unknown outcome the store is read again before
anything else is signed. Only one thread may call `run`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from events.conclusions.total import Concluded
from events.encoding.identifiers import Relationship, Role
from events.encoding.moments import format_moment
from events.errors import EvidenceError
from events.stored.relationship import StoredRelationship
from infra.errors import InfraError
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.conclusions import Conclusions
from services.gateway.exchange.errors import ClockJumpedError, StoreDamagedError, StoreFailedError
from services.gateway.exchange.jobs import Job
from services.gateway.exchange.loading import load_channel
from services.gateway.exchange.remembering import RecentEvents
from services.gateway.exchange.writing.admission import Limits
from services.gateway.exchange.writing.authoring import LocalSequence
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.exchange.writing.round import Round
from services.gateway.ports.alarms import Alarm, Alarms
from services.gateway.ports.clock import Chance
from services.gateway.ports.keys import KeyRing
from services.gateway.ports.mark import Mark
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Reading, Store

FULL = "store.full"
DAMAGED = StoreDamagedError.code
FENCED = "store.fenced"

KeysOf = Callable[[Relationship, Role], KeyRing]
"""Opens the keys of this party for one relationship and role."""

MarkOf = Callable[[Relationship, Role], Mark]
"""Opens the mark of this party for one relationship and role."""


class Writer:
    """Decides and commits; everything that is written to the store passes through it."""

    def __init__(
        self,
        store: Store,
        keys_of: KeysOf,
        mark_of: MarkOf,
        *,
        guard: ClockGuard,
        chance: Chance,
        alarms: Alarms,
        limits: Limits,
        reached: Reached = go_on,
    ) -> None:
        self._store = store
        self._keys_of = keys_of
        self._mark_of = mark_of
        self._marks: dict[int, Mark] = {}
        self._guard = guard
        self._chance = chance
        self._alarms = alarms
        self._limits = limits
        self._reached = reached
        self._channels: dict[int, Channel] = {}
        self._conclusions: dict[int, Conclusions] = {}
        self._sequence = LocalSequence()
        self.recent = RecentEvents()
        self._on_commit: list[Callable[[], None]] = []
        self.is_fenced = False  # another process took the store over: nothing will ever be committed here again
        self._damages: dict[int, str] = {}
        self._names: dict[int, str] = {}  # of relationships that could not be read
        self._is_stale = True  # memory may hold what a failed transaction changed: read before anything is signed
        self._load()

    @property
    def channels(self) -> Mapping[int, Channel]:
        """Every relationship by its number; a channel is replaced when it is read again."""
        return self._channels

    @property
    def last_sequence(self) -> int:
        """The local sequence of the last committed entry."""
        return self._sequence.last

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have a listener called after every transaction, in the writer's thread; it must be quick."""
        self._on_commit.append(listener)

    def conclude(self, relationship: int, concluded: Concluded) -> None:
        """Take in what the rows of a relationship come to: receipts state it. Any thread may call it."""
        self._conclusions_of(relationship).conclude(concluded)

    def damage_of(self, relationship: int) -> str:
        """Return what is damaged in a relationship's store, empty when nothing is known to be."""
        return self._damages.get(relationship, "")

    @property
    def damaged(self) -> frozenset[int]:
        """The relationships in which nothing is signed, because their store is damaged."""
        return frozenset(self._damages)

    def note_damage(self, relationship: int, detail: str) -> None:
        """Sign nothing in a relationship until it is mended; people are called. Any thread may call it."""
        self._damages[relationship] = detail
        self._report([Alarm(DAMAGED, self._name_of(relationship), detail, format_moment(self._guard.wall()))])

    def note_repair(self, relationship: int) -> None:
        """Go on in a relationship whose store was found whole again. Any thread may call it."""
        if self._damages.pop(relationship, None) is not None:
            self._is_stale = True
            self._alarms.settle(DAMAGED, self._name_of(relationship))

    def run(self, jobs: Sequence[Job]) -> None:
        """Do jobs in one transaction and answer them; alone, each, when together they fail.

        A job's future gets its result, what refused it, or `StoreFailedError`.
        """
        try:
            at = self._guard.now()
        except ClockJumpedError as error:
            self._report([self._alarm("clock.jumped", error.detail)])
            _fail(jobs, error)
            return
        self._alarms.settle("clock.jumped", "")
        try:
            if self._is_stale:
                self._load()
            work = self._commit(jobs, at)
        except InfraError as error:
            self._recover(jobs, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's answer and not the writer's end
            self._load()
            if len(jobs) == 1:
                if isinstance(error, StoreDamagedError):
                    self.note_damage(jobs[0].relationship, error.detail)
                jobs[0].outcome.set_exception(error)
                return
            for job in jobs:
                self.run([job])
        else:
            self._go_on(work)

    def _commit(self, jobs: Sequence[Job], at: datetime) -> Round:
        with self._store.writing() as writing:
            rooms = (self._channels, self._sequence, self._chance, at, self._limits, self._reached)
            work = Round(writing, *rooms, damages=dict(self._damages))
            work.do_all(jobs)
            work.close()
        return work

    def _go_on(self, work: Round) -> None:
        """Do what follows a commit. Whatever goes wrong here, the jobs are done and answered so, and not done again."""
        self._reached(Step.AFTER_COMMIT)
        work.hand_over()
        self.recent.add(work.judged())
        work.forget_histories()
        try:
            for number in work.reload:
                self._load_one(number)
        finally:
            work.settle()
        self._reached(Step.ANSWERED)
        for listener in self._on_commit:
            listener()
        self._alarms.settle("disk.full", "")
        self._report(work.alarms)
        for number, detail in work.found_damaged.items():
            self.note_damage(number, detail)
        for code, relationship in work.settled:
            self._alarms.settle(code, relationship)

    def _recover(self, jobs: Sequence[Job], error: InfraError) -> None:
        """After a failed or unknown commit: read again what is durable, tell callers to come again."""
        self.is_fenced = self.is_fenced or error.code == FENCED
        if error.code == FULL:
            self._report([self._alarm("disk.full", error.detail)])
        _fail(jobs, error if error.code == FULL else StoreFailedError(str(error)))
        self._load()

    def _load(self) -> None:
        """Read every channel again; what is known of the wire stays. Until it succeeds nothing is signed."""
        self._is_stale = True
        with self._store.reading() as reading:
            for stored in reading.relationships():
                self._keep(reading, stored, self._channels.get(stored.number))
            self._sequence = LocalSequence(reading.last_sequence(), reading.lowest_sequence())
        self._is_stale = False

    def _load_one(self, number: int) -> None:
        self._is_stale = True
        with self._store.reading() as reading:
            stored = next(each for each in reading.relationships() if each.number == number)
            self._keep(reading, stored)
        self._is_stale = False

    def _keep(self, reading: Reading, stored: StoredRelationship, before: Channel | None = None) -> None:
        """Take a channel over from the store; one that cannot be believed is left out, and people are called."""
        try:
            channel = self._read(reading, stored)
            if before is not None:
                channel.keep_wire_state(before)
            self._channels[stored.number] = channel
        except (StoreDamagedError, EvidenceError, LookupError, ValueError, TypeError, AttributeError) as error:
            detail = error.detail if isinstance(error, StoreDamagedError) else f"{type(error).__name__}: {error}"
            self._names[stored.number] = str(stored.relationship)
            self._channels.pop(stored.number, None)
            self.note_damage(stored.number, detail)

    def _name_of(self, relationship: int) -> str:
        channel = self._channels.get(relationship)
        return self._names.get(relationship, "") if channel is None else str(channel.relationship)

    def _read(self, reading: Reading, stored: StoredRelationship) -> Channel:
        """Read a channel; its mark is opened once."""
        keys = self._keys_of(stored.relationship, stored.own_role)
        if stored.number not in self._marks:
            self._marks[stored.number] = self._mark_of(stored.relationship, stored.own_role)
        channel = load_channel(reading, stored, keys, self._marks[stored.number], self._store.reading)
        channel.conclusions = self._conclusions_of(stored.number)
        channel.heartbeat = timedelta(seconds=self._limits.heartbeat_seconds)
        return channel

    def _conclusions_of(self, relationship: int) -> Conclusions:
        return self._conclusions.setdefault(relationship, Conclusions())

    def _alarm(self, code: str, detail: str) -> Alarm:
        return Alarm(code, "", detail, format_moment(self._guard.wall()))

    def _report(self, alarms: Iterable[Alarm]) -> None:
        for alarm in alarms:
            self._alarms.report(alarm)


def _fail(jobs: Iterable[Job], error: Exception) -> None:
    for job in jobs:
        job.outcome.set_exception(error)
