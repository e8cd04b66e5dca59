"""What people do about the matters of the quality core: from what is before them, one honest step further.

Nothing here knows a matter: kinds, openings and steps come from the addresses of the interface, bodies from the
catalogue, what a step can name from `domain.candidates`. A matter that is added there is played here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Any

import orjson
from pydantic import ValidationError

from domain.batch import names as batch
from domain.errors import DomainError
from domain.judging.context import Proposed
from domain.judging.judge import fault_of
from domain.rights import check_right
from domain.steps.candidates import Asking
from events.catalogue.batches.release import Record
from events.catalogue.bodies import Attachment
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.registry import decode_body, event_type
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from events.errors import EvidenceError
from services.gateway.api.addresses import ADDRESSES, Address
from services.gateway.api.matters import IDENTITIES, request_model, step_of, type_of
from services.gateway.commands import matters, releases
from services.gateway.commands.asking import Asked, Signing
from services.gateway.commands.matters import Matter, Step
from services.gateway.commands.releases import Package
from services.gateway.exchange.jobs import CommandJob
from tests.services.exchange.world import NUMBER
from tests.simulation.world.bodies import Making, bodies, ground, is_marked
from tests.simulation.world.commands import BOSS, SIGNER, STAFF, SYSTEM, Wanted, uuid_of
from tests.simulation.world.sight import Sight

MATTERS = {address.kind: address for address in ADDRESSES}
OPEN, MARKED, SHUT = "open", "marked", "shut"
MOST_OF_A_KIND = 4  # matters
MOST_TRIED = 24  # requests that somebody thinks through before the one that is made
"""What would become of a request: recorded, recorded as a violation, refused."""


@dataclass(frozen=True)
class Request:
    """A request that somebody made up their mind to make. Asked again under its key, it is the same."""

    type: EventType
    mark: str | None
    foreseen: str
    sizes: tuple[int, int]  # of the own journal and the partner's when it was thought of
    at: datetime  # when it was
    job: Callable[[], CommandJob]

    @property
    def beheld(self) -> tuple[str, int]:
        """The time and the `seen` of an entry that was written on just what was looked at."""
        return format_moment(self.at), self.sizes[1]

    @property
    def is_signed(self) -> bool:
        return self.type.kind is Kind.ACT


def is_of_a_matter(what: str) -> bool:
    """Tell whether a word of a schedule is a kind of matter, or an event of one."""
    return _kind_of(what) in MATTERS


def steps_of_matters() -> list[str]:
    """Return the names of all events that people could ask for."""
    found = []
    for kind, address in MATTERS.items():
        names = [(name, None) for name in address.openings.values()]
        for own, review in (*names, *address.steps.values()):
            found += [] if own is None else [type_of(kind, own).name]
            found += [] if review is None else [type_of(kind, review, review=True).name]
    return sorted(set(found))


def thought_of(wanted: Wanted, sight: Sight) -> Request | None:
    """Return the request that a person makes next about a matter; None where there is nothing that could be asked.

    The word is a kind, or the name of the one event that is wanted. The number says which matter of the kind, and
    whose it is. Somebody careless asks for what is not open, or reports what breaks a gate.
    """
    chance = Random(f"{wanted.what} {wanted.number} {wanted.variant} {wanted.key}")  # noqa: S311 - chance that is repeated
    address = MATTERS[_kind_of(wanted.what)]
    care = chance.random() if event_type(wanted.what) is None else 1.0
    person = _Person(address, wanted, sight, chance, is_careless=care < 0.2)
    worse: dict[str, Request] = {}
    for request in person.requests():
        if request.foreseen == OPEN or person.is_careless:
            return request
        worse.setdefault(request.foreseen, request)
    return worse.get(MARKED if care < 0.6 else SHUT) or worse.get(SHUT)


@dataclass(frozen=True)
class _Person:
    """Thinks through requests about one matter; somebody careless signs before thinking."""

    address: Address
    wanted: Wanted
    sight: Sight
    chance: Random
    is_careless: bool

    @cached_property
    def number(self) -> int:
        """Which matter of the kind it is about: one that this side can open or has before it, if there is any."""
        wanted = self.wanted.number
        around = (wanted, *range(1, MOST_OF_A_KIND + 1))
        return next((each for each in around if self._is_before(each)), wanted)

    def _is_before(self, number: int) -> bool:
        matter = self.matter(number)
        return matter.owner is self.sight.role or bool(self.sight.context.accepted(matter.owner, matter.subject))

    def requests(self) -> Iterator[Request]:
        left = MOST_TRIED
        for type_ in self._types():
            for actor in self._actors(type_):
                for request in self._of(type_, actor):
                    yield request
                    left -= 1
                    if left == 0:
                        return
                    if request.foreseen == OPEN:
                        break

    def owner(self, number: int) -> Role:
        """Whose a matter is: of those who may open one, in turn."""
        openings = [type_of(self.address.kind, name) for name in self.address.openings.values()]
        able = [role for role in Role if any(_may_write(each, role) for each in openings)]
        return able[number % len(able)]

    def matter(self, number: int | None = None) -> Matter:
        """Return the matter of a number, or the one that it is about."""
        number = self.number if number is None else number
        identity, owner = uuid_of(f"{self.address.kind} {number}"), self.owner(number)
        identify = IDENTITIES.get(self.address.kind)
        if identify is not None:
            opening = type_of(self.address.kind, next(iter(self.address.openings.values())))
            asking = Asking(self.sight.context, owner, self.address.kind, identity, SIGNER, self.sight.at)
            making = Making(opening, asking, self.sight, self.chance, number, "…", is_plain=True)
            identity = identify(self._asked_for(making, ground(making, {})))
        return Matter(self.address.kind, identity, owner)

    def _types(self) -> list[EventType]:
        """Return what could be next, what was done least on the matter first, by and large."""
        matter, role = self.matter(), self.sight.role
        done = [past.name for past in self.sight.context.accepted(matter.owner, matter.subject)]
        names: Sequence[tuple[str | None, str | None]] = tuple(self.address.steps.values())
        if not done:
            names = [(name, None) for name in self.address.openings.values()]
        is_owner = role is matter.owner
        found = [
            type_of(self.address.kind, name, review=not is_owner)
            for name in (own if is_owner else review for own, review in names)
            if name is not None
        ]
        done += [past.name for past in self.sight.context.accepted(matter.owner.other, matter.review)]
        wanted = event_type(self.wanted.what)
        if wanted is not None:
            return [each for each in found if each.name == wanted.name]
        able = [each for each in found if _may_write(each, role)]
        return sorted(able, key=lambda each: self._likely(each, done.count(each.name)))

    def _likely(self, type_: EventType, times: int) -> float:
        """Return how late somebody thinks of a step: what was done before later, what a person signs for earlier."""
        haste = 0.0 if type_.kind is Kind.FACT else 2.0 if self.is_careless else 0.3
        return self.chance.random() + 0.4 * times - haste

    def _actors(self, type_: EventType) -> list[str]:
        people = [BOSS, SIGNER, STAFF, *([] if type_.kind is Kind.ACT else [SYSTEM])]
        self.chance.shuffle(people)
        return [actor for actor in people if self._has_right(type_, actor)][:2] or people[:1]

    def _has_right(self, type_: EventType, actor: str) -> bool:
        proposed = Proposed(self.sight.role, type_.name, type_.subject_kind, {}, actor, self.sight.at)
        try:
            check_right(proposed, self.sight.context)
        except DomainError:
            return False
        return True

    def _of(self, type_: EventType, actor: str) -> Iterator[Request]:
        matter, wanted = self.matter(), self.wanted
        making = Making(
            type_,
            Asking(self.sight.context, matter.owner, matter.kind, matter.item, actor, self.sight.at),
            self.sight,
            self.chance,
            self.number,
            wanted.mark,
            is_numbered=bool(self.address.prefix),
            is_plain=event_type(wanted.what) is not None,
        )
        for body in bodies(making):
            try:
                step = step_of(type_, self._asked_for(making, body))
            except ValidationError:
                continue
            job = self._job(matter, step, actor, opens=making.opens and matter.owner is self.sight.role)
            foreseen = self._foreseen(job())
            mark = wanted.mark if is_marked(type_) else None
            yield Request(type_, mark, foreseen, self.sight.sizes, self.sight.at, job)

    def _asked_for(self, making: Making, body: dict[str, Any]) -> Any:
        model = request_model(making.type, opens=making.opens, numbered=making.is_numbered)
        return model.model_validate_json(orjson.dumps(body))

    def _job(self, matter: Matter, step: Step, actor: str, *, opens: bool) -> Callable[[], CommandJob]:
        said = sha256(repr((step, actor)).encode()).digest()
        asked = Asked(NUMBER, self.sight.role, actor, "client", self.wanted.key, said)
        if step.type == batch.FACTORY_RELEASED:
            package = _package(f"{self.wanted.mark} 无偏差" if self.chance.random() < 0.5 else None)
            return lambda: releases.release(asked, matter, step, package)
        if step.type == batch.SUBMITTED:
            later = replace(_package(None), reason=self.wanted.mark)
            return lambda: releases.submit(asked, matter, later)
        if opens:
            return lambda: matters.open_matter(asked, matter, step, self.address.prefix)
        return lambda: matters.take(asked, matter, step)

    def _foreseen(self, job: CommandJob) -> str:
        """Return what would become of a command if it was decided on all that is before this person."""
        try:
            drafts = job.decide(self.sight.situation).drafts
            proposed = [self._proposed(draft.type, draft.subject, draft.body, job.actor) for draft in drafts]
        except (DomainError, EvidenceError):
            return SHUT
        return OPEN if fault_of(proposed[0], self.sight.context) is None else MARKED

    def _proposed(self, name: str, subject: str, body: Any, actor: str) -> Proposed:
        type_ = event_type(name)
        assert type_ is not None
        return Proposed(
            self.sight.role, name, subject, decode_body(type_, {**body, "salt": "0" * 32}), actor, self.sight.at
        )


def _package(no_deviations: str | None) -> Package:
    """Return a package of records, whole where there were no deviations."""
    records = [
        Record(kind="batch_production_record", sha256="0" * 64),
        Record(kind="batch_test_record", sha256="1" * 64),
    ]
    files = [Attachment(sha256=record.sha256, name=f"{record.kind}.pdf", size=3) for record in records]
    signing = None if no_deviations is None else Signing("released", no_deviations)
    return Package(records, files, signing)


def _may_write(type_: EventType, role: Role) -> bool:
    return type_.author not in (Author.MAH, Author.CMO) or type_.author.value == role.value


def _kind_of(what: str) -> str:
    return what.partition(".")[0].removesuffix("_review")
