"""Entries of the protocol itself (formats.md 10), but the first of each journal, which is in `opening`."""

from typing import Annotated

from pydantic import Field, StringConstraints

from events.catalogue.bodies import Body, LeafRef, Signature
from events.catalogue.forms import Code, Count, Day, EventTypeName, Leaf, Moment, Name, Number, PersonId, Text
from events.catalogue.opening import RelationshipOpened, Vkey
from events.catalogue.words import PersonRole

__all__ = [
    "BodyErased",
    "CalendarPublished",
    "DisputeSettled",
    "EntryRefused",
    "GatewayAnnounced",
    "JournalTaken",
    "KeyRotated",
    "PersonAuthorised",
    "PersonNamed",
    "PersonWithdrawn",
    "RefusalDisputed",
    "Refused",
    "RelationshipOpened",
]

MAX_REFUSED = 256
MAX_EVENTS = 1000
MAX_DAYS = 366
MAX_ROLES = 32
MAX_KEYS = 5
MAX_DETAIL = 400

Days = Annotated[list[Day], Field(max_length=MAX_DAYS)]


class GatewayAnnounced(Body):
    """A gateway says by which rule set it judges and which event versions it can judge."""

    rule_set: Number
    events: list[EventTypeName] = Field(max_length=MAX_EVENTS)
    software: Name


class CalendarPublished(Body):
    """A party published the working calendar of a year: days off on weekdays, and weekend days that are worked."""

    calendar: Code
    version: Number
    year: Annotated[int, Field(ge=1, le=9999)]
    days_off: Days
    make_up_workdays: Days
    provisional: bool


class _PersonsRoles(Body):
    person: PersonId
    roles: list[PersonRole] = Field(min_length=1, max_length=MAX_ROLES)
    from_: Moment = Field(validation_alias="from", serialization_alias="from")
    to: Moment | None


class PersonAuthorised(_PersonsRoles):
    """A person has these roles from a moment on, until another or (null) for ever."""


class PersonWithdrawn(_PersonsRoles):
    """These roles are taken from a person from a moment on, until another or (null) for ever."""


class PersonNamed(Body):
    """The name of a person of the author's directory and how to reach them; may be erased by law."""

    person: PersonId
    name: Name
    contact: Annotated[str, StringConstraints(max_length=1000)] | None = None


class JournalTaken(Body):
    """The author has taken in the partner's journal up to a size."""

    size: Count


class Refused(LeafRef):
    """One refused entry of the partner: where, its code, and the failed rule's own code or nothing."""

    code: Annotated[str, StringConstraints(pattern=r"^(?:entry|gate)\.[a-z][a-z0-9_]{0,63}$")]
    detail: Annotated[str, StringConstraints(max_length=MAX_DETAIL)]


class EntryRefused(Body):
    """Entries of the partner's journal were refused when they were judged."""

    refused: list[Refused] = Field(min_length=1, max_length=MAX_REFUSED)


class RefusalDisputed(Body):
    """The author of an entry says that a refusal in the partner's journal contradicts the entry's verdict."""

    refusal: LeafRef
    entry: LeafRef
    reason: Text


class DisputeSettled(Body):
    """A party's word on whether a disputed entry stands; a dispute ends when both wrote alike."""

    entry: LeafRef
    stands: bool
    reason: Text
    signature: Signature | None = None


class BodyErased(Body):
    """The author erased the body of one of its own entries, as the law demands."""

    position: Count
    leaf: Leaf
    reason: Text
    legal_basis: Text
    signature: Signature | None = None


class KeyRotated(Body):
    """The author's keys are these from the next page on.

    `mirror_from` is the size of the partner's journal from which the new mirror key holds.
    """

    keys: list[Vkey] = Field(min_length=1, max_length=MAX_KEYS)
    mirror_from: Count
