"""The story that a golden store tells: every kind of verdict, in one relationship, the same at every run."""

from pathlib import Path
from typing import Any

from domain.evidence import reference
from domain.judging.history import REFUSED, PastEvent
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from services.gateway.exchange.remembering import past_of
from tests.domain.items.shown import agreed, detected, limit, listed
from tests.domain.language import Story, Written, cmo, everybody, leaf_ref, mah
from tests.domain.steps import (
    acknowledged,
    answered,
    approved,
    asked,
    batch_linked,
    calendar_published,
    classified,
    closed,
    corrected,
    investigated,
    rejected,
    settled,
)
from tests.golden_stores.matters import tell_matters
from tests.services.exchange.liar import deviation_by, entry_by, send
from tests.services.exchange.world import World, new_world


class Told(Story):
    """A story that is not imagined but written by two gateways: its entries are those of their stores."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def all(self) -> list[PastEvent]:
        return [past_of(entry) for role in Role for entry in self.world.mah.entries(role)]

    def write(self, written: Written) -> PastEvent:
        side = self.world.mah if written.role is Role.MAH else self.world.cmo
        draft = written.step(self, written.role)
        named = _named(draft.body)
        positions = {role: [at for journal, at in named if journal == role.value] for role in Role}
        kind, _, identity = draft.subject.partition("/")
        other = kind.removesuffix("_review") if kind.endswith("_review") else f"{kind}_review"
        asked_for: dict[str, Any] = {"subjects": [draft.subject], "partner_subjects": [f"{other}/{identity}"]}
        side.write(lambda _: [draft], written.actor, positions=positions, **asked_for)
        self.world.clock.move(61)
        self.world.settle()
        return past_of(side.entries(written.role)[-1])

    def ref(self, name: str, index: int = -1, role: Role | None = None) -> EventRef:
        return reference(self.past(name, index, role))


def tell(folder: Path) -> World:
    """Have two gateways live through the story."""
    world = new_world(folder).pair()
    told = Told(world)
    told.and_then(*everybody(), cmo(calendar_published()), *agreed(), *listed(limit("notify", value=24)))
    world.clock.move(16 * 3600)  # the day after agreement and list came into force
    _handle_a_deviation(told)
    world.cmo.open_deviation("D-2019", detected_at="2019-03-02")
    world.cmo.open_deviation("D-7", batches=[])
    world.settle().beat()
    _lie(world)
    _dispute(told)
    tell_matters(told)
    world.beat().beat()
    return world


def _handle_a_deviation(told: Told) -> None:
    told.and_then(
        detected(),
        mah(acknowledged()),
        cmo(classified("minor"), actor="person/auditor"),  # a fact without the right: accepted and marked
        cmo(classified("major")),
        mah(asked()),
        cmo(answered()),
        cmo(investigated("不影响质量")),
        mah(rejected()),
        cmo(investigated("影响一批")),
        cmo(batch_linked()),
        cmo(corrected("deviation.opened.v1", "title", "压片机转速超出范围", "压片机转速低于范围")),
        mah(approved()),
        cmo(closed(approval=-1)),
    )


def _lie(world: World) -> None:
    """The manufacturer's key signs what its gateway would refuse to write; it gets it back from the holder later."""
    send(world.cmo, deviation_by(world.cmo, 900, labels=["batch/B-1"], time=_now(world)))
    world.mah.read()
    for _ in range(4):
        world.beat()
    wrong = deviation_by(world.cmo, 901, revision=3, time=_now(world)), deviation_by(world.cmo, 902, seen=0)
    send(world.cmo, *wrong)
    world.mah.read()
    for _ in range(4):
        world.beat()


def _dispute(told: Told) -> None:
    """The holder's key refuses what stands; the manufacturer contradicts, and both settle that it stands."""
    world = told.world
    world.cmo.open_deviation("D-9")
    world.cmo.publish()
    past = past_of(world.cmo.entries(Role.CMO)[-1])
    named = {**leaf_ref(past).model_dump(), "code": "entry.wrong_state", "detail": ""}
    subject = world.mah.channel.own.view.protocol_subjects("journal")[0]
    seen = past.position + 1
    refused = {"refused": [named]}
    time = _now(world)
    send(world.mah, entry_by(world.mah, REFUSED, subject, refused, seen=seen, actor="system/gateway", time=time))
    world.cmo.read()
    for _ in range(4):
        world.beat()
    opened = "deviation.opened.v1"
    told.and_then(mah(settled(opened, stands=True)), cmo(settled(opened, stands=True)))


def _now(world: World) -> str:
    return format_moment(world.clock.now())


def _named(value: object) -> list[tuple[str, int]]:
    if isinstance(value, dict):
        here = [(value["journal"], value["position"])] if {"journal", "position"} <= value.keys() else []
        return here + [named for member in value.values() for named in _named(member)]
    return [named for item in value for named in _named(item)] if isinstance(value, list) else []
