"""Random valid histories of every matter through both gateways: whatever crossed whatever, both come to the same.

Shared rows and verdicts are equal on both sides, rows are those of a rebuild from entry 0, and nothing is missing.
"""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.matters import KINDS
from events.encoding.identifiers import Role
from tests.services.histories.playing import Play, Shown
from tests.sizes import size

Rows = dict[tuple[str, ...], Mapping[str, Any]]

CASES = size("history_cases", 1, 8)
STEPS = size("history_steps", 12, 30)
LEAST = 3  # steps that a history has at least beyond its opening, or it shows nothing


@pytest.mark.parametrize("case", range(CASES))
@pytest.mark.parametrize("kind", KINDS)
def test_both_gateways_come_to_the_same_by_any_history(tmp_path: Path, kind: str, case: int) -> None:
    random = Random(f"{kind} {case}")  # noqa: S311 - no secret, the same history for the same case
    beside = random.choice([each for each in KINDS if each != kind])
    play = Play(tmp_path, (kind, beside), random)
    try:
        taken = 0
        for _ in range(STEPS):
            taken += play.go_on()
            play.let_travel()
        play.come_to_rest()

        assert taken >= LEAST
        assert play.world.agree()
        check_alike(play)
    finally:
        play.close()


def check_alike(play: Play) -> None:
    """Ask that verdicts and rows are equal on both sides, complete, and those of a fresh fold."""
    mah, cmo = play.shown[Role.MAH], play.shown[Role.CMO]
    for role in Role:
        verdicts = [[(each.code, each.violates) for each in side.entries(role)] for side in play.world.sides]
        assert verdicts[0] == verdicts[1]
        assert all(code is None for code, _ in verdicts[0])  # both are honest: nobody refuses anything
    assert (mah.failed, cmo.failed) == ([], [])
    assert rows_of(mah) == rows_of(cmo)
    assert mah.rows.conclusions() == cmo.rows.conclusions()
    items, _ = rows_of(mah)
    assert {(matter.identity,) for matter in play.matters} <= items.keys()
    for role in Role:
        anew = Shown(play.side[role])
        while anew.step(7):
            pass
        assert anew.rows.digest() == play.shown[role].rows.digest()


def rows_of(shown: Shown) -> tuple[Rows, Rows]:
    """Return the rows of all items, and of all clocks that there are."""
    items = {key: each.row for key, each in shown.rows.standing(shown.rows.item_versions).items()}
    clocks = {key: each.row for key, each in shown.rows.standing(shown.rows.clock_versions).items() if each.row}
    return items, clocks
