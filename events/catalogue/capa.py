"""Corrective and preventive actions: who does what until when, whether it helped, and who accepts what risk is left."""

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, Part, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Day, Name, Number, PersonId, StatedTime, Text, Title
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps

MAX_ACTIONS = 100


class Action(Part):
    """One action: what is done, by whom, until when."""

    text: Text
    owner: Name
    due: Day


class Opened(Body):
    """Actions were planned, from an entry of another matter or from elsewhere."""

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    description: Text | None = None
    opened_at: StatedTime
    cause: EventRef | None = None
    actions: list[Action] = Field(min_length=1, max_length=MAX_ACTIONS)
    scope: Scope = Field(default_factory=Scope)


class ActionCompleted(Body):
    """One of the actions, counted from 1, was done."""

    action: Number
    result: Text
    completed_at: StatedTime


class EffectivenessChecked(Body):
    """Whether the actions helped."""

    effective: bool
    conclusion: Text


class Closed(SignedBody):
    """All was done and helped; a named person accepts the risk that is left."""

    effectiveness: EventRef
    residual_risk_accepted_by: PersonId


TYPES = (
    EventType(
        "capa.opened.v1", Kind.FACT, Author.EITHER, "capa", Opened, opens=True, labels=labels_of_scope, later=True
    ),
    EventType("capa.action_completed.v1", Kind.FACT, Author.OWNER, "capa", ActionCompleted, later=True),
    EventType("capa.effectiveness_checked.v1", Kind.FACT, Author.OWNER, "capa", EffectivenessChecked, later=True),
    EventType("capa.closed.v1", Kind.ACT, Author.OWNER, "capa", Closed, later=True),
    *owners_steps("capa"),
    *reviewers_steps("capa"),
)
"""All types of the matter."""
