"""The pair of gateways of the story, made once for each file of tests."""

from collections.abc import Iterator

import pytest

from tests.services.conclusions.story import given_a_story
from tests.simulation.world.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = given_a_story()
    yield made
    for side in made.both:
        side.end()
