"""What both parties wrote about one matter, as a context shows it, and what of it can be relied on.

"Relied on" is an entry that is neither marked as a violation nor disputed. What opens a gate is relied on, or it opens
nothing; what shuts one needs not be.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from domain.as_read import as_read
from domain.evidence import names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.steps.subjects import PARTS, identity_of, kind_of, owner_of
from events.catalogue.bodies import EventRef
from events.catalogue.steps import Corrected
from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class History:
    """One matter: the owner's accepted entries and the partner's review, each by position; and which are disputed."""

    owner: Role
    own: tuple[PastEvent, ...]
    review: tuple[PastEvent, ...]
    is_disputed: Callable[[PastEvent], bool]

    @property
    def all(self) -> tuple[PastEvent, ...]:
        """Return the owner's entries, then the partner's."""
        return self.own + self.review

    @property
    def opening(self) -> PastEvent | None:
        """Return what opened the matter, however it stands; None before that."""
        return next((past for past in self.own if past.type is not None and past.type.opens), None)

    def of(self, *types: str) -> list[PastEvent]:
        """Return the entries of these types, relied on or not: the owner's by position, then the partner's."""
        return [past for past in self.all if past.name in types]

    def relied(self, *types: str) -> list[PastEvent]:
        """Return the entries of these types that can be relied on, in the same order."""
        return [past for past in self.of(*types) if self.is_relied_on(past)]

    def by(self, role: Role, *types: str) -> list[PastEvent]:
        """Return one party's entries of these types that can be relied on, by position."""
        return [past for past in self.relied(*types) if past.role is role]

    def is_relied_on(self, past: PastEvent) -> bool:
        """Tell whether an entry is neither marked nor disputed."""
        return not past.violates and not self.is_disputed(past)

    def corrections_of(self, past: PastEvent) -> list[PastEvent]:
        """Return the corrections of one of its entries by position, relied on or not."""
        return [each for each in self.all if isinstance(each.body, Corrected) and names(each.body.entry, past)]

    def standing_text(self, past: PastEvent, field: str) -> str:
        """Return the value of a field of an entry by its author's last correction of it that can be relied on."""
        corrections = filter(self.is_relied_on, self.corrections_of(past))
        said = [change.after for each in corrections for change in each.body.changes if change.field == field]
        return str([getattr(past.body, field), *said][-1])

    def named(self, ref: EventRef | None, *types: str) -> PastEvent | None:
        """Return the entry of these types that a reference names, if it can be relied on."""
        return None if ref is None else next((past for past in self.relied(*types) if names(ref, past)), None)


def history_of(context: Context, owner: Role, kind: str, identity: str) -> History:
    """Return what a context holds of a matter."""
    subjects = (f"{each}/{identity}" for each in (kind, *PARTS.get(kind, ())))
    own = tuple(sorted((past for subject in subjects for past in context.accepted(owner, subject)), key=_position))
    review = tuple(context.accepted(owner.other, f"{kind}_review/{identity}"))
    return History(owner, own, review, context.is_disputed)


def history_for(proposed: Proposed, context: Context) -> History:
    """Return what a context holds of the matter that an event is about."""
    return history_of(context, owner_of(proposed), kind_of(proposed), identity_of(proposed))


def standing_matters(context: Context, *openings: str) -> Iterator[History]:
    """Return every matter of a standing kind that one of these events opened, once: the MAH's, then the CMO's."""
    opened = (past for name in openings for past in context.standing(name))
    for role, subject in dict.fromkeys((past.role, past.head.subject) for past in opened if past.head is not None):
        kind, _, identity = subject.partition("/")
        yield history_of(context, role, kind, identity)


ANY_LINE = "line/"
"""Stands in a scope for a line that nobody named: it may be any."""

UNCODED = "uncoded/"
"""With its name behind it, stands in a scope for a product without a code: it may be any."""


def overlap(some: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether two scopes, as labels and the words above, may have anything in common; asked of what shuts.

    One that names nothing is the whole relationship. Texts are compared as they are read (`domain.as_read`).
    """
    mine, theirs = set(map(as_read, some)), set(map(as_read, others))
    if not mine or not theirs or not mine.isdisjoint(theirs):
        return True
    return _is_uncoded(mine | theirs) or _is_any_line(mine, theirs) or _is_any_line(theirs, mine)


def _is_uncoded(words: Iterable[str]) -> bool:
    return any(word.startswith(as_read(UNCODED)) for word in words)


def _is_any_line(mine: Collection[str], theirs: Iterable[str]) -> bool:
    line = as_read(ANY_LINE)
    return line in mine and any(word.startswith(line) for word in theirs)


def _position(past: PastEvent) -> int:
    return past.position
