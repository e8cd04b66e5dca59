"""Two gateways with their interfaces, paired and with people, for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.api.pairing import confirm, invite_each_other
from tests.services.api.stepped import Desk, Pair, Person, pair_of
from tests.services.exchange.world import new_world


@pytest.fixture
def strangers(tmp_path: Path) -> Iterator[Pair]:
    world = new_world(tmp_path)
    yield pair_of(world)
    for side in world.sides:
        side.store.close()


@pytest.fixture
def pair(strangers: Pair) -> Pair:
    return employed(strangers)


@pytest.fixture
def cmo(pair: Pair) -> Desk:
    return pair.cmo


@pytest.fixture
def mah(pair: Pair) -> Desk:
    return pair.mah


@pytest.fixture
def clerk(cmo: Desk) -> Person:
    """Somebody at the manufacturer who records and reads."""
    return cmo.as_("qa_manager")


@pytest.fixture
def colleague(cmo: Desk) -> Person:
    """Somebody else at the manufacturer, whose work the clerk may sign."""
    return cmo.as_("qa_manager", "person/wang.wei")


@pytest.fixture
def holder(mah: Desk) -> Person:
    """Somebody at the holder who reviews."""
    return mah.as_("qa_manager", "person/wang.wei")


def employed(pair: Pair) -> Pair:
    """Pair two strangers and give both sides an administrator and two quality managers."""
    shown = [each.json() for each in invite_each_other(pair)]
    for desk, told in zip(pair.desks, shown, strict=True):
        confirm(desk, told["fingerprint"])
    pair.settle()
    for desk in pair.desks:
        _employ(desk)
    pair.settle()
    return pair


def _employ(desk: Desk) -> None:
    admin = desk.as_("admin", "person/admin")
    admin.does("/v1/people/admin/authorisations", {"roles": ["admin"]})
    for person in ("li.na", "wang.wei"):
        admin.does(f"/v1/people/{person}/authorisations", {"roles": ["qa_manager"]})
