"""Servers of their own for these tests, for they are killed; and one pair for all tests that leave it sound."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.kills.stage.ground import Ground, own_servers
from tests.kills.stage.load import Load
from tests.kills.stage.pair import Pair
from tests.kills.stage.verdict import assert_settles


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    with own_servers() as ground:
        yield ground


class StandingPair:
    """A running pair, the holder on PostgreSQL; a test that fails with it leaves the next one a new pair."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground, self._folder = ground, folder
        self._open: AbstractContextManager[tuple[Pair, Load]] | None = None
        self._found: tuple[Pair, Load] | None = None
        self._count = 0

    def take(self) -> tuple[Pair, Load]:
        self.ground.mend()
        if self._found is None:
            self._count += 1
            self._open = self.ground.pair(self._folder / str(self._count), "mah")
            self._found = self._open.__enter__()
        found, self._found = self._found, None  # until it is given back
        return found

    def give_back(self, found: tuple[Pair, Load]) -> None:
        self._found = found

    def close(self) -> None:
        self._found = None
        if self._open is not None:
            self._open.__exit__(None, None, None)
            self._open = None


@pytest.fixture(scope="session")
def standing(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandingPair]:
    standing = StandingPair(ground, tmp_path_factory.mktemp("standing"))
    yield standing
    standing.close()


@pytest.fixture
def under_load(standing: StandingPair) -> Iterator[tuple[Pair, Load]]:
    """Give a sound pair with clients; after the test both sides must come to rest, and every check hold."""
    found = standing.take()
    try:
        yield found
        standing.ground.mend()
        found[0].start()
        assert_settles(*found)
    except BaseException:
        standing.close()
        raise
    standing.give_back(found)
