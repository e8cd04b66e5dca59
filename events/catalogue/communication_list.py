"""The communication list: who tells whom what, by which way, and within which time."""

from typing import Annotated

from pydantic import Field

from events.catalogue.bodies import Body, EventRef, Part
from events.catalogue.forms import Name, Number, Remark, Word
from events.catalogue.words import ClockEvent, DeviationClass, Direction, PartyRole, Unit

MAX_ROWS = 200
MAX_PEOPLE = 50
MAX_LIMITS = 50
MAX_VALUE = 1_000_000


class Limit(Part):
    """A time limit: from what until what, for whom, how long; for one class of deviations or (null) for all.

    `calendar` names the published calendar by which working days are counted.
    """

    name: Word
    class_: DeviationClass | None = Field(default=None, validation_alias="class", serialization_alias="class")
    start: ClockEvent
    stop: ClockEvent
    party: PartyRole
    value: Annotated[int, Field(ge=1, le=MAX_VALUE)]
    unit: Unit
    calendar: EventRef | None = None


class Row(Part):
    """One kind of communication item. A draft may leave open what only the activation asks for."""

    category: Word
    direction: Direction
    senders: list[Name] = Field(default_factory=list, max_length=MAX_PEOPLE)
    receivers: list[Name] = Field(default_factory=list, max_length=MAX_PEOPLE)
    deputies: list[Name] = Field(default_factory=list, max_length=MAX_PEOPLE)
    responsibilities: Remark = ""
    method: Remark = ""
    limits: list[Limit] | None = Field(default=None, max_length=MAX_LIMITS)


class CommunicationListDrafted(Body):
    """A party drafted a version of the communication list under an agreement."""

    version: Number
    agreement: EventRef
    rows: list[Row] = Field(max_length=MAX_ROWS)
