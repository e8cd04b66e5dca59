"""Two gateways in one thread: real stores, keys and engine; a wire of lists; a clock that is moved by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from domain.deviation.commands import OpenDeviation, open_deviation
from domain.drafts import Draft
from events.encoding.identifiers import Relationship, Role
from events.pairing import Invitation
from events.stored.journal import StoredEntry, StoredReceipt
from events.stored.relationship import StoredRelationship
from infra.keys.ring import SEEDS, KeyRing, recovery_vkey
from infra.store.sql_store import SqlStore
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.jobs import (
    Answer,
    CommandJob,
    Decision,
    Job,
    KeepingJob,
    ReceiptJob,
    Situation,
    TakenJob,
)
from services.gateway.exchange.pairing import OwnParty, confirmation, fingerprint_of, new_relationship
from services.gateway.exchange.receiving.inbox import Inbox
from services.gateway.exchange.sending.publishing import Publisher
from services.gateway.exchange.writing.admission import Limits
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.exchange.writing.writer import KeysOf, Writer
from services.gateway.ports.steps import Reached, Step, go_on
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.fakes import HandClock, HeardAlarms, KeptMark, ListWire, SeededChance
from tests.stores import open_new_store

NUMBER = 1


def keys_of(relationship: Relationship, role: Role) -> KeyRing:
    """Keys made of nothing but names, the same at every call."""
    origin = relationship.origin(role)
    seeds = {name: seed_of(origin, name) for name in SEEDS}
    return KeyRing(origin, seeds, recovery_vkey(origin, seed_of(origin, "recovery")))


def seed_of(origin: str, name: str) -> bytes:
    return sha256(f"{origin} {name}".encode()).digest()


class Side:
    """One gateway, stepped by hand."""

    def __init__(self, role: Role, url: str, wire: ListWire, clock: HandClock, keys: KeysOf = keys_of) -> None:
        self.role = role
        self.url = url
        self.wire = wire
        self.clock = clock
        self.own = OwnParty(RELATIONSHIP.party(role), f"{role.value} 示例", role, "embedded:wire")
        self.alarms = HeardAlarms()
        self.limits = Limits()
        self.chance = SeededChance(role.value)
        self.reached: Reached = go_on
        self.mark = KeptMark()
        self.keys = keys
        self.open()

    def open(self) -> None:
        """Start, as after a crash: nothing but the store is left."""
        self.store: SqlStore = open_new_store(self.url)
        self.guard = ClockGuard(self.clock)
        self.writer = Writer(
            self.store,
            self.keys,
            lambda _relationship, _role: self.mark,
            guard=self.guard,
            chance=self.chance,
            alarms=self.alarms,
            limits=self.limits,
            reached=self._reach,
        )
        self.inbox = Inbox(lambda: self.channel, self.store, self.wire, self.run, self._reach)
        self.publisher = Publisher(lambda: self.channel, self.store, self.wire, self.guard, self._reach)

    def _reach(self, step: Step) -> None:
        self.reached(step)

    def restart(self) -> None:
        self.store.close()
        self.open()

    @property
    def channel(self) -> Channel:
        return self.writer.channels[NUMBER]

    def run(self, job: Job) -> None:
        self.writer.run([job])

    def keep(self, stored: StoredRelationship) -> None:
        job = KeepingJob(stored.number, lambda writing: writing.save_relationship(stored))
        self.run(job)
        job.outcome.result(0)

    def invite(self) -> Invitation:
        keys = keys_of(RELATIONSHIP, self.role)
        self.keep(new_relationship(self.own, NUMBER, RELATIONSHIP, keys))
        return Invitation.parse(self.channel.stored.own_invitation)

    def accept(self, invitation: Invitation) -> str:
        stored = self.channel.stored
        self.keep(
            StoredRelationship(
                stored.number, stored.relationship, stored.own_role, stored.own_invitation, invitation.dump()
            )
        )
        return fingerprint_of(self.channel.stored) or ""

    def confirm(self, fingerprint: str) -> Answer:
        job = confirmation(self.channel, "person/admin", fingerprint, self.chance)
        self.run(job)
        return job.outcome.result(0)

    def command(
        self, decide: Callable[[Situation], list[Draft]], actor: str = "system/eqms", **asked: Any
    ) -> CommandJob:
        """Have drafts decided and committed; the job's outcome tells what became of it."""

        def decision(situation: Situation) -> Decision:
            return Decision(decide(situation), lambda entries: {"positions": [entry.position for entry in entries]})

        job = CommandJob(NUMBER, actor, decision, **asked)
        self.run(job)
        return job

    def write(self, decide: Callable[[Situation], list[Draft]], actor: str = "system/eqms", **asked: Any) -> Answer:
        return self.command(decide, actor, **asked).outcome.result(0)

    def open_deviation(self, number: str, **changes: Any) -> Answer:
        return self.write(lambda situation: deviation(number, situation, **changes))

    def publish(self) -> bool:
        busy = False
        while self.publisher.step():
            busy = True
        return busy

    def read(self) -> bool:
        busy = False
        while self.inbox.step(0):
            busy = True
        return busy

    def heartbeat(self) -> None:
        self.run(TakenJob(NUMBER))
        self.channel.gap.heartbeat()
        self.run(ReceiptJob(NUMBER))

    def entries(self, role: Role) -> Sequence[StoredEntry]:
        with self.store.reading() as reading:
            return reading.entries(NUMBER, role, 0, 100_000)

    def last_receipt(self, author: Role) -> StoredReceipt | None:
        with self.store.reading() as reading:
            return reading.last_receipt(NUMBER, author)

    def quarantined(self) -> list[str]:
        with self.store.reading() as reading:
            return [each.code for each in reading.quarantine(NUMBER)]


def deviation(number: str, situation: Situation, **changes: Any) -> list[Draft]:
    """A deviation whose identity follows from its number."""
    digest = sha256(number.encode()).hexdigest()
    identity = f"{digest[:8]}-{digest[8:12]}-7{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
    fields: dict[str, Any] = {
        "deviation_id": identity,
        "number": number,
        "source": "eqms",
        "title": "A级区悬浮粒子超标",
        "detected_at": "2026-11-22",
        **changes,
    }
    return open_deviation(OpenDeviation(**fields), situation.context, "system/eqms", situation.at)


@dataclass
class World:
    """A holder and a manufacturer, and the wire between them."""

    mah: Side
    cmo: Side
    wire: ListWire
    clock: HandClock

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.mah, self.cmo

    def pair(self) -> "World":
        mah, cmo = self.mah.invite(), self.cmo.invite()
        shown = {self.mah.accept(cmo), self.cmo.accept(mah)}
        (fingerprint,) = shown
        for side in self.sides:
            side.confirm(fingerprint)
        return self.settle()

    def settle(self, rounds: int = 50) -> "World":
        """Let records travel until nothing moves."""
        for _ in range(rounds):
            moved = [side.publish() for side in self.sides] + [side.read() for side in self.sides]
            if not any(moved):
                return self
        raise AssertionError("the exchange does not come to rest")

    def beat(self) -> "World":
        """Let time pass, and both hearts beat."""
        self.clock.move(5)
        for side in self.sides:
            side.heartbeat()
        return self.settle()

    def agree(self) -> bool:
        """Tell whether both stores hold the same two journals."""
        return all(
            [entry.line for entry in self.mah.entries(role)] == [entry.line for entry in self.cmo.entries(role)]
            for role in Role
        )


def new_world(folder: Path, urls: Mapping[Role, str] | None = None) -> World:
    """Two gateways that have not met."""
    wire, clock = ListWire(), HandClock()
    sides = {
        role: Side(role, (urls or {}).get(role, f"sqlite:///{folder / f'{role.value}.sqlite'}"), wire, clock)
        for role in Role
    }
    return World(sides[Role.MAH], sides[Role.CMO], wire, clock)
