"""Bugs on the way to the tables: versions that are lost, stale, or under another key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from events.conclusions.total import Concluded
from events.stored.read_model import ClockVersion, ItemVersion
from services.gateway.ports.read_model import ProjectedBatch, ReadModelReading
from services.gateway.projections.projector import Projector
from tests.services.conclusions.bugs.bug import Bug, Kind


class _Writer:
    """Rows whose batches are changed on their way to the tables."""

    def __init__(self, real: Any, change: Callable[[ProjectedBatch], ProjectedBatch]) -> None:
        self._real = real
        self._change = change

    def reading(self) -> Any:
        return self._real.reading()

    def apply(self, batch: ProjectedBatch, *, expected: int) -> Mapping[int, Concluded]:
        concluded: Mapping[int, Concluded] = self._real.apply(self._change(batch), expected=expected)
        return concluded


def _batches_as(what: str, change: Callable[[ProjectedBatch], ProjectedBatch]) -> Bug:
    real = Projector.step

    def plant(patch: pytest.MonkeyPatch) -> None:
        def step(self: Any, *asked: Any) -> int:
            written, self._rows = self._rows, _Writer(self._rows, change)
            try:
                return real(self, *asked)
            finally:
                self._rows = written

        patch.setattr(Projector, "step", step)

    return Bug(what, plant)


def _unwritten_versions(chance: Random) -> Bug:
    """Of one item nothing is written any more from some entry on."""
    number, position = f"D-{chance.choice((2, 4, 7))}", chance.randint(30, 60)

    def change(batch: ProjectedBatch) -> ProjectedBatch:
        kept = [(of, each) for of, each in batch.items if each.row["number"] != number or each.valid_from < position]
        return replace(batch, items=kept)

    return _batches_as(f"nothing of {number} is written from {position} on", change)


def _wrong_key(chance: Random) -> Bug:
    """Versions go under the key of another item."""
    digit = chance.choice("0123456789")

    def under(version: ItemVersion) -> ItemVersion:
        return replace(version, item=version.item[:-1] + digit)

    return _batches_as(
        "versions go under another key",
        lambda batch: replace(batch, items=[(number, under(version)) for number, version in batch.items]),
    )


def _unwritten_clocks(chance: Random) -> Bug:
    name = chance.choice(("handle", "notify", "acknowledge"))

    def without(clocks: Iterable[tuple[int, ClockVersion]]) -> list[tuple[int, ClockVersion]]:
        return [(number, clock) for number, clock in clocks if clock.name != name]

    return _batches_as(f"{name} is not written", lambda batch: replace(batch, clocks=without(batch.clocks)))


def _unwritten_steps(_chance: Random) -> Bug:
    return _batches_as("steps of `seen` are not written", lambda batch: replace(batch, steps=()))


def _stale_rows(chance: Random) -> Bug:
    """What was shown first is never replaced."""
    name = chance.choice(("row", "clocks"))

    def change(rows: ReadModelReading, batch: ProjectedBatch) -> ProjectedBatch:
        shown = rows.current_items(1, [version.item for _, version in batch.items])
        items = [(number, version) for number, version in batch.items if version.item not in shown]
        if name == "row":
            return replace(batch, items=items)
        there = {(each.item, each.name) for each in rows.clocks([clock.item for _, clock in batch.clocks])}
        clocks = [(number, clock) for number, clock in batch.clocks if (clock.item, clock.name) not in there]
        return replace(batch, clocks=clocks)

    real = Projector.step

    def plant(patch: pytest.MonkeyPatch) -> None:
        def step(self: Any, *asked: Any) -> int:
            written = self._rows

            def look(batch: ProjectedBatch) -> ProjectedBatch:
                with written.reading() as rows:
                    return change(rows, batch)

            self._rows = _Writer(written, look)
            try:
                return real(self, *asked)
            finally:
                self._rows = written

        patch.setattr(Projector, "step", step)

    return Bug(f"the first {name} stays", plant)


KINDS: tuple[Kind, ...] = (_unwritten_versions, _wrong_key, _unwritten_clocks, _unwritten_steps, _stale_rows)
