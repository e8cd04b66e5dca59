"""Changes: proposed and studied, put in a category by both, approved by the holder, then implemented."""

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Day, Name, Sha256, StatedTime, Text, Title
from events.catalogue.scope import Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import ChangeCategory, RegulatoryStep


class Proposed(Body):
    """A party proposes a change."""

    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    description: Text
    scope: Scope = Field(default_factory=Scope)


class Studied(Body):
    """What was studied about the change, and what came of it."""

    study: Text


class Withdrawn(Body):
    """The owner does not go on with the change."""

    reason: Text


class CategoryOpinionGiven(Body):
    """A party says in which category the change belongs, whether it is major, and why; its last word counts."""

    category: ChangeCategory
    major: bool
    rationale: Text


class CategoryDetermined(SignedBody):
    """The owner determines the category on the opinions of both: the same, or the higher one of the two."""

    category: ChangeCategory
    opinions: list[EventRef] = Field(min_length=2, max_length=2)
    basis: Text


class Approved(SignedBody):
    """The holder approves a change: its own, or the manufacturer's."""

    proposal: EventRef


class Rejected(Body):
    """The holder does not approve the change, and says why."""

    proposal: EventRef
    reason: Text


class RegulatoryStepRecorded(Body):
    """What the category asks of the regulator was done: a certificate, a filing, or a place in the annual report.

    The author is the holder of the licence. A certificate or a filing has its number and the hash of its document.
    """

    step: RegulatoryStep
    number: Code | None = None
    date: Day
    document: Sha256 | None = None


class Implemented(SignedBody):
    """The change was implemented, on approval, category and regulatory step."""

    approval: EventRef
    category: EventRef
    regulatory_step: EventRef | None = None
    effective_from: StatedTime


class FoundImplemented(Body):
    """A change was found that had been implemented: of this proposal, or of none."""

    number: Code | None = None
    source: Name
    title: Title | None = None
    description: Text
    implemented_at: StatedTime
    scope: Scope = Field(default_factory=Scope)


class RiskRaised(Body):
    """A party sees a quality risk in the change that was implemented."""

    description: Text


class RiskEliminated(Body):
    """The measures that eliminated a risk of the change."""

    risk: EventRef
    measures: Text


_ACT, _FACT = Kind.ACT, Kind.FACT

_BOTH = (
    ("category_opinion_given", _FACT, CategoryOpinionGiven),
    ("regulatory_step_recorded", _FACT, RegulatoryStepRecorded),
    ("implemented", _ACT, Implemented),
    ("risk_raised", _FACT, RiskRaised),
    ("risk_eliminated", _FACT, RiskEliminated),
)

_OWN = (
    EventType(
        "change.proposed.v1", _FACT, Author.EITHER, "change", Proposed, opens=True, labels=labels_of_scope, later=True
    ),
    EventType(
        "change.found_implemented.v1",
        _FACT,
        Author.EITHER,
        "change",
        FoundImplemented,
        opens=True,
        labels=labels_of_scope,
        later=True,
    ),
    EventType("change.approved.v1", _ACT, Author.MAH, "change", Approved, later=True),
    *(
        EventType(f"change.{name}.v1", kind, Author.OWNER, "change", model, later=True)
        for name, kind, model in (
            ("studied", _FACT, Studied),
            ("withdrawn", _FACT, Withdrawn),
            ("category_determined", _ACT, CategoryDetermined),
            *_BOTH,
        )
    ),
)

_REVIEW = (
    EventType("change_review.approved.v1", _ACT, Author.MAH, "change_review", Approved, opens=True, later=True),
    EventType("change_review.rejected.v1", _FACT, Author.MAH, "change_review", Rejected, opens=True, later=True),
    EventType(
        "change_review.found_implemented.v1",
        _FACT,
        Author.PARTNER,
        "change_review",
        FoundImplemented,
        opens=True,
        labels=labels_of_scope,
        later=True,
    ),
    *(
        EventType(f"change_review.{name}.v1", kind, Author.PARTNER, "change_review", model, opens=True, later=True)
        for name, kind, model in _BOTH
    ),
)

TYPES = (*_OWN, *owners_steps("change"), *_REVIEW, *reviewers_steps("change"))
"""All types of the matter."""
