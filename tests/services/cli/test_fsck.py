"""`counterfoil fsck`: what it says of a good store, of a damaged one, and of none."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from tests.services.checking.stores import pair_with_everything, whole
from tests.services.cli.conftest import Cli


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A store in which one bit of a body has turned."""
    good = stored(tmp_path)
    with sqlite3.connect(good) as connection:
        (body,) = connection.execute("SELECT body FROM entry WHERE type = 'deviation.opened.v1' LIMIT 1").fetchone()
        turned = bytes([body[0], body[1], body[2] ^ 1, *body[3:]])
        connection.execute("UPDATE entry SET body = ? WHERE body = ?", (turned, body))
    connection.close()
    return good


def stored(folder: Path) -> Path:
    """The store of a holder, its gateway stopped."""
    (folder / "pair").mkdir()
    world = pair_with_everything(folder / "pair", deviations=2)
    for side in world.sides:
        side.store.close()
    return Path(shutil.copy(folder / "pair" / "mah.sqlite", folder / "store.sqlite"))


def test_a_good_store_is_found_good_and_its_rows_are_counted(cli: Cli, tmp_path: Path) -> None:
    said = cli("fsck", "--json", COUNTERFOIL_STORE=f"sqlite:///{stored(tmp_path)}")

    assert said.code == 0, said.err
    answer = json.loads(said.out)
    assert (answer["ok"], answer["count"], answer["data"]) == (True, 0, [])
    assert answer["checked"]["entry"] > 6
    assert answer["checked"]["receipt"] > 1


def test_a_damaged_store_is_a_failed_verification_that_names_journal_position_and_field(
    cli: Cli, damaged: Path
) -> None:
    said = cli("fsck", "--json", COUNTERFOIL_STORE=f"sqlite:///{damaged}")

    assert said.code == 4
    (found,) = json.loads(said.out)["data"]
    assert found["journal"].endswith("/cmo")
    assert (found["table"], found["position"], found["field"]) == ("entry", 2, "body")
    assert json.loads(said.err.splitlines()[-1])["error"]["try"].startswith("stop the gateway and restore a backup")


def test_people_read_it_as_a_table_and_are_told_what_to_try(cli: Cli, damaged: Path) -> None:
    said = cli("fsck", COUNTERFOIL_STORE=f"sqlite:///{damaged}")

    assert said.code == 4
    assert "body" in said.out
    assert "try: stop the gateway" in said.err


def test_where_there_is_no_store_none_is_made(cli: Cli, tmp_path: Path) -> None:
    said = cli("fsck", COUNTERFOIL_STORE=f"sqlite:///{tmp_path / 'nothing.sqlite'}")

    assert said.code == 2
    assert not (tmp_path / "nothing.sqlite").exists()


def test_a_store_is_checked_while_its_gateway_goes_on(tmp_path: Path) -> None:
    world = pair_with_everything(tmp_path, deviations=1)

    before = whole(world.cmo.store)
    world.cmo.open_deviation("D-50")
    after = whole(world.cmo.store)

    assert (before.kept, after.kept) == ([], [])
    assert after.looked_at["entry"] == before.looked_at["entry"] + 1
    assert world.cmo.entries(Role.CMO)[-1].type == "deviation.opened.v1"
    for side in world.sides:
        side.store.close()
