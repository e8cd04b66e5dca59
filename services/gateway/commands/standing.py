"""How it stands with a matter for somebody who asks: its state and its steps, on the very state that commands meet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.allowed import StepNow, steps_now
from domain.items.now import state_now
from domain.steps.candidates import Asking
from events.catalogue.event_types import EventType
from services.gateway.commands.asking import Asked, Needs
from services.gateway.commands.matters import Matter
from services.gateway.exchange.errors import EngineError
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

_GATE = "gate."


def standing(asked: Asked, matter: Matter, types: Sequence[EventType]) -> CommandJob:
    """Return the job that writes nothing and tells `state` and `steps`, these types in their order."""

    def decide(now: Situation) -> Decision:
        asking = Asking(now.context, matter.owner, matter.kind, matter.item, asked.actor, now.at)
        told = {
            "state": state_now(now.context, matter.owner, matter.kind, matter.item),
            "steps": [_told(_admitted(step, now)) for step in steps_now(asking, types)],
        }
        return Decision((), lambda _entries: told)

    own, partners = matter.subject, matter.review
    if matter.owner is not asked.role:
        own, partners = partners, own
    return replace(asked, key=None, dry_run=True).job(decide, Needs([own], [partners]))


def _admitted(step: StepNow, now: Situation) -> StepNow:
    """Shut an open act for which the gateway lacks news of the partner."""
    if step.is_open is False:
        return step
    try:
        now.admit([step.type.name])
    except EngineError as error:
        return StepNow(step.type, is_open=False, code=error.code, why=error.detail)
    return step


def _told(step: StepNow) -> Mapping[str, Any]:
    return {
        "type": step.type.name,
        "allowed": step.is_open,
        "violates": step.is_marked,
        "code": step.code or None,
        "gate": step.refusal if step.refusal.startswith(_GATE) else None,
        "why": step.why or None,
    }
