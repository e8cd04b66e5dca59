"""Everything that is done to a good run is found, by the check that it should be found by, wherever it is done."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checker.trials.catalogue import ALL
from tests.checker.trials.conftest import check_folder, on_trial
from tests.checker.trials.corruption import Corruption, named
from tests.checker.verdict import CHECKS
from tests.sizes import size

AT_LEAST = 40
SEEDS = range(size("checker_seeds", small=1, campaign=4))


@pytest.fixture(scope="module")
def caught(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """What was caught by which check; told at the end, for it is part of a campaign."""
    counted: Counter[str] = Counter()
    yield counted
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{counted.total()} corruptions caught, by check: {dict(sorted(counted.items()))}")  # noqa: T201 - the figures of a campaign


def test_there_are_enough_corruptions_and_some_for_every_check() -> None:
    assert len(ALL) >= AT_LEAST
    assert {corruption.check for corruption in ALL} == set(CHECKS)
    assert [name for name, count in Counter(named(ALL)).items() if count > 1] == []


@pytest.mark.campaign
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("corruption", ALL, ids=named(ALL))
def test_a_corruption_is_caught_and_named(
    corruption: Corruption, seed: int, spoilt: Path, caught: Counter[str]
) -> None:
    with on_trial(spoilt, f"{corruption.name} {seed}") as trial:
        corruption.change(trial)

    verdict = check_folder(spoilt)

    assert corruption.check in verdict.names, verdict.told()
    assert not any("could not go on" in line for line in verdict.told()), verdict.told()
    caught[corruption.check] += 1
