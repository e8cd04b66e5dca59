"""A verified replay gives the rows that stand, and names what is not as it was signed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from events.encoding.identifiers import Role
from infra.read_model.sql_read_model import SqlReadModel
from infra.store.tables import ENTRY, PAGE
from services.gateway.exchange.errors import StoreDamagedError
from services.gateway.projections.matters import ItemKey
from services.gateway.projections.projector import Projector
from services.gateway.projections.replaying import Replay, ReplayError
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import NUMBER, World, keys_of, new_world

KEYS = {role: keys_of(RELATIONSHIP, role).journal_signer.vkey for role in Role}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path).pair()
    for number in range(7):
        world.cmo.open_deviation(f"DEV-{number}")
    return world.settle().beat().beat()


def replayed(world: World) -> dict[str, tuple[Mapping[str, Any], dict[str, Mapping[str, Any]]]]:
    found = {}

    def keep(key: ItemKey, row: Mapping[str, Any], clocks: Mapping[str, Mapping[str, Any]]) -> None:
        found[key.item] = (row, dict(clocks))

    with world.mah.store.reading() as reading:
        Replay(reading, NUMBER, KEYS).run(keep)
    return found


def damage(world: World, statement: sa.Update) -> None:
    with world.mah.store.writing_connection() as connection:
        connection.execute(statement)


def test_a_replay_gives_the_rows_that_stand(world: World) -> None:
    read_model = SqlReadModel(world.mah.store)
    Projector(world.mah.store, read_model, pytest.fail).catch_up()

    found = replayed(world)

    assert len(found) == 7
    with read_model.reading() as rows:
        shown = rows.current_items(NUMBER, list(found))
        assert {item: row for item, (row, _) in found.items()} == {item: each.row for item, each in shown.items()}
        clocks = {(clock.item, clock.name): clock.row for clock in rows.clocks(list(found), relationship=NUMBER)}
        assert {(item, name): row for item, (_, each) in found.items() for name, row in each.items()} == clocks


@pytest.mark.parametrize("column", ["head", "body", "leaf"])
def test_a_replay_ends_at_an_entry_that_is_not_as_it_was_signed(world: World, column: str) -> None:
    damage(world, sa.update(ENTRY).where(ENTRY.c.position == 5, ENTRY.c.role == Role.CMO).values({column: b"{}"}))

    with pytest.raises(StoreDamagedError, match="entry 5 of the cmo"):
        replayed(world)


def test_a_replay_ends_at_a_checkpoint_of_another_root(world: World) -> None:
    page = sa.select(PAGE.c.note).where(PAGE.c.role == Role.CMO, PAGE.c.first == 3).scalar_subquery()
    damage(world, sa.update(PAGE).where(PAGE.c.role == Role.CMO, PAGE.c.first == 4).values(note=page))

    with pytest.raises(ReplayError, match="journal of the cmo, position 5"):
        replayed(world)


def test_a_replay_asks_for_the_journal_keys_signature(world: World) -> None:
    with world.mah.store.reading() as reading, pytest.raises(ReplayError, match="not signed by the journal key"):
        Replay(reading, NUMBER, dict.fromkeys(Role, KEYS[Role.CMO])).run(lambda *_: None)
