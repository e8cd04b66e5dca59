"""A bug: a set of changes to what a projector calls, made for the time of its steps and taken back after each."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from services.gateway.projections.projector import Projector

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """What is wrong, in words, and how it is planted."""

    what: str
    plant: Plant


Kind = Callable[[Random], Bug]
"""Makes a bug; chance chooses which field, type, clock or entry it is about."""


class BuggyProjector(Projector):
    """A projector that has a bug; the partner's has not."""

    bug: Bug

    def step(self, limit: int = 2000, until: int = 2**53) -> int:
        with pytest.MonkeyPatch.context() as patch:
            self.bug.plant(patch)
            return super().step(limit, until)
