"""What the catalogue says about one type of event, and how bodies of older versions are lifted to the newest.

A new version of an event is a new type with a model of its own; the old type stays for ever, with its old model, and
says what it is succeeded by. So a body is always checked by the rules of the version in which it was written, and
everything behind the catalogue knows the newest model only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from events.catalogue.bodies import Body

REVIEW = "_review"


class Kind(StrEnum):
    """Whether an event authorises something (a closed gate refuses it), or states what happened (never refused)."""

    ACT = "act"
    FACT = "fact"


class Author(StrEnum):
    """Who may write an event."""

    EITHER = "either"
    MAH = "mah"
    CMO = "cmo"
    OWNER = "owner"  # the party whose subject it is
    PARTNER = "partner"  # the other one, in its review of the subject


Labels = Callable[[Any], tuple[str, ...]]
"""Returns the labels that the fields of a body are: `batch/B2026-001`, `product/P1`, `line/L2`, `site/S1`."""


def no_labels(_body: Body) -> tuple[str, ...]:
    """Return the labels of an event that has none of its own."""
    return ()


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of the catalogue.

    `model` reads its bodies; `opens`: it may be the first event of its subject; `erasable`: its bodies may be erased by
    law; `labels` gives the labels of a body that `decode_body` returned; `later`: it was added after the first release,
    and is written only after the partner announced it.
    """

    name: str
    kind: Kind
    author: Author
    subject_kind: str
    model: type[Body]
    opens: bool = False
    erasable: bool = False
    labels: Labels = no_labels
    later: bool = False
    succeeded: "Succession | None" = None
    widened: tuple[int, Author] | None = None

    def author_in(self, rule_set: int) -> Author:
        """Return who may write it under a rule set."""
        return self.widened[1] if self.widened is not None and rule_set >= self.widened[0] else self.author

    @property
    def version(self) -> int:
        """Return its version: 1 of `deviation.opened.v1`."""
        return int(self.name.rpartition(".v")[2])

    @property
    def reviews(self) -> str | None:
        """Return the kind of subject that it reviews: `deviation` of `deviation_review`; None if it is no review."""
        return self.subject_kind.removesuffix(REVIEW) if self.subject_kind.endswith(REVIEW) else None


@dataclass(frozen=True, slots=True)
class Succession:
    """The next version of a type, and the upcaster: from the old model to the values of a body of the next version."""

    by: EventType
    upcast: Callable[[Any], dict[str, Any]]


def newest(type_: EventType) -> EventType:
    """Return the newest version of a type: the one whose model `decode_body` returns."""
    while type_.succeeded is not None:
        type_ = type_.succeeded.by
    return type_


class Catalogue:
    """A closed set of types, each name once.

    Raises:
        ValueError: a name stands twice, or a version is succeeded by anything but the next version in the set.
    """

    def __init__(self, types: tuple[EventType, ...]) -> None:
        self.types = types
        self._by_name = {each.name: each for each in types}
        if len(self._by_name) != len(types):
            raise ValueError("an event type stands twice")
        for each in types:
            self._check_succession(each)

    def find(self, name: str) -> EventType | None:
        """Return the type of a name; None when there is no such event."""
        return self._by_name.get(name)

    def _check_succession(self, type_: EventType) -> None:
        if type_.succeeded is None:
            return
        following = f"{type_.name.rpartition('.v')[0]}.v{type_.version + 1}"
        if type_.succeeded.by is not self._by_name.get(following):
            raise ValueError(f"{type_.name} is not succeeded by {following}")
