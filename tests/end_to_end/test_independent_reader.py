"""What two real gateways wrote, read by a reader in another language that was written from the format's page alone.

It takes everything from the HTTP interface of either gateway, and once more from the topics, and believes nothing.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.wire.opening import open_wire
from tests.end_to_end.running_demo import StandingStill, wait_until
from tests.reader.node import run_reader

ROWS = 300
MAPPING = Path("services/gateway/importing/examples/fda-drug-recalls.json").absolute()
COLUMNS = ["Product ID", "Reason for Recall", "Product Description", "Center Classification Date"]
COLUMNS += ["Event Classification", "Center", "Event ID"]

PARTIES = ("mah", "cmo")

Pair = Mapping[str, Any]


@pytest.fixture(scope="module")
def pair(demo_folder: Path, demo: Pair) -> Pair:
    import_rows(demo_folder, demo)
    wait_until(StandingStill(lambda: what_both_show(demo)))
    return demo


def what_both_show(said: Pair) -> object:
    """The latest checkpoints, once both gateways show the same ones and the partner has cosigned each."""
    mah, cmo = (
        {origin: checkpoint_of(said[party], origin) for origin in journals_of(said[party])} for party in PARTIES
    )
    return mah if mah == cmo and all("/mirror " in note for note in mah.values()) else None


def checkpoint_of(gateway: Pair, origin: str) -> str:
    path = origin.replace("counterfoil/", "/v1/journals/", 1)
    return asked(gateway, f"{path}/checkpoint").text.rpartition(" ")[
        0
    ]  # a cosignature's time moves with each heartbeat


def asked(gateway: Pair, path: str) -> httpx.Response:
    answer = httpx.get(gateway["url"] + path, headers={"Authorization": f"Bearer {gateway['token']}"})
    return answer.raise_for_status()


def import_rows(folder: Path, said: Pair) -> None:
    """Bring in rows in bulk, so that pages hold many entries."""
    file = folder / "recalls.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for number in range(ROWS):
            writer.writerow(
                [1000 + number, f"-reason {number} 偏差", "product", "2019-05-06", "Class II", "CDER", number]
            )
    subprocess.run(
        [sys.executable, "-m", "services.cmo_gateway", "import", str(file), "--map", str(MAPPING), "--json"],
        env={"COUNTERFOIL_URL": said["cmo"]["url"], "COUNTERFOIL_TOKEN": said["cmo"]["token"], "PATH": ""},
        check=True,
        capture_output=True,
    )


def journals_of(gateway: Pair) -> dict[str, int]:
    return {row["origin"]: row["size"] for row in asked(gateway, "/v1/journals").json()["data"]}


@pytest.mark.parametrize("party", PARTIES)
def test_everything_that_a_gateway_shows_is_proven(pair: Pair, party: str) -> None:
    verdict = run_reader(
        "verify.mjs", "http", pair[party]["url"], environment={"COUNTERFOIL_TOKEN": pair[party]["token"]}
    )

    assert verdict["ok"], verdict
    sizes = {journal["origin"]: journal["size"] for journal in verdict["journals"]}
    assert sizes == journals_of(pair[party])
    assert max(sizes.values()) > 2 * ROWS
    for journal in verdict["journals"]:
        assert journal["cosigned"], "the latest checkpoint carries no cosignature of the reader's"
        assert journal["proofs"] == journal["entries"] == journal["size"]
        assert journal["irregular"] == []


def test_both_gateways_show_the_same_two_journals_under_one_fingerprint(pair: Pair) -> None:
    verdicts = [
        run_reader(
            "verify.mjs", "http", pair[party]["url"], "1", environment={"COUNTERFOIL_TOKEN": pair[party]["token"]}
        )
        for party in PARTIES
    ]

    mah, cmo = ({journal["origin"]: journal["root"] for journal in verdict["journals"]} for verdict in verdicts)
    assert mah == cmo
    assert len(mah) == 2
    assert verdicts[0]["fingerprints"] == verdicts[1]["fingerprints"]


def test_everything_that_lay_in_the_topics_is_proven(pair: Pair, demo_folder: Path) -> None:
    topics = demo_folder / "topics"
    write_topics(pair, demo_folder / ".demo" / "wire.sqlite", topics)

    verdict = run_reader("verify.mjs", "folder", str(topics))

    assert verdict["ok"], verdict
    for journal in verdict["journals"]:
        assert journal["receipts"] > 0
        assert journal["cosignatures"] > 0
        assert journal["irregular"] == []
    assert max(journal["size"] for journal in verdict["journals"]) > 2 * ROWS


def write_topics(pair: Pair, wire_file: Path, topics: Path) -> None:
    """Lay the topics' records out as the reader's folder source wants them."""
    listed = asked(pair["mah"], "/v1/journals")
    topics.mkdir()
    (topics / "journals.json").write_bytes(listed.content)
    wire = open_wire(f"embedded:{wire_file}")
    for row in json.loads(listed.content)["data"]:
        _, mah, cmo, role = row["origin"].split("/")
        (topics / role).mkdir()
        records = wire.read(f"counterfoil.{mah}.{cmo}.{role}", None, limit=100_000, wait_seconds=5.0)
        for number, delivered in enumerate(records):
            (topics / role / f"{number}.{delivered.record.kind}").write_bytes(delivered.record.value)
    wire.close()
