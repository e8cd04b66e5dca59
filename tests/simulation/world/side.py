"""One gateway: the real writer, inbox, publisher, heart and projections, each stepped when the schedule says so.

A gateway that runs has a thread for each part. Here one part may be let in while another is at a named step, wherever
threads could interleave, and the whole process may die at any step.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from events.encoding.identifiers import Role
from infra.errors import InfraError
from infra.read_model.sql_read_model import SqlReadModel
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.errors import EngineError
from services.gateway.exchange.jobs import Job
from services.gateway.exchange.pairing import OwnParty
from services.gateway.exchange.receiving.inbox import Inbox
from services.gateway.exchange.running import JobQueue
from services.gateway.exchange.sending.heart import Heart
from services.gateway.exchange.sending.publishing import Publisher
from services.gateway.exchange.writing.admission import Limits
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.exchange.writing.writer import Writer
from services.gateway.projections.rebuilding import Projections
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.fakes import SeededChance
from tests.services.exchange.world import NUMBER, keys_of
from tests.simulation.outside.clock import SideClock
from tests.simulation.outside.disk import Disk, DiskMark, FaultyStore
from tests.simulation.outside.wire import Broker, Link
from tests.simulation.world.alarms import AlarmBook
from tests.simulation.world.fate import Died, Doom, Meanwhile

HEARTBEAT_SECONDS, SILENCE_SECONDS = 5.0, 3600.0
MAX_STEPS = 200  # of one part in a row; more is a part that never comes to rest

_OF_A_RELATIONSHIP = ("take", "publish")  # parts that a gateway has for each relationship

KEYS = {role: keys_of(RELATIONSHIP, role) for role in Role}


@dataclass(slots=True)
class Engine:
    """What a process has in memory."""

    store: FaultyStore
    writer: Writer
    queue: JobQueue
    inbox: Inbox
    publisher: Publisher
    heart: Heart
    read_model: SqlReadModel
    projections: Projections
    guard: ClockGuard


@dataclass
class Side:
    """One gateway in its surroundings, which outlive its process."""

    role: Role
    disk: Disk
    mark: DiskMark
    clock: SideClock
    link: Link
    chance: SeededChance
    note: Callable[[str], None]
    alarms: AlarmBook = field(default_factory=AlarmBook)
    limits: Limits = field(default_factory=Limits)
    engine: Engine | None = None
    doom: Doom | None = None
    meanwhile: list[Meanwhile] = field(default_factory=list)
    down: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    let_in: Counter[tuple[str, str]] = field(default_factory=Counter)
    parked: list[str] = field(default_factory=list)  # items that could not be folded
    backup: Path | None = None
    restores: int = 0
    _parts: list[str] = field(default_factory=list)

    @property
    def own(self) -> OwnParty:
        return OwnParty(RELATIONSHIP.party(self.role), f"{self.role.value} 示例", self.role, "embedded:wire")

    @property
    def running(self) -> Engine:
        assert self.engine is not None, "a side that is down was asked"
        return self.engine

    @property
    def channel(self) -> Channel:
        return self.running.writer.channels[NUMBER]

    @property
    def store(self) -> FaultyStore:
        return self.running.store

    @property
    def has_relationship(self) -> bool:
        return self.engine is not None and NUMBER in self.engine.writer.channels

    @property
    def is_paired(self) -> bool:
        return self.has_relationship and self.channel.is_paired

    @property
    def beholds(self) -> tuple[datetime, int, int]:
        """The time on its clock, and how much is committed of the own journal and of the partner's."""
        committed = self.disk.committed()
        numbers = {Role.MAH: 0, Role.CMO: 1}
        return self.clock.now(), committed[numbers[self.role]], committed[numbers[self.role.other]]

    # Life and death

    def start(self) -> bool:
        """Start the process; tell whether it runs."""
        try:
            self.engine = self._assembled()
        except InfraError as error:
            self.note(f"cannot start: {error}")
            return False
        self.down = 0
        return True

    def fall(self, point: str, down: int) -> None:
        """End the process, as a kill does: nothing but what is outside it is left."""
        self.deaths[point] += 1
        self.note(f"DIED at {point}")
        if self.engine is not None:
            self.engine.store.let_go()
        self.engine, self.doom, self.down = None, None, down
        self.meanwhile.clear()
        self.alarms.forget_standing()

    def end(self) -> None:
        """Let go of everything; the run is over."""
        if self.engine is not None:
            self.engine.store.let_go()
        self.engine = None
        self.disk.close()

    def reach(self, point: str) -> None:
        """Hear of a step: die here, or let another part in."""
        self.reached[str(point)] += 1
        if self.doom is not None and self.doom.meets(point):
            raise Died(point)
        for each in [each for each in self.meanwhile if each.point == point]:
            each.left -= 1
            if each.left == 0:
                self.meanwhile.remove(each)
            if self._may_come_in(each.part):
                self.let_in[point, each.part] += 1
                self.note(f"  at {point} meanwhile {each.part}")
                getattr(self, each.part)()

    # Parts

    def write(self) -> None:
        """Have the writer do what waits, in one transaction."""
        self._part("write", lambda: self.running.queue.step(0))

    def take(self) -> None:
        """Take in the next records of the partner."""
        self._part("take", lambda: self.running.inbox.step(0))

    def take_all(self) -> None:
        self._all(self.take)

    def publish(self) -> None:
        """Send the next part of what waits."""
        self._part("publish", lambda: self.running.publisher.step())  # noqa: PLW0108 - the side may be down

    def publish_all(self) -> None:
        self._all(self.publish)

    def beat(self) -> None:
        """Let the heart do what is due, and the writer what it asks for."""
        self._part("tick", lambda: self.running.heart.tick())  # noqa: PLW0108 - the side may be down
        self.write()

    def project(self, limit: int = 2000) -> None:
        """Fold new entries into rows."""
        self._part("project", lambda: self.running.projections.step(limit))

    def rebuild(self) -> None:
        """Ask for all rows to be folded anew, beside those that stand."""
        self.running.projections.rebuild()

    def submit(self, job: Job) -> None:
        self.running.queue.submit(job)

    def _all(self, part: Callable[[], None]) -> None:
        for _ in range(MAX_STEPS):
            self.was_busy = False
            part()
            if not self.was_busy:
                return
        raise AssertionError(f"{self.role}: a part does not come to rest")

    def _part(self, name: str, work: Callable[[], object]) -> None:
        """Step a part as its loop does: errors of the world outside are waited out, others are bugs."""
        if self.engine is None or name in self._parts or (name in _OF_A_RELATIONSHIP and not self.has_relationship):
            return
        self._parts.append(name)
        died = None
        try:
            self.was_busy = bool(work())
        except Died as death:
            died = death
        except (InfraError, EngineError) as error:
            self.was_busy = False
            self.note(f"{name}: {error}")
            if name == "publish":
                self.engine.publisher.lost_wire()
        finally:
            self._parts.remove(name)
        if died is not None:
            if self._parts:
                raise died
            self.fall(str(died), self._down_after)

    @property
    def _down_after(self) -> int:
        return 0 if self.doom is None else self.doom.down

    def _may_come_in(self, part: str) -> bool:
        """Tell whether a thread could be there: not twice, and not in a transaction while another one is open."""
        busy = {"write", "take", "beat"} & set(self._parts)
        if part in self._parts or (part in ("write", "take", "beat") and busy):
            return False
        database = self.disk.database
        return part == "publish" or (database is not None and not database._turn.locked())

    def _assembled(self) -> Engine:
        store = self.disk.open()
        guard = ClockGuard(self.clock)
        writer = Writer(
            store,
            lambda _relationship, role: KEYS[role],
            lambda _relationship, _role: self.mark,
            guard=guard,
            chance=self.chance,
            alarms=self.alarms,
            limits=self.limits,
            reached=self.reach,
        )
        queue, read_model = JobQueue(writer), SqlReadModel(store)

        def done_at_once(job: Job) -> None:
            queue.submit(job)
            while not job.outcome.done():
                assert queue.step(0), "a job got lost"

        return Engine(
            store,
            writer,
            queue,
            Inbox(lambda: self.channel, store, self.link, done_at_once, self.reach),
            Publisher(lambda: self.channel, store, self.link, guard, self.reach),
            Heart(
                lambda: writer.channels,
                queue.submit,
                self.clock,
                guard,
                self.alarms,
                HEARTBEAT_SECONDS,
                SILENCE_SECONDS,
            ),
            read_model,
            Projections(store, read_model, self.parked.append, self.reach, writer.conclude),
            guard,
        )


def new_side(role: Role, path: Path, broker: Broker, note: Callable[[str], None]) -> Side:
    """Return a side that does not run yet, on the store at a path."""

    def reach(point: str) -> None:
        side.reach(point)

    disk = Disk(path, broker.hits, reach)
    side = Side(
        role,
        disk,
        DiskMark(disk),
        SideClock(broker.time),
        Link(broker, reach),
        SeededChance(role.value),
        lambda what: note(f"{role.value}: {what}"),
    )
    return side
