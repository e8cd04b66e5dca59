"""A process that rebuilds rows is killed at random moments: whoever starts next finds the rows as they stood."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from infra.store.sql_store import open_store
from tests.infra.store.samples import relationship
from tests.services.projections.test_rebuilding import ENTRIES, Desk
from tests.sizes import size

KILLS = size("rebuild_kills", small=2, campaign=20)  # of each store
DYING = [sys.executable, "-m", "tests.services.projections.dying_rebuild"]
ROOT = Path(__file__).parents[3]


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_rebuild_that_is_killed_leaves_the_rows_as_they_stood(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    if kind == "postgresql":
        url = str(request.getfixturevalue("fresh_postgres"))
    before = folded(url)
    chance = Random(kind)  # noqa: S311 - moments to kill at, no secrets

    for _ in range(KILLS):
        kill_after(url, chance.uniform(0.0, 0.4))

        store = open_store(url)
        desk = Desk(store)
        assert desk.shown() == before
        desk.projections.catch_up()
        assert desk.shown() == before
        store.close()


def folded(url: str) -> object:
    """Fill a store and fold it; return what is shown."""
    store = open_store(url)
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
    desk = Desk(store)
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    shown = desk.shown()
    store.close()
    return shown


def kill_after(url: str, seconds: float) -> None:
    """Let a process rebuild for so long, then kill it."""
    with subprocess.Popen([*DYING, url], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):  # it would go on for ever
            process.wait(seconds)
        process.kill()
