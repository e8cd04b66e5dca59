"""Subjects of a matter and of its review: whose they are, and which events are about them."""

from collections.abc import Mapping
from functools import cache

from domain.judging.context import Proposed
from domain.judging.history import PastEvent
from events.catalogue.event_types import REVIEW
from events.catalogue.registry import all_event_types
from events.encoding.identifiers import Role

PARTS: Mapping[str, tuple[str, ...]] = {"batch": ("release_package",)}
"""Further kinds of subjects of a matter's owner, under the matter's UUID: they belong to its history."""

WHOLE_OF: Mapping[str, str] = {part: whole for whole, parts in PARTS.items() for part in parts}
"""The kind of matter that such a subject belongs to."""


def matter_of(past: PastEvent) -> tuple[Role, str, str] | None:
    """Return the matter that an entry, of the matter or of its review, is about: its owner, its kind, its UUID."""
    if past.head is None:
        return None
    kind = past.head.subject_kind
    owner = past.role.other if kind.endswith(REVIEW) else past.role
    return owner, kind.removesuffix(REVIEW), past.head.subject_id


@cache
def types_of(kind: str) -> tuple[str, ...]:
    """Return the names of all events about a kind of subject: `risk`, `risk_review`."""
    return tuple(each.name for each in all_event_types() if each.subject_kind == kind)


def identity_of(proposed: Proposed) -> str:
    """Return the UUID of the matter that an event is about."""
    return proposed.subject.partition("/")[2]


def kind_of(proposed: Proposed) -> str:
    """Return the kind of matter that an event, of the matter or of its review, is about."""
    return proposed.subject.partition("/")[0].removesuffix(REVIEW)


def is_review(proposed: Proposed) -> bool:
    """Tell whether an event stands in the review of a matter."""
    return proposed.subject.partition("/")[0].endswith(REVIEW)


def owner_of(proposed: Proposed) -> Role:
    """Return whose matter is meant: the author's, or in a review its partner's."""
    return proposed.role.other if is_review(proposed) else proposed.role


def own_subject(proposed: Proposed) -> str:
    """Return the subject of the matter, in its owner's journal."""
    return f"{kind_of(proposed)}/{identity_of(proposed)}"


def review_subject(proposed: Proposed) -> str:
    """Return the subject of the review, in the partner's journal."""
    return f"{kind_of(proposed)}{REVIEW}/{identity_of(proposed)}"
