"""A manufacturer's interface with people, paired with its holder; and one that serves two holders."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from infra.telemetry.logs import configure_logs
from tests.attack.two_partners import TwoPartners, two_partners
from tests.services.api.conftest import employed
from tests.services.api.stepped import Desk, Pair, Person, pair_of
from tests.services.cli.conftest import cli
from tests.services.exchange.world import new_world

__all__ = ["cli"]  # a fixture


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    world = new_world(tmp_path_factory.mktemp("attacked"))
    yield employed(pair_of(world))
    for side in world.sides:
        side.store.close()


@pytest.fixture
def cmo(pair: Pair) -> Desk:
    return pair.cmo


@pytest.fixture
def clerk(cmo: Desk) -> Person:
    return cmo.as_("qa_manager")


@pytest.fixture(scope="package")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoPartners]:
    with two_partners(tmp_path_factory.mktemp("two")) as made:
        made.spoil(made.other.relationship)
        yield made


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything that is logged, however fine."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("debug", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
