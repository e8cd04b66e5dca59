"""The steps of an item as a caller sees them: where each is taken, whether it is open now, and if not, why."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from domain.errors import DomainError
from domain.items.documents import DOCUMENTS
from domain.matters import KINDS
from events.catalogue.event_types import REVIEW, EventType
from events.encoding.identifiers import Role
from events.stored.relationship import StoredRelationship
from services.gateway.access.errors import TokenRoleError
from services.gateway.access.roles import may_record
from services.gateway.api.addresses import address_of
from services.gateway.api.edge.callers import Caller
from services.gateway.api.edge.failures import problem_of
from services.gateway.api.gateway import Gateway
from services.gateway.api.matters import type_of
from services.gateway.api.problems import Problem
from services.gateway.commands.asking import Asked
from services.gateway.commands.matters import Matter
from services.gateway.commands.standing import standing
from services.gateway.exchange.errors import EngineError, RefusedByRuleError, RetryLaterError
from services.gateway.exchange.jobs import CommandJob
from services.gateway.ports.store import Reading

_PATIENCE = 5.0  # seconds that a reader waits for the writer
_WRONG_STATE = 409


def steps_of(gateway: Gateway, caller: Caller, stored: StoredRelationship, matter: Matter) -> list[dict[str, Any]]:
    """Return how it stands with each step that the caller's party has on a matter or a document."""
    return list(_standing(gateway, caller, stored, matter)["steps"])


def with_standing(gateway: Gateway, caller: Caller, job: CommandJob, error: Exception) -> Exception:
    """Return the problem of a refused step, of a wrong state with the state and what would be allowed now."""
    problem = problem_of(error)
    matter = _matter_of(gateway, job)
    if problem.status != _WRONG_STATE or matter is None:
        return error
    stored, found = matter
    told = _standing(gateway, caller, stored, found)
    if told["state"] is None:
        return error
    allowed = [step["noun"] for step in told["steps"] if step["allowed"] and not step["violates"]]
    return Problem(
        problem.slug,
        problem.detail,
        code=problem.code,
        errors=problem.errors,
        headers=problem.headers,
        members={"state": told["state"], "allowed": allowed},
    )


REFUSALS = (DomainError, RefusedByRuleError)
"""What refuses a step for what it is about."""


def nouns(kind: str, *, is_owner: bool) -> list[tuple[str, EventType]]:
    """Return the steps of a kind of matter that its owner, or the partner, has an address for."""
    address = address_of(kind)
    steps = {} if address is None else address.steps
    both = [(noun, own if is_owner else review) for noun, (own, review) in steps.items()]
    return [(noun, type_of(kind, name, review=not is_owner)) for noun, name in both if name is not None]


def _standing(gateway: Gateway, caller: Caller, stored: StoredRelationship, matter: Matter) -> dict[str, Any]:
    named = nouns(matter.kind, is_owner=matter.owner is stored.own_role)
    asked = Asked(stored.number, stored.own_role, caller.actor, caller.id, None, b"", dry_run=True)
    types = [type_ for _, type_ in named]
    try:
        told = orjson.loads(gateway.submit(standing(asked, matter, types), _PATIENCE).body)
    except EngineError as error:
        told = {"state": None, "steps": [_not_now(type_, error) for type_ in types]}
    steps = [_step(noun, matter, caller, step) for (noun, _), step in zip(named, told["steps"], strict=True)]
    return {"state": told["state"], "steps": steps}


def _step(noun: str, matter: Matter, caller: Caller, step: Mapping[str, Any]) -> dict[str, Any]:
    address = address_of(matter.kind)
    plural = "" if address is None else address.plural
    shown = {"noun": noun, "address": f"/v1/{plural}/{matter.item}/{noun}", **step}
    if may_record(caller.token.role, step["type"]):
        return shown
    why = f"a token of the role {caller.token.role} may not record {step['type']}"
    return {**shown, "allowed": False, "violates": False, "code": TokenRoleError.code, "gate": None, "why": why}


def _not_now(type_: EventType, error: EngineError) -> dict[str, Any]:
    """Return a step of which the engine says that it takes none now, or that it does not know."""
    allowed = None if isinstance(error, RetryLaterError) else False
    told = {"type": type_.name, "allowed": allowed, "violates": False}
    return {**told, "code": error.code, "gate": None, "why": error.detail}


def _matter_of(gateway: Gateway, job: CommandJob) -> tuple[StoredRelationship, Matter] | None:
    """Return what a command is about, None if it is about no matter or document."""
    subjects: Sequence[str] = job.subjects[:1]
    kind, _, item = (subjects[0] if subjects else "").partition("/")
    if kind.removesuffix(REVIEW) not in (*KINDS, *DOCUMENTS):
        return None
    with gateway.store.reading() as reading:
        stored = next(each for each in reading.relationships() if each.number == job.relationship)
        drafted = [role for role in Role if kind in DOCUMENTS and _is_there(reading, stored, role, subjects[0])]
    owner: Role = stored.own_role.other if kind.endswith(REVIEW) else stored.own_role
    return stored, Matter(kind.removesuffix(REVIEW), item, drafted[0] if drafted else owner)


def _is_there(reading: Reading, stored: StoredRelationship, role: Role, subject: str) -> bool:
    """Tell whether a party's journal has accepted entries about a subject: a command names a document's alone."""
    return any(entry.code is None for entry in reading.histories(stored.number, role, [subject])[subject])
