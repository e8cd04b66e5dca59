"""The quality agreement: its drafts, the signatures under them, and the act that puts one in force."""

from typing import Annotated, Literal

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, Part, Product, SignedBody
from events.catalogue.forms import Code, Day, Number, Text
from events.catalogue.words import AgreementKind, DeviationClass

MAX_PRODUCTS = 100
MAX_TERMS = 500
MAX_SIGNATURES = 16


def _major_only() -> list[DeviationClass]:
    return ["major"]


class Term(Part):
    """One clause of the agreement, and what was agreed in it."""

    clause: Code
    text: Text


class Policies(Part):
    """What the parties agreed where the announcement is silent; a policy that is not written has its default.

    The defaults belong to version 1 of the event: another default is another version.
    """

    deviation_closure_approval: list[DeviationClass] = Field(default_factory=_major_only, max_length=3)
    suspension_lift: Literal["both", "mah", "cmo"] = "both"
    retention_relief_covers_mandatory: bool = False
    retention_first_three_counts_rejected: bool = False
    supervision_year: Literal["rolling", "calendar"] = "rolling"
    coline_response: Literal["no_consent", "consent"] = "no_consent"
    suspension_blocks_release: bool = True
    partner_max_silence_hours: Annotated[int, Field(ge=1, le=87_600)] = 24
    oos_clock_start: Literal["both", "suspected", "confirmed"] = "both"
    evidence_retention_years: Annotated[int, Field(ge=10, le=1000)] = 10
    change_unclassified: Literal["blocked"] = "blocked"


class AgreementDrafted(Body):
    """A party drafted a version of an agreement, for certain products.

    `consult_right`: the holder may consult management systems, procedures, documents and records; `inspect_right`: the
    holder may inspect the sites.
    """

    version: Number
    agreement_kind: AgreementKind
    products: list[Product] = Field(default_factory=list, max_length=MAX_PRODUCTS)
    terms: list[Term] = Field(default_factory=list, max_length=MAX_TERMS)
    policies: Policies = Field(default_factory=Policies)
    consult_right: bool
    inspect_right: bool


class Signed(SignedBody):
    """A party signed a draft of an agreement or of a communication list."""

    draft: EventRef


class Activated(SignedBody):
    """The owner put in force what both signed, from 00:00 Beijing of a day and never before it is recorded."""

    signatures: list[EventRef] = Field(max_length=MAX_SIGNATURES)
    effective_from: Day
