"""Steps of the matters of the quality core: each is an event of the catalogue, decided by its rule and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.commands import TakeStep, take_step
from domain.lot.rules import check_not_elsewhere
from domain.steps.numbering import human_number
from events.catalogue.batches.lot import Allocated
from events.catalogue.bodies import EventRef, Part
from events.catalogue.registry import all_event_types, event_type
from events.encoding.identifiers import Role
from services.gateway.commands.asking import Asked, Needs, Signing, about, permitted, positions_of, told
from services.gateway.commands.filled import fill
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

DEFAULT_SOURCE = "manual"


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
    """Return the job that opens a matter; with a prefix, what has numbers gets the next of the year by itself."""

    def decide(now: Situation) -> Decision:
        values = {**_made_here(asked, now, step.type, prefix), **step.values}
        return _decide(asked, matter, Step(step.type, values, step.signing), now)

    return asked.job(decide, needs_of(asked, matter, step))


def take(asked: Asked, matter: Matter, step: Step) -> CommandJob:
    """Return the job that takes a step on a matter."""
    return asked.job(lambda now: _decide(asked, matter, step, now), needs_of(asked, matter, step))


def values_of(asked: Asked, matter: Matter, step: Step, now: Situation) -> dict[str, Any]:
    """Return the values of the body that a step writes: filled in from the record, and signed where a person signs."""
    filled = fill(step.type, step.values, now.context, matter.item)
    values = {name: written(value) for name, value in filled.items() if value is not None}
    if step.signing is not None:
        statement = f"{step.type} {matter.item}"
        values["signature"] = written(step.signing.signature(asked.actor, now, statement))
    return values


def needs_of(asked: Asked, matter: Matter, step: Step) -> Needs:
    """Return what deciding on a step reads."""
    own, partners = matter.subject, matter.review
    if matter.owner is not asked.role:
        own, partners = partners, own
    named = positions_of(*_refs_in(list(step.values.values())))
    batches = [step.values] if matter.kind == "batch" else []
    return Needs([own], [partners], named, batches=batches)


def _decide(asked: Asked, matter: Matter, step: Step, now: Situation) -> Decision:
    subject = matter.subject if matter.owner is asked.role else matter.review
    with about(step.type, subject):
        values = values_of(asked, matter, step, now)
        drafts = take_step(TakeStep(step.type, subject, values), now.context, asked.actor, now.at)
        for draft in drafts:
            if isinstance(draft.model, Allocated):
                check_not_elsewhere(draft.model, now.elsewhere(draft.subject))
        return Decision(permitted(drafts, asked, now), told(asked, "item", matter.item))


def _made_here(asked: Asked, now: Situation, name: str, prefix: str) -> dict[str, str]:
    """Return the number and source of an opening whose body has them."""
    type_ = event_type(name)
    if type_ is None or "number" not in type_.model.model_fields:
        return {}
    if not prefix:
        return {"source": DEFAULT_SOURCE}
    return {"number": _next_number(asked, now, type_.subject_kind, prefix), "source": DEFAULT_SOURCE}


def _next_number(asked: Asked, now: Situation, kind: str, prefix: str) -> str:
    """Return the human number of the next matter of a kind that this party opens: RSK-2026-0007."""
    openings = [each.name for each in all_event_types() if each.subject_kind == kind and each.opens]
    opened = sum(now.count(asked.role, name) for name in openings)
    return human_number(prefix, now.at, opened + 1)


def _refs_in(value: object) -> list[EventRef]:
    if isinstance(value, EventRef):
        return [value]
    if isinstance(value, Part):
        return _refs_in([getattr(value, name) for name in type(value).model_fields])
    return [ref for each in value for ref in _refs_in(each)] if isinstance(value, list) else []


def written(value: Any) -> Any:  # noqa: ANN401 - a body holds any values of the wire
    """Return a value as it stands in a body: parts as objects, what is not there left out."""
    if isinstance(value, Part):
        return value.model_dump(exclude_none=True, by_alias=True)
    return [written(each) for each in value] if isinstance(value, list) else value
