"""What matters of standing kinds say about other items: a risk about its deviation, a suspension about its risk.

Such a matter names, in its opening, an entry of the other item (`Matter.about`). The other item's clocks depend on it.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.matters import MATTERS
from domain.steps.history import History, history_of, standing_matters
from domain.steps.subjects import matter_of, types_of
from events.catalogue.bodies import EventRef
from events.catalogue.registry import event_type
from events.encoding.identifiers import Role

_ABOUT: Mapping[str, tuple[str, ...]] = {kind: each.about for kind, each in MATTERS.items() if each.about}


def _openings(kind: str) -> tuple[str, ...]:
    found = (event_type(name) for name in types_of(kind))
    return tuple(each.name for each in found if each is not None and each.opens)


class Links:
    """The matters of a context that name others, found by the entry that they name."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def to(self, named: PastEvent) -> list[History]:
        """Return the matters whose openings name an entry: the MAH's, then the CMO's."""
        return self._found.get((named.role, named.position), [])

    def named_by(self, past: PastEvent) -> list[EventRef]:
        """Return the entries of other items that the matter names which an entry is about."""
        matter = matter_of(past)
        if matter is None or matter[1] not in _ABOUT:
            return []
        return list(_named(history_of(self._context, *matter), matter[1]))

    @cached_property
    def _found(self) -> Mapping[tuple[Role, int], list[History]]:
        found: dict[tuple[Role, int], list[History]] = {}
        for kind in _ABOUT:
            for history in standing_matters(self._context, *_openings(kind)):
                for ref in _named(history, kind):
                    found.setdefault((ref.role, ref.position), []).append(history)
        return found


def is_linking(past: PastEvent) -> bool:
    """Tell whether an entry is about a matter of a kind that may name others."""
    matter = matter_of(past)
    return matter is not None and matter[1] in _ABOUT


def _named(history: History, kind: str) -> Iterator[EventRef]:
    opening = history.opening
    for name in _ABOUT[kind]:
        ref = None if opening is None else getattr(opening.body, name, None)
        if isinstance(ref, EventRef):
            yield ref
