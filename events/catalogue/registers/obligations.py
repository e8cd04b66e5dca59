"""Obligations: what a clause of an agreement asks of a party, its fulfilment with evidence, and what replaced it."""

from typing import Self

from pydantic import Field, model_validator

from events.catalogue.bodies import Body, EventRef
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, StatedTime, Text, Title
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import PartyRole

MAX_EVIDENCE = 100


class Registered(Body):
    """A party registers what a clause of an agreement (`agreement`: its draft) asks of the obliged party."""

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    agreement: EventRef
    clause: Code
    term: Text
    obliged: PartyRole
    scope: Scope = Field(default_factory=Scope)


class Superseded(Body):
    """Another obligation took the place of this one."""

    successor: EventRef
    reason: Text


class Fulfilled(Body):
    """The obligation was fulfilled, shown by entries of either journal, by attached files, or by both."""

    text: Text
    fulfilled_at: StatedTime
    evidence: list[EventRef] = Field(default_factory=list, max_length=MAX_EVIDENCE)

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if not self.evidence and not self.attachments:
            raise ValueError("evidence: an entry or an attached file shows it")
        return self


KIND = "obligation"

TYPES = (
    EventType(
        f"{KIND}.registered.v1",
        Kind.FACT,
        Author.EITHER,
        KIND,
        Registered,
        opens=True,
        labels=labels_of_scope,
        later=True,
    ),
    EventType(f"{KIND}.superseded.v1", Kind.FACT, Author.OWNER, KIND, Superseded, later=True),
    EventType(f"{KIND}.fulfilled.v1", Kind.FACT, Author.OWNER, KIND, Fulfilled, later=True),
    *owners_steps(KIND),
    *reviewers_steps(KIND),
)
"""All types of the matter."""
