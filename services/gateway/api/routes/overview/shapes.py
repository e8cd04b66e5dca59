"""What answers across items look like, for OpenAPI."""

from typing import Any

from services.gateway.api.shapes import Shape


class Count(Shape):
    """How many items there are: in all, open, due soon, and overdue."""

    total: int
    open: int
    due: int
    overdue: int


class CategoryCount(Count):
    """The same of one category."""

    category: str


class Counts(Shape):
    """By category, and of all; `at` is the moment by which something is due."""

    data: list[CategoryCount]
    all: Count
    at: str


class ClockShown(Shape):
    """A running clock; `stage` is 0, 50, 80 or 100 hundredths of its time, `concerns` the role that it reaches."""

    name: str
    party: str
    started_at: str
    due_at: str
    stage: int
    overdue: bool
    concerns: str


class StepToDo(Shape):
    """A step that is open to the caller."""

    noun: str
    address: str


class WorkItem(Shape):
    """An item's row with its running clocks, the farthest stage of the own ones, and what the caller may do."""

    item: str
    category: str
    state: str
    clocks: list[ClockShown]
    stage: int
    steps: list[StepToDo]


class Work(Shape):
    """A page of the caller's work, what is due first."""

    data: list[WorkItem]
    at: str
    next_cursor: str | None
    has_more: bool


class Timeline(Shape):
    """What was written about several items, in the order of recording; not `complete` when there are more items."""

    data: list[dict[str, Any]]
    items: list[dict[str, Any]]
    complete: bool


class Notice(Shape):
    """An open item about something, as the partner has it too."""

    item: str
    number: str
    external_number: str | None
    title: str
    state: str
    opened_at: str


class PartnerConcerned(Shape):
    """A partner whom something concerns: `named_by` items between the two name it; `missing`: it has no notice."""

    relationship: str
    partner: str
    named_by: int
    notices: list[Notice]
    missing: bool


class Notices(Shape):
    """Every partner whom something concerns."""

    data: list[PartnerConcerned]
    at: str
