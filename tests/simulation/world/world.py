"""Two gateways, the broker between them, their clients; and how a world is brought to rest."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from events.encoding.identifiers import Role
from events.pairing import Invitation
from events.stored.relationship import StoredRelationship
from services.gateway.exchange.jobs import CommandJob, Job, KeepingJob
from services.gateway.exchange.pairing import confirmation, fingerprint_of, new_relationship
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import NUMBER
from tests.simulation.outside.clock import TrueTime
from tests.simulation.outside.wire import Broker
from tests.simulation.world import people, watching
from tests.simulation.world.client import Clients, Command
from tests.simulation.world.commands import UNMARKED, Wanted, job_of
from tests.simulation.world.side import HEARTBEAT_SECONDS, KEYS, Side, new_side
from tests.simulation.world.sight import look

MAX_ROUNDS = 200  # heartbeats until rest; a gap is asked for at least each 60th


@dataclass
class World:
    """Everything of one run."""

    time: TrueTime
    broker: Broker
    sides: dict[Role, Side]
    hits: Counter[str]
    trace: list[str]
    clients: Clients = field(default_factory=Clients)
    has_lied: set[Role] = field(default_factory=set)
    rounds: int = 0  # heartbeats that passed until rest
    broken: list[str] = field(default_factory=list)  # promises that were broken while it ran

    @property
    def both(self) -> tuple[Side, Side]:
        return self.sides[Role.MAH], self.sides[Role.CMO]

    def note(self, what: str) -> None:
        self.trace.append(what)

    # What people and clients do

    def give(self, role: Role, wanted: Wanted) -> None:
        """Give a command, or give it again under its key."""
        side = self.sides[role]
        is_unmarked = wanted.what in UNMARKED or people.is_of_a_matter(wanted.what)
        mark = None if is_unmarked else wanted.mark
        if side.engine is not None and not side.has_relationship:
            return
        command = Command(wanted.key, role, wanted.what, None, mark)
        if side.engine is None:
            self.clients.refused_to_connect(command)
        elif not people.is_of_a_matter(wanted.what):
            self._submit(side, command, job_of(wanted, role))
        elif side.is_paired:
            self._ask_about(side, wanted)

    def _ask_about(self, side: Side, wanted: Wanted) -> None:
        """Let a person ask for the next step on a matter, or again for what was asked under this key."""
        before = self.clients.commands.get(wanted.key)
        request = None if before is None else before.request
        request = request or people.thought_of(wanted, look(side))
        if request is None:
            self.note("    nothing to ask for")
            return
        self.note(f"    {request.type.name}, {request.foreseen}")
        self._submit(
            side, Command(wanted.key, side.role, request.type.name, None, request.mark, request), request.job()
        )

    def _submit(self, side: Side, command: Command, job: CommandJob) -> None:
        command.job = job
        self.clients.given(command)
        side.submit(job)

    def look(self) -> None:
        """Let clients hear what was answered, or that nobody answers any more."""
        for command in self.clients.look():
            self.note(f"    {command.key} {command.outcome}")
            self.broken += watching.of_an_answer(command, self.sides[command.side].disk)
            self.broken += watching.of_foresight(command, self.sides[command.side])
        for side in self.both:
            if side.engine is None:
                self.clients.hang_up(side.role)

    def invite(self, role: Role) -> None:
        side = self.sides[role]
        if side.engine is not None and not side.has_relationship:
            self._keep(side, new_relationship(side.own, NUMBER, RELATIONSHIP, KEYS[role]))

    def accept(self, role: Role) -> None:
        """Take in the partner's invitation file, which people carried."""
        side, partner = self.sides[role], self.sides[role.other]
        if not side.has_relationship or side.channel.partner is not None:
            return
        invitation = Invitation.parse(
            new_relationship(partner.own, NUMBER, RELATIONSHIP, KEYS[role.other]).own_invitation
        )
        stored = side.channel.stored
        self._keep(
            side,
            StoredRelationship(
                stored.number, stored.relationship, stored.own_role, stored.own_invitation, invitation.dump()
            ),
        )

    def confirm(self, role: Role) -> None:
        """A person compared the fingerprint, perhaps a second time."""
        side = self.sides[role]
        if not side.has_relationship or side.channel.partner is None or side.channel.confirmed:
            return
        shown = fingerprint_of(side.channel.stored) or ""
        job: CommandJob = confirmation(side.channel, "person/boss", shown, side.chance, caller="client", key="confirm")
        side.submit(job)
        side.write()

    def _keep(self, side: Side, stored: StoredRelationship) -> None:
        job: Job = KeepingJob(stored.number, lambda writing: writing.save_relationship(stored))
        side.submit(job)
        side.write()

    # Coming to rest

    def heal(self) -> None:
        """End every fault; start whoever is down; people put clocks right, and end the pairing."""
        self.broker.heal()
        for side in self.both:
            side.disk.mend()
            side.link.mend()
            side.doom = None
            side.meanwhile.clear()
            if side.engine is None:
                side.start()
            side.clock.wrong_by = 0.0
            side.running.guard.confirm()
        for step in (self.invite, self.accept, self.confirm):
            for role in Role:
                step(role)

    def settle(self, is_hopeless: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass and everybody work until nothing moves from one heartbeat to the next; tell whether that came.

        `is_hopeless` is asked when nothing has come for a heartbeat: whether it is of any use to wait on.
        """
        before: object = None
        is_at_rest = False
        for self.rounds in range(MAX_ROUNDS):
            for side in self.both:
                self._work(side)
            self.look()
            was_at_rest, is_at_rest = is_at_rest, self.is_at_rest and self._drains()
            if is_at_rest and was_at_rest:
                return True
            now = [(side.channel.own.size, side.channel.held.size) for side in self.both if side.has_relationship]
            if now == before and is_hopeless():
                return False
            before = now
            self.time.advance(HEARTBEAT_SECONDS)
        return False

    def _drains(self) -> bool:
        """Let everything be read that is on the wire; tell whether all is at rest then."""
        for side in self.both:
            side.take_all()
            side.publish_all()
        for side in self.both:
            side.take_all()
            side.project()
        return self.is_at_rest

    def _work(self, side: Side) -> None:
        side.beat()
        side.write()
        side.publish_all()
        side.take_all()
        side.publish_all()
        side.project()

    @property
    def is_at_rest(self) -> bool:
        return all(map(_has_all, self.both)) and all(
            self.sides[role].channel.own.size == self.sides[role.other].channel.held.size for role in Role
        )


def _has_all(side: Side) -> bool:
    """Tell whether a side has sent, held, judged, heard and folded everything it can know of."""
    if not side.is_paired:
        return False
    channel, heard = side.channel, side.channel.heard
    is_heard = heard is not None and channel.own.size == heard.held == heard.judged and heard.size == channel.held.size
    is_said = channel.own.claims.claimed >= channel.held.telling
    waits = bool(channel.waiting) or channel.gap.wanted is not None or channel.behind or channel.receipt is not None
    with side.running.read_model.reading() as rows:
        is_folded = rows.position() == side.running.writer.last_sequence
    return is_heard and is_said and not waits and is_folded


def new_world(folder: Path) -> World:
    """Return two gateways that do not run yet; their stores are to be at `mah.sqlite` and `cmo.sqlite`."""
    trace: list[str] = []
    broker = Broker(TrueTime(), Counter())
    sides = {role: new_side(role, folder / f"{role.value}.sqlite", broker, trace.append) for role in Role}
    world = World(broker.time, broker, sides, broker.hits, trace)
    broker.heard = lambda topic, record: world.broken.extend(watching.of_a_record(topic, record, sides))
    return world
