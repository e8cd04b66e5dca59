import json
from pathlib import Path

import pytest

from infra.store.sql_store import open_store
from tests.domain.steps import DEVIATION_ID
from tests.infra.store.samples import relationship
from tests.services.cli.conftest import Cli
from tests.services.cli.fake_gateway import FakeGateway, Said
from tests.services.projections.test_rebuilding import ENTRIES, Desk

SIZES = {"mah": 3, "cmo": 7}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store that is folded."""
    (tmp_path / "data").mkdir()
    address = f"sqlite:///{tmp_path / 'data' / 'store.sqlite'}"
    store = open_store(address)
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
    desk = Desk(store)
    desk.take(len(ENTRIES))
    desk.projections.catch_up()
    store.close()
    return address


def spoil(url: str, statement: str) -> None:
    store = open_store(url)
    with store.writing_connection() as connection:
        connection.exec_driver_sql(statement)
    store.close()


def told(difference: object = None) -> dict[str, object]:
    relationships = [{"relationship": "A/B", "concluded": SIZES, "agreed": SIZES, "difference": difference}]
    return {"position": 9, "last_sequence": 9, "rebuild": None, "relationships": relationships}


def test_rows_that_are_what_the_entries_say_pass(cli: Cli, url: str) -> None:
    assert cli("projections", "diff", COUNTERFOIL_STORE=url).code == 0


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE item_version SET row = replace(row, 'major', 'minor') WHERE valid_to IS NULL", DEVIATION_ID),
        ("UPDATE clock_version SET row = replace(row, '2026', '2027') WHERE valid_to IS NULL", DEVIATION_ID),
        ("DELETE FROM item_version", DEVIATION_ID),
        ("UPDATE received_step SET time = replace(time, '2026', '2027') WHERE role = 0", "received/mah"),
    ],
)
def test_rows_that_differ_from_a_fresh_fold_are_named(cli: Cli, url: str, statement: str, named: str) -> None:
    spoil(url, statement)

    found = cli("projections", "diff", "--json", COUNTERFOIL_STORE=url)

    assert found.code == 1
    assert named in [row["item"] for row in json.loads(found.out)["data"]]


def test_the_status_is_a_failed_check_when_a_partner_concludes_otherwise(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on(
        "GET", "/v1/projections", Said(200, told({**SIZES, "own": "x", "partner": "y", "items": [DEVIATION_ID]}))
    )

    found = cli("projections", "status", "--url", gateway.url)

    assert found.code == 1
    assert DEVIATION_ID in found.out
    assert "try: counterfoil projections rebuild" in found.err


def test_the_status_says_where_both_agree(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/projections", Said(200, told()))

    found = cli("projections", "status", "--url", gateway.url)

    assert found.code == 0
    assert "3/7" in found.out


def test_a_rebuild_is_asked_of_the_running_gateway(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("POST", "/v1/projections/rebuild", Said(202, told()))

    assert cli("projections", "rebuild", "--url", gateway.url).code == 0
