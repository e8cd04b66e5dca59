"""Bugs as they happen to projections, drawn from a seed: each is planted in the projections of one gateway only."""

from random import Random

from tests.services.conclusions.bugs import of_folding, of_rows, of_writing
from tests.services.conclusions.bugs.bug import Bug

KINDS = (*of_folding.KINDS, *of_rows.KINDS, *of_writing.KINDS)


def draw_bug(seed: int) -> Bug:
    """Return the bug of a seed: the kinds take turns, the seed chooses what the bug is about."""
    return KINDS[seed % len(KINDS)](Random(seed))  # noqa: S311 - a seed draws bugs, no secrets
