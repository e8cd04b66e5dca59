"""What two real gateways wrote, read by a reader in another language that was written from the format's page alone.

It takes everything from the HTTP interface of either gateway, and once more from the topics, and believes nothing.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.wire.opening import open_wire
from tests.end_to_end.one_demo import Demo, environment, recalls, until
from tests.reader.node import run_reader

ROWS = 300
MAPPING = Path(__file__).parents[2] / "services/gateway/importing/examples/fda-drug-recalls.json"
PARTIES = ("mah", "cmo")
STILL_SECONDS = 2.0

Pair = Mapping[str, Any]


@pytest.fixture(scope="module")
def pair(standing_demo: Demo) -> Pair:
    """A pair that has exchanged pages of many entries and has nothing more to say."""
    import_rows(standing_demo)
    until(StandingStill(lambda: what_both_show(standing_demo.told)))
    return standing_demo.told


def import_rows(demo: Demo) -> None:
    gateway = demo.told["cmo"]
    file = recalls(demo.folder / "recalls.csv", ROWS)
    subprocess.run(
        [sys.executable, "-m", "services.cmo_gateway", "import", str(file), "--map", str(MAPPING), "--json"],
        env={**environment(), "COUNTERFOIL_URL": gateway["url"], "COUNTERFOIL_TOKEN": gateway["token"]},
        check=True,
        capture_output=True,
    )


class StandingStill:
    """Tells whether an answer has been the same for a while: nothing is under way any more."""

    def __init__(self, look: Callable[[], object]) -> None:
        self._look = look
        self._last: object = None
        self._since = 0.0

    def __call__(self) -> bool:
        found, now = self._look(), time.monotonic()
        if found is None or found != self._last:
            self._last, self._since = found, now
        return found is not None and now - self._since >= STILL_SECONDS


def what_both_show(said: Pair) -> object:
    """The latest checkpoints, once both gateways show the same ones and the partner has cosigned each."""
    mah, cmo = (
        {origin: checkpoint_of(said[party], origin) for origin in journals_of(said[party])} for party in PARTIES
    )
    return mah if mah == cmo and all(is_cosigned for _, is_cosigned in mah.values()) else None


def checkpoint_of(gateway: Pair, origin: str) -> tuple[str, bool]:
    """The text of the latest note, and whether the partner signed it: times move with each heartbeat, seals differ."""
    path = origin.replace("counterfoil/", "/v1/journals/", 1)
    text, _, lines = asked(gateway, f"{path}/checkpoint").text.partition("\n\n")
    return text, "/mirror " in lines


def asked(gateway: Pair, path: str) -> httpx.Response:
    answer = httpx.get(gateway["url"] + path, headers={"Authorization": f"Bearer {gateway['token']}"})
    return answer.raise_for_status()


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


def test_everything_that_lay_in_the_topics_is_proven(pair: Pair, standing_demo: Demo) -> None:
    topics = standing_demo.folder / "topics"
    write_topics(pair, standing_demo.folder / ".demo" / "wire.sqlite", topics)

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
