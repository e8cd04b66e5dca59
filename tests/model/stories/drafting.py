"""What every draft needs: who writes, what is there to name, and now and then the wrong name."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from tests.events.golden.cast import uuid
from tests.model.stories.engine import Engine

Json = dict[str, Any]
START = datetime(2026, 11, 22, 9, 30, 44, tzinfo=UTC)
PEOPLE = {"ad": "admin", "ma": "qa_manager", "qp": "qualified_person", "st": "qa_staff", "in": "integrator"}
CLASSES = ("major", "moderate", "minor")


@dataclass(frozen=True)
class Draft:
    type: str
    subject: str
    body: Json
    actor: str


class Writer(Protocol):
    """What a draft needs to know of the party that writes it."""

    role: Role
    engine: Engine


Drafter = Callable[[Writer, random.Random], Draft | None]
"""Drafts of what a matter is about, or None where there is nothing yet that it could be about."""


def moment(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def context_of(party: Writer) -> Context:
    return party.engine.context_of(party.role)


def journal_of(party: Writer) -> str:
    return f"journal/{uuid(5000 + list(Role).index(party.role))}"


def relationship_of(party: Writer) -> str:
    return f"relationship/{uuid(5010 + list(Role).index(party.role))}"


def signature(actor: str) -> Json:
    signed = {"statement": "我已阅读并同意", "meaning": "approved", "reason": "职责", "at": "2026-11-22T17:30:44+08:00"}
    return {**signed, "person": actor.removeprefix("person/")}


def an_actor(chance: random.Random, *people: str) -> str:
    strangers = ["person/ad", "person/st", "person/in", "person/nobody", "system/eqms"]
    return chance.choice(strangers) if chance.random() < 0.08 else f"person/{chance.choice(people)}"


def subjects(party: Writer, kind: str, role: Role) -> list[str]:
    """The subjects of a kind that a journal opened, as far as the writer holds it."""
    accepted = (past.head for past in party.engine.past(role) if past.code is None)
    return list(dict.fromkeys(head.subject for head in accepted if head is not None and head.subject_kind == kind))


def steps_of(party: Writer, role: Role, subject: str, step: str) -> list[PastEvent]:
    history = context_of(party).accepted(role, subject)
    return [past for past in history if past.name.split(".")[1] == step]


def ref_to(past: PastEvent) -> Json:
    return {"journal": past.role.value, **leaf_ref(past)}


def leaf_ref(past: PastEvent) -> Json:
    return {"position": past.position, "leaf": encode_base64(past.leaf)}


def pick(party: Writer, chance: random.Random, found: list[PastEvent]) -> Json | None:
    """A reference to one of what was found, mostly the last; sometimes to something else."""
    if chance.random() < 0.04:
        return wrong_ref(party, chance)
    return None if not found else ref_to(found[-1] if chance.random() < 0.85 else chance.choice(found))


def wrong_ref(party: Writer, chance: random.Random) -> Json:
    there = [past for role in Role for past in party.engine.past(role)]
    past = chance.choice(there or [PastEvent(party.role, 0, b"0" * 32)])
    ref = ref_to(past)
    changes: list[Json] = [{}, {"position": ref["position"] + 1}, {"leaf": encode_base64(b"7" * 32)}]
    changes += [{"journal": past.role.other.value}, {"journal": f"{past.role.value}.2"}]
    return ref | chance.choice(changes)
