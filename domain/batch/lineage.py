"""What a batch is and what it came from: a batch that was split off or joined carries what touches its parents.

It comes from the batches that its entries name as parents, and from those whose splits name its number. So a part that
conceals its parent, or was opened before the split was told, sheds nothing of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from domain.as_read import as_read
from domain.batch import names as n
from domain.judging.context import Context
from domain.judging.history import PastEvent, batches_of
from domain.steps.history import ANY_LINE, History, history_of
from events.catalogue.batches.batch import Made, labels_of_made
from events.encoding.identifiers import Role

KIND = "batch"
MAX_LINEAGE = 100
"""How many batches a lineage may have, the batch itself included; beyond that nothing of it is released."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """A batch and all it came from: the UUIDs, the numbers as they are read, and the labels.

    `whole` unless there are too many. A batch of which no line is named is of any line.
    """

    identities: tuple[str, ...]
    numbers: tuple[str, ...]
    labels: tuple[str, ...]
    whole: bool


def batch_of(context: Context, identity: str) -> History:
    """Return what a context holds of a batch: the manufacturer's entries and packages, and the holder's review."""
    return history_of(context, Role.CMO, KIND, identity)


def lineage_of(context: Context, identity: str, *declared: Any) -> Lineage:  # noqa: ANN401 - models of any body
    """Return the lineage of a batch, as far as the context shows it and bodies that are about to be said declare it."""
    waiting, found, numbers, labels = [identity], dict[str, None](), dict[str, None](), dict[str, None]()
    waiting += _leading_on(context, *numbers_and_parents(declared))
    while waiting and len(found) < MAX_LINEAGE:
        current = waiting.pop(0)
        if current in found:
            continue
        found[current] = None
        bodies = [past.body for past in context.accepted(Role.CMO, f"{KIND}/{current}")]
        named, parents = numbers_and_parents(bodies)
        numbers.update(dict.fromkeys(named))
        own = declared if current == identity else ()
        labels.update(dict.fromkeys(labels_of_batch(batch_of(context, current), *own)))
        waiting += _leading_on(context, named, parents)
    is_whole = all(each in found for each in waiting)
    return Lineage(tuple(found), tuple(numbers), tuple(labels), is_whole)


def numbers_and_parents(bodies: Iterable[Any]) -> tuple[list[str], list[int]]:
    """Return the numbers, as read, that bodies about a batch give it, and the positions of what they say it came from.

    Bodies may be models, or the values of entries that nobody has judged yet.
    """
    numbers: list[str] = []
    positions: list[int] = []
    for body in bodies:
        number = _member(body, "number")
        numbers += [as_read(number)] if isinstance(number, str) else []
        positions += _positions(body, "parents")
    return numbers, positions


def labels_of_batch(history: History, *declared: Any) -> list[str]:  # noqa: ANN401 - models of any body
    """Return what labels a batch by what opened it and by bodies that are about to; without a line that counts, any.

    A line that is named leaves the others alone, so what names it is relied on.
    """
    openings = history.of(*n.OPENINGS)
    about = [body for body in declared if isinstance(body, Made)]
    labels = [label for body in (*(past.body for past in openings), *about) for label in labels_of_made(body)]
    relied = (past.body for past in openings if history.is_relied_on(past))
    is_named = any(body.line for body in (*relied, *about))
    return labels if is_named or not labels else [*labels, ANY_LINE]


def labelled(context: Context, numbers: Collection[str]) -> Iterator[tuple[Role, str, str]]:
    """Return the kind and the UUID of each subject that carries one of these numbers, as read: the holder's first."""
    for role in Role:
        subjects = {subject for number in numbers for subject in context.subjects_of_batch(role, number)}
        for subject in sorted(subjects):
            kind, _, identity = subject.partition("/")
            yield role, kind, identity


def split_into(
    numbers: Iterable[str],
    subjects_of: Callable[[str], Iterable[str]],
    accepted: Callable[[str], Iterable[PastEvent]],
) -> Iterator[str]:
    """Return the batches whose splits, or corrections of them, name one of these numbers, as read, as a part.

    Handed in are the manufacturer's subjects that are labelled with a number, and its accepted entries of a subject.
    """
    for number in numbers:
        for subject in subjects_of(number):
            kind, _, identity = subject.partition("/")
            if kind == KIND and any(_is_part(number, past) for past in accepted(subject)):
                yield identity


def _is_part(number: str, past: PastEvent) -> bool:
    return past.name not in n.OPENINGS and number in batches_of(past)


def _leading_on(context: Context, numbers: Iterable[str], positions: Iterable[int]) -> Iterator[str]:
    """Return the batches that one with these numbers, which names parents at these positions, came from."""
    yield from _batches_at(context, positions)
    of_number, accepted = partial(context.subjects_of_batch, Role.CMO), partial(context.accepted, Role.CMO)
    yield from split_into(numbers, of_number, accepted)


def lots_named(bodies: Iterable[Any]) -> list[int]:
    """Return the positions of the allocations of lots that bodies about a batch name; bodies as above."""
    return [position for body in bodies for position in _positions(body, "lots")]


def _positions(body: Any, name: str) -> Iterator[int]:  # noqa: ANN401 - a model or a value of JSON
    named = _member(body, name)
    for ref in named if isinstance(named, list) else ():
        position = _member(ref, "position")
        if type(position) is int:
            yield position


def _member(value: Any, name: str) -> Any:  # noqa: ANN401 - a model or a value of JSON
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _batches_at(context: Context, positions: Iterable[int]) -> Iterator[str]:
    """Return the batches that the manufacturer's entries at these positions opened."""
    reach = context.reach(Role.CMO)
    for position in positions:
        past = context.views[Role.CMO].at(position) if position < reach else None
        if past is not None and past.code is None and past.name in n.OPENINGS and past.head is not None:
            yield past.head.subject_id
