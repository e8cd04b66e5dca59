"""What judging a drug batch needs beside its own history: what touches it, and the batches that it was made of.

A release is judged on every deviation, result and change that is labelled with the number of the batch, or of one that
it came from (G10, G11); which these are the store knows by number.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from domain.batch.lineage import KIND, MAX_LINEAGE, lots_named, numbers_and_parents, split_into
from domain.judging.history import JournalView, PastEvent
from events.encoding.canonical import decode
from events.encoding.identifiers import Role
from events.errors import CanonicalError

_OF_A_BATCH = frozenset({"batch", "batch_review", "release_package"})


class Bringing(Protocol):
    """Brings into the views what the store has."""

    def view(self, role: Role) -> JournalView:
        """Return the view of a journal."""

    def bring(self, role: Role, subjects: Sequence[str]) -> None:
        """Bring the histories of subjects, and of their counterparts in the other journal."""

    def positions(self, role: Role, positions: Iterable[int]) -> None:
        """Bring single entries by position."""

    def numbers(self, role: Role, numbers: Sequence[str]) -> None:
        """Bring which subjects are labelled with batch numbers."""


class Lineages:
    """Brings lineages of batches, each once, for as long as one transaction lasts."""

    def __init__(self, bringing: Bringing) -> None:
        self._bringing = bringing
        self._followed: set[str] = set()
        self._numbers: set[str] = set()

    def follow(self, subjects: Iterable[str]) -> None:
        """Bring what judging these subjects needs, where they are of batches; that one was brought says nothing.

        What touches a batch may be another batch: it is brought as such, and nothing that leads on from it.
        """
        named = (subject.partition("/") for subject in subjects)
        self._follow([identity for kind, _, identity in named if kind in _OF_A_BATCH])

    def arrivals(self, subjects_and_bodies: Iterable[tuple[str, bytes]]) -> None:
        """Bring what entries about batches that are not judged yet will need, by what they say of themselves."""
        bodies = (raw for subject, raw in subjects_and_bodies if subject.partition("/")[0] in _OF_A_BATCH)
        self.declared(map(_decoded, bodies))

    def declared(self, bodies: Iterable[Any]) -> None:
        """Bring what is labelled with the numbers that bodies state, the batches they come from, and their lots."""
        declared = list(bodies)
        numbers, parents = numbers_and_parents(declared)
        self.touching(numbers)
        self._follow(self._leading_on(numbers, parents))
        self._bringing.bring(Role.CMO, [f"lot/{each}" for each in self._identities(lots_named(declared), "lot")])

    def touching(self, numbers: Iterable[str]) -> None:
        """Bring all that is labelled with batch numbers, in both journals."""
        wanted = [number for number in dict.fromkeys(numbers) if number not in self._numbers]
        if not wanted:
            return
        self._numbers.update(wanted)
        for role in Role:
            self._bringing.numbers(role, wanted)
            view = self._bringing.view(role)
            found = dict.fromkeys(subject for number in wanted for subject in view.subjects_of_batch(number))
            self._bringing.bring(role, [subject for subject in found if not view.keeps(subject)])

    def _follow(self, identities: Iterable[str]) -> None:
        for identity in identities:
            if identity not in self._followed:
                self._followed.add(identity)
                self._follow_one(identity)

    def _follow_one(self, identity: str) -> None:
        """Bring a lineage as far as `domain.batch.lineage` looks at it."""
        waiting, found = [identity], set[str]()
        while waiting and len(found) < MAX_LINEAGE:
            current = waiting.pop(0)
            if current in found:
                continue
            found.add(current)
            self._bringing.bring(Role.CMO, [f"batch/{current}", f"release_package/{current}"])
            numbers, parents = numbers_and_parents(past.body for past in self._accepted(f"batch/{current}"))
            self.touching(numbers)
            waiting += self._leading_on(numbers, parents)

    def _leading_on(self, numbers: Sequence[str], parents: Sequence[int]) -> list[str]:
        """Return the batches at these positions, and those that were split into these numbers; both were brought."""
        subjects_of = self._bringing.view(Role.CMO).subjects_of_batch
        return [*self._identities(parents), *split_into(numbers, subjects_of, self._accepted)]

    def _accepted(self, subject: str) -> list[PastEvent]:
        """Return the manufacturer's accepted entries of a subject: what was refused leads nowhere."""
        return [past for past in self._bringing.view(Role.CMO).subject(subject) if past.code is None]

    def _identities(self, positions: Sequence[int], kind: str = KIND) -> list[str]:
        """Return the batches, or the lots, that the manufacturer's entries at these positions are about."""
        self._bringing.positions(Role.CMO, positions)
        view = self._bringing.view(Role.CMO)
        heads = [past.head for position in positions if (past := view.at(position)) is not None and past.head]
        return [head.subject_id for head in heads if head.subject_kind == kind]


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        return decode(body)
    except CanonicalError:
        return {}
