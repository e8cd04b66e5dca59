"""Results out of specification or out of trend: suspected, examined in two phases, confirmed or invalidated."""

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Name, StatedTime, Text, Title
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import OosDecision, OosPhase, ResultKind


class Suspected(Body):
    """A laboratory suspects a result. Result and limits are texts: 99.50 is not 99.5."""

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    result_kind: ResultKind
    test: Name
    result: Text
    unit: Name | None = None
    limits: Text
    suspected_at: StatedTime
    scope: Scope = Field(default_factory=Scope)


class PhaseCompleted(Body):
    """A phase of the examination ended: I in the laboratory, II in manufacturing; `cause` where one was found."""

    phase: OosPhase
    cause: Text | None = None
    conclusion: Text


class RetestPlanned(Body):
    """How the test is to be repeated."""

    plan: Text


class Confirmed(Body):
    """The result stands."""

    cause: Text | None = None


class Invalidated(SignedBody):
    """The result does not count, for a cause that a phase found. It stays visible."""

    phase: EventRef
    cause: Text


class Decided(SignedBody):
    """The partner's decision on how the examination ended."""

    about: EventRef
    decision: OosDecision


_ACT, _FACT = Kind.ACT, Kind.FACT

_OWN = (
    EventType(
        "oos.suspected.v1", _FACT, Author.EITHER, "oos", Suspected, opens=True, labels=labels_of_scope, later=True
    ),
    *(
        EventType(f"oos.{name}.v1", kind, Author.OWNER, "oos", model, later=True)
        for name, kind, model in (
            ("phase_completed", _FACT, PhaseCompleted),
            ("retest_planned", _FACT, RetestPlanned),
            ("confirmed", _FACT, Confirmed),
            ("invalidated", _ACT, Invalidated),
        )
    ),
)

_REVIEW = (EventType("oos_review.decided.v1", _ACT, Author.PARTNER, "oos_review", Decided, opens=True, later=True),)

TYPES = (*_OWN, *owners_steps("oos"), *_REVIEW, *reviewers_steps("oos"))
"""All types of the matter."""
