"""Steps of the matters of the quality core: each is an event of the catalogue, decided by its rule and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any

from domain.commands import TakeStep, take_step
from events.catalogue.bodies import EventRef, Part
from events.encoding.identifiers import Role
from services.gateway.commands.asking import Asked, Needs, Signing, permitted, positions_of, told
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

DEFAULT_SOURCE = "manual"

_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: its kind, its UUID, and whose it is."""

    kind: str
    item: str
    owner: Role

    @property
    def subject(self) -> str:
        """The matter's subject, in the owner's journal."""
        return f"{self.kind}/{self.item}"

    @property
    def review(self) -> str:
        """The review's subject, in the partner's journal."""
        return f"{self.kind}_review/{self.item}"


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody asks to be recorded: the event, the values of its body, and what a person signs with, of an act."""

    type: str
    values: Mapping[str, Any]
    signing: Signing | None = None


def open_matter(asked: Asked, matter: Matter, step: Step, prefix: str) -> CommandJob:
    """Return the job that opens a matter under a new UUID; without a number it gets the next of the year."""

    def decide(now: Situation) -> Decision:
        numbered = {"number": _next_number(asked, now, step.type, prefix), "source": DEFAULT_SOURCE, **step.values}
        return _decide(asked, matter, Step(step.type, numbered, step.signing), now)

    return asked.job(decide, _needs(asked, matter, step))


def take(asked: Asked, matter: Matter, step: Step) -> CommandJob:
    """Return the job that takes a step on a matter."""
    return asked.job(lambda now: _decide(asked, matter, step, now), _needs(asked, matter, step))


def _decide(asked: Asked, matter: Matter, step: Step, now: Situation) -> Decision:
    subject = matter.subject if matter.owner is asked.role else matter.review
    values = {name: _written(value) for name, value in step.values.items() if value is not None}
    if step.signing is not None:
        statement = f"{step.type} {matter.item}"
        values["signature"] = _written(step.signing.signature(asked.actor, now, statement))
    drafts = take_step(TakeStep(step.type, subject, values), now.context, asked.actor, now.at)
    return Decision(permitted(drafts, asked, now), told(asked, "item", matter.item))


def _needs(asked: Asked, matter: Matter, step: Step) -> Needs:
    own, partners = matter.subject, matter.review
    if matter.owner is not asked.role:
        own, partners = partners, own
    return Needs([own], [partners], positions_of(*_refs_in(list(step.values.values()))))


def _next_number(asked: Asked, now: Situation, name: str, prefix: str) -> str:
    """Return the human number of the next matter that this party opens: RSK-2026-0007."""
    return f"{prefix}-{now.at.astimezone(_BEIJING).year}-{now.count(asked.role, name) + 1:04d}"


def _refs_in(value: object) -> list[EventRef]:
    if isinstance(value, EventRef):
        return [value]
    if isinstance(value, Part):
        return _refs_in([getattr(value, name) for name in type(value).model_fields])
    return [ref for each in value for ref in _refs_in(each)] if isinstance(value, list) else []


def _written(value: Any) -> Any:  # noqa: ANN401 - a body holds any values of the wire
    if isinstance(value, Part):
        return value.model_dump(exclude_none=True, by_alias=True)
    return [_written(each) for each in value] if isinstance(value, list) else value
