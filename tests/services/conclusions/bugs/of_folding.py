"""Bugs in what is folded, and in when it is folded anew."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from domain.deviation import names as n
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.gateway.projections import folding
from services.gateway.projections.matters import histories as as_they_are
from services.gateway.projections.received import ReceivedSteps
from tests.services.conclusions.bugs.bug import Bug, Kind


def _events_as(what: str, change: Callable[[list[PastEvent]], list[PastEvent]]) -> Bug:
    """The whole history of each item is changed before it is folded."""

    def histories(*asked: Any) -> dict[Any, list[PastEvent]]:
        return {key: change(events) for key, events in as_they_are(*asked).items()}

    return Bug(what, lambda patch: patch.setattr(folding, "histories", histories))


def _skipped_type(chance: Random) -> Bug:
    skipped = chance.choice(
        (
            *(n.CLASSIFIED, n.INVESTIGATED, n.CLOSED, n.ANSWERED, n.CORRECTED, n.BATCH_LINKED),
            *(n.ACKNOWLEDGED, n.ASKED, n.CLOSURE_APPROVED, n.CLOSURE_REJECTED, n.REVIEW_CORRECTED),
        )
    )
    return _events_as(f"{skipped} is skipped", lambda events: [past for past in events if past.name != skipped])


def _repeated_type(chance: Random) -> Bug:
    """An entry is folded twice where it should be once."""
    repeated = chance.choice((n.ASKED, n.CLOSED, n.INVESTIGATED))

    def twice(events: list[PastEvent]) -> list[PastEvent]:
        found: list[PastEvent] = []
        for past in events:
            found += [past, replace(past, position=past.position + 1000)] if past.name == repeated else [past]
        return found

    return _events_as(f"{repeated} is folded twice", twice)


def _lost_first(_chance: Random) -> Bug:
    return _events_as(
        "the partner's entries are left out", lambda events: [e for e in events if e.role is events[0].role]
    )


def _wrong_order(_chance: Random) -> Bug:
    def turned(events: list[PastEvent]) -> list[PastEvent]:
        return [*events[:1], *reversed(events[1:])]

    return _events_as("the last comes first", turned)


def _ignored_violations(_chance: Random) -> Bug:
    return _events_as(
        "marks of violation are ignored", lambda events: [replace(past, violates=False) for past in events]
    )


def _invented_violations(chance: Random) -> Bug:
    marked = chance.choice((n.CLASSIFIED, n.INVESTIGATED, n.BATCH_LINKED))

    def mark(events: list[PastEvent]) -> list[PastEvent]:
        return [replace(past, violates=past.violates or past.name == marked) for past in events]

    return _events_as(f"{marked} counts as a violation", mark)


def _no_refold(_chance: Random) -> Bug:
    return Bug("a settlement refolds nothing", lambda patch: patch.setattr(folding, "_REFOLDS_NAMED", frozenset()))


def _untouched_by(_chance: Random) -> Bug:
    """What the reviewing party writes touches no item, neither by its subject nor by what it has seen."""
    deaf = Role.MAH
    real: Callable[..., None] = folding.Folding.take

    def take(self: Any, entry: StoredEntry, *rest: Any) -> None:
        touched = {key: dict(sequences) for key, sequences in self._touched.items()}
        real(self, entry, *rest)
        if entry.role is deaf and entry.revision != 1:
            self._touched = touched

    return Bug(f"entries of the {deaf} touch nothing", lambda patch: patch.setattr(folding.Folding, "take", take))


def _unseen_receipts(_chance: Random) -> Bug:
    def at(_steps: ReceivedSteps, _role: Any, _position: int, as_of: int) -> None:  # noqa: ARG001 - as it is called
        return None

    return Bug("nothing counts as received", lambda patch: patch.setattr(ReceivedSteps, "at", at))


def _late_receipts(_chance: Random) -> Bug:
    """The boundary is off by one: what a step of `seen` says holds only below the entry before."""
    real = ReceivedSteps.at

    def at(steps: ReceivedSteps, role: Any, position: int, as_of: int) -> str | None:
        return real(steps, role, position + 1, as_of)

    return Bug("received one entry too late", lambda patch: patch.setattr(ReceivedSteps, "at", at))


def _untouched_by_receipts(_chance: Random) -> Bug:
    def touch(_self: Any, *_step: Any) -> None:
        return None

    return Bug("steps of `seen` are not taken in", lambda patch: patch.setattr(folding.Folding, "_take_seen", touch))


KINDS: tuple[Kind, ...] = (
    *(_skipped_type, _repeated_type, _lost_first, _wrong_order, _ignored_violations, _invented_violations),
    *(_no_refold, _untouched_by, _unseen_receipts, _late_receipts, _untouched_by_receipts),
)
