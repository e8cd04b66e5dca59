"""Kills in a loop, at random moments of short lives, under load: gateways, broker and database alike."""

import json
from pathlib import Path

import pytest

from tests.kills.stage.ground import Ground
from tests.kills.stage.killing import two_seconds_here
from tests.kills.stage.looping import one_round
from tests.kills.stage.pair import ROLES
from tests.sizes import size

SECONDS = size("kill_seconds", small=10, campaign=90)
LONG = 30  # seconds in which some of the story of matters is told for certain
VERY_LONG = 60  # seconds in which broker and database die for certain


@pytest.mark.campaign
@pytest.mark.parametrize("on_postgres", ROLES if SECONDS >= LONG else ROLES[1:])
def test_kills_in_a_loop_lose_and_double_nothing(
    on_postgres: str, ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = one_round(ground, tmp_path / "pair", on_postgres, seconds=SECONDS, seed=SECONDS)

    with capsys.disabled():
        print(f"\nkills in a loop: {json.dumps(told, ensure_ascii=False)}")  # noqa: T201 - a campaign tells its figures
    assert told["failed"] == {}
    assert min(told["kills"].get(role, 0) for role in ROLES) > 0
    assert told["answered_between_kills"] > 0
    if SECONDS >= VERY_LONG:
        assert told["kills"].get("broker", 0) > 0
        assert any(told["kills"].get(name, 0) for name in ("database", "database, immediate"))
        assert told["answered_between_kills"] > sum(told["kills"].get(role, 0) for role in ROLES)
    assert SECONDS < LONG or told["told"] != {"stories": 0, "steps": 0}
    assert told["ready_seconds"]["median"] <= two_seconds_here([told["bare_seconds"]])
