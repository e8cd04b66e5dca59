"""A random valid history of some matters, written at both gateways while records travel between them as they happen to.

Each gateway knows only what came to it, writes what its own rules let through, and shows what it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from domain.commands import TakeStep, take_step
from domain.drafts import Draft
from domain.lot.rules import lot_id
from domain.matters import DEVIATION, MATTERS
from domain.parties.commands import AuthorisePerson, authorise_person
from domain.parties.people import PersonRole
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from services.gateway.exchange.errors import EngineError
from services.gateway.exchange.jobs import Answer, Situation
from services.gateway.exchange.receiving.gathering import counterpart_of
from services.gateway.exchange.remembering import past_of
from services.gateway.projections.projector import Projector
from tests.domain.allowed.honest import drafts
from tests.domain.allowed.test_allowed import OPENINGS, become, may_write, types_for
from tests.domain.items.shown import agreed, listed
from tests.domain.language import ADMIN, MANAGER, STAFF, Story
from tests.domain.matters import MATTER_ID, OTHER_ID
from tests.events.catalogue.sampling import sample
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import Side, World, new_world
from tests.services.projections.sides import MemoryRows

ELSEWHERE = ("risk", "deviation", "cause", "authorisation", "parents", "lots", "agreement")
"""What an opening may name of other matters, and leaves out here."""


IDENTITIES = (MATTER_ID, OTHER_ID)


class Shown:
    """The rows of one gateway, moved on now and then."""

    def __init__(self, side: Side) -> None:
        self.rows = MemoryRows()
        self.failed: list[str] = []
        self._side = side

    def step(self, limit: int = 1000) -> int:
        return self._projector().step(limit)

    def catch_up(self) -> None:
        self._projector().catch_up()

    def _projector(self) -> Projector:
        return Projector(self._side.store, self.rows, self.failed.append)  # type: ignore[arg-type] # as far as it asks


@dataclass(frozen=True)
class Played:
    """A matter of the play, and whose it is."""

    kind: str
    identity: str  # UUID
    owner: Role


class Play:
    """Two paired gateways under an agreement and a list, and matters of these kinds that go on at random."""

    def __init__(self, folder: Path, kinds: Sequence[str], random: Random) -> None:
        self.random = random
        self.world: World = new_world(folder).pair().beat()
        self.side = {Role.MAH: self.world.mah, Role.CMO: self.world.cmo}
        self.shown = {role: Shown(side) for role, side in self.side.items()}
        for role in Role:
            self._authorise(role)
        self.world.settle()
        for written in (*agreed(), *listed()):
            self.write(written.role, written.step(self.known(written.role), written.role), written.actor)
            self.world.settle()
        self.world.clock.move(60)
        self.matters = [self._open(kind, identity) for kind, identity in zip(kinds, IDENTITIES, strict=False)]

    def known(self, role: Role) -> Story:
        """Return what a gateway holds, as a story that goes on from there."""
        story = Story()
        for of in Role:
            entries = self.side[role].entries(of)
            for entry in entries:
                story.views[of].remember(past_of(entry))
            story.sizes[of] = len(entries)
        story.now = self.world.clock.now()
        return story

    def write(self, role: Role, draft: Draft, actor: str) -> Answer:
        """Have a gateway decide on a step and write it, as its command would."""
        side = self.side[role]
        job = side.command(
            lambda now: take_step(TakeStep(draft.type, draft.subject, draft.body), now.context, actor, now.at),
            actor,
            subjects=[draft.subject],
            partner_subjects=[counterpart_of(draft.subject)],
            positions={of: range(len(side.entries(of))) for of in Role},
            batches=[draft.body] if draft.subject.startswith("batch/") else [],
        )
        return job.outcome.result(0)

    def go_on(self) -> bool:
        """Let a party take a step that its own rules allow; tell whether there was one."""
        role, matter = self.random.choice(list(Role)), self.random.choice(self.matters)
        actor = self.random.choice([MANAGER, MANAGER, STAFF])
        story = self.known(role)
        types = types_for(matter.kind, is_owner=role is matter.owner)
        for type_ in self.random.sample(types, len(types)):
            drawn = drafts(story, type_, actor, matter.identity)
            found = [draft for draft in drawn if become(story, role, actor, draft) != "shut"]
            if found:
                return self._tried(role, self.random.choice(found), actor)
        return False

    def let_travel(self) -> None:
        """Let some of what waits leave or arrive, hearts beat, rows move on, a gateway start anew."""
        for role in Role:
            side = self.side[role]
            for chance, happens in ((0.5, side.publish), (0.5, side.read), (0.2, side.heartbeat), (0.03, side.restart)):
                if self.random.random() < chance:
                    happens()
            if self.random.random() < 0.4:
                self.shown[role].step(self.random.randint(1, 30))
        self.world.clock.move(self.random.choice([1, 60, 7200]))

    def come_to_rest(self) -> None:
        """Let everything arrive, be judged and be shown on both sides."""
        self.world.settle().beat().beat()
        for each in self.shown.values():
            each.catch_up()

    def close(self) -> None:
        for side in self.world.sides:
            side.store.close()

    def _tried(self, role: Role, draft: Draft, actor: str) -> bool:
        """Write what the rules allow; the gateway may still wait for news of its partner."""
        try:
            self.write(role, draft, actor)
        except EngineError:
            return False
        return True

    def _authorise(self, role: Role) -> None:
        side = self.side[role]
        (journal,) = side.channel.own.view.protocol_subjects("journal")
        for each in PersonRole:
            if each is not PersonRole.ADMIN:
                command = AuthorisePerson(journal.partition("/")[2], each.value, [each])
                side.write(partial(_authorised, command), ADMIN)

    def _open(self, kind: str, identity: str) -> Played:
        type_ = self.random.choice(OPENINGS[kind])
        owner = self.random.choice([role for role in Role if may_write(type_, role)])
        body = {name: value for name, value in sample(type_.name).items() if name not in ("salt", *ELSEWHERE)}
        stated = "detected_at" if kind == DEVIATION else MATTERS[kind].stated_in
        if stated in body:
            body[stated] = format_moment(self.world.clock.now())
        if "signature" in body:
            body["signature"] = {**body["signature"], "person": MANAGER.partition("/")[2]}
        if kind == "lot":
            identity = lot_id(body["material"], body["number"])
            body["owner"] = RELATIONSHIP.mah
        if kind == "obligation":
            body["agreement"] = self.known(owner).ref("agreement.drafted.v1").model_dump()
        self.world.beat()
        self.write(owner, Draft(type_.name, f"{kind}/{identity}", body), MANAGER)
        return Played(kind, identity, owner)


def _authorised(command: AuthorisePerson, now: Situation) -> list[Draft]:
    return authorise_person(command, now.context, ADMIN, now.at)
