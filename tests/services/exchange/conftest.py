"""Two paired gateways for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.exchange.world import World, new_world


@pytest.fixture
def strangers(tmp_path: Path) -> Iterator[World]:
    world = new_world(tmp_path)
    yield world
    for side in world.sides:
        side.store.close()


@pytest.fixture
def world(strangers: World) -> World:
    return strangers.pair()
