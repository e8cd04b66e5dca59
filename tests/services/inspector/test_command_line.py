"""`counterfoil bundle create` beside a gateway, and `counterfoil verify` on a machine that knows nothing of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from infra.keys.key_files import MARK_FILE, keys_folder, make_keys, relationship_folder
from infra.keys.mark import MarkFile
from infra.keys.ring import SEEDS
from infra.keys.sealed import ScryptCost
from services.gateway.cli.main import run
from services.inspector.verifying import ROOM
from tests.architecture.tracked import PROJECT
from tests.events.golden.cast import RELATIONSHIP
from tests.services.bundling.stage import bundle, checked
from tests.services.cli.conftest import Cli, Result, cli
from tests.services.exchange.world import new_world, seed_of

__all__ = ["cli"]

ASKED = ("--asked-by", "示例药监局", "--legal-basis", "药品管理法第九十九条")
VERIFIED, FAILED = 0, 4


def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> Result:
    capsys.readouterr()
    code = run(["verify", *arguments], rooms=(ROOM,))
    said = capsys.readouterr()
    return Result(code, said.out, said.err)


@pytest.fixture
def handed_over(tmp_path: Path) -> Path:
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle())
    return file


@pytest.fixture
def gateway_of_the_holder(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A data folder with the holder's store and keys, its gateway stopped."""
    (tmp_path / "pair").mkdir()
    world = new_world(tmp_path / "pair").pair()
    world.cmo.open_deviation("D-1")
    world.settle().beat()
    for side in world.sides:
        side.store.close()
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(tmp_path / "pair" / "mah.sqlite", data / "store.sqlite")
    origin = RELATIONSHIP.origin(Role.MAH)
    seeds = iter([seed_of(origin, name) for name in (*SEEDS, "recovery")])
    make_keys(
        keys_folder(data),
        RELATIONSHIP,
        Role.MAH,
        b"secret",
        cost=ScryptCost(n=2**14),
        chance=lambda count: next(seeds, None) or os.urandom(count),
    )
    yield {"COUNTERFOIL_PASSPHRASE": "secret"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")], "something was left lying about"


def test_a_bundle_is_made_beside_the_gateway_and_verified_without_it(
    cli: Cli, tmp_path: Path, gateway_of_the_holder: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bundle.zip"

    made = cli("bundle", "create", str(file), *ASKED, "--json", **gateway_of_the_holder)
    said = verify(capsys, str(file), "--json")

    assert made.code == 0, made.err
    assert json.loads(made.out)["journals"]["cmo"]["withheld"] == 0
    assert said.code == VERIFIED, said.err
    assert json.loads(said.out)["verdict"] == "consistent"


def test_a_scope_is_asked_for_by_options(cli: Cli, tmp_path: Path, gateway_of_the_holder: dict[str, str]) -> None:
    scope = (
        "--kind",
        "change",
        "--batch",
        "B2026-001",
        "--product",
        "P1",
        "--from",
        "2026-11-01",
        "--to",
        "2026-12-31",
    )

    made = cli("bundle", "create", str(tmp_path / "bundle.zip"), *ASKED, *scope, **gateway_of_the_holder)

    assert made.code == 0, made.err
    report = checked((tmp_path / "bundle.zip").read_bytes())
    assert report.faults == []
    assert report.labels == {"batch/B2026-001": 0, "product/P1": 0}
    assert not report.is_complete


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--asked-by", "x"),
        (*ASKED, "--from", "yesterday"),
        (*ASKED, "--relationship", "a/b"),
    ],
)
def test_what_is_not_said_well_is_wrong_usage(
    cli: Cli, tmp_path: Path, gateway_of_the_holder: dict[str, str], options: tuple[str, ...]
) -> None:
    made = cli("bundle", "create", str(tmp_path / "bundle.zip"), *options, **gateway_of_the_holder)

    assert made.code == 2
    assert not (tmp_path / "bundle.zip").exists()


@pytest.mark.parametrize("options", [("--kind", "deviance"), ("--from", "2026-12-01", "--to", "2026-11-01")])
def test_what_cannot_be_in_scope_is_refused(
    cli: Cli, tmp_path: Path, gateway_of_the_holder: dict[str, str], options: tuple[str, ...]
) -> None:
    assert cli("bundle", "create", str(tmp_path / "bundle.zip"), *ASKED, *options, **gateway_of_the_holder).code == 1
    assert not (tmp_path / "bundle.zip").exists()


def test_a_file_that_is_there_is_not_written_over(
    cli: Cli, handed_over: Path, gateway_of_the_holder: dict[str, str]
) -> None:
    made = cli("bundle", "create", str(handed_over), *ASKED, **gateway_of_the_holder)

    assert made.code != 0
    assert "another name" in made.err
    assert handed_over.read_bytes() == bundle()


def test_over_a_store_that_is_behind_what_was_signed_no_bundle_is_signed(
    cli: Cli, tmp_path: Path, gateway_of_the_holder: dict[str, str]
) -> None:
    with MarkFile(relationship_folder(keys_folder(tmp_path / "data"), RELATIONSHIP, Role.MAH) / MARK_FILE) as mark:
        mark.advance(1000, 0)

    made = cli("bundle", "create", str(tmp_path / "bundle.zip"), *ASKED, **gateway_of_the_holder)

    assert made.code == 1
    assert "behind what was signed" in made.err
    assert not (tmp_path / "bundle.zip").exists()


def test_without_a_fingerprint_it_says_that_nobody_compared_one(
    handed_over: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = verify(capsys, str(handed_over))

    assert said.code == VERIFIED
    assert "consistent, but the fingerprint was not compared" in said.out
    assert "--fingerprint" in said.err


def test_with_the_fingerprint_on_paper_it_is_verified(handed_over: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fingerprint = checked(bundle()).fingerprint

    assert "verified: everything holds" in verify(capsys, str(handed_over), "--fingerprint", fingerprint).out
    assert verify(capsys, str(handed_over), "--fingerprint", "0000 " * 12).code == FAILED


def test_a_changed_bundle_is_exit_code_four_and_names_the_entry(
    handed_over: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = handed_over.read_bytes()
    at = raw.index(b'"title":')
    handed_over.write_bytes(raw[: at + 9] + bytes([raw[at + 9] ^ 1]) + raw[at + 10 :])

    said = verify(capsys, str(handed_over))
    programs = json.loads(verify(capsys, str(handed_over), "--json").out)

    assert said.code == FAILED
    assert "verification failed at data/journals/" in said.err
    assert "data/journals/cmo/entries.jsonl" in said.out
    assert programs["verdict"] == "failed"
    assert programs["fault"]["code"] == "journal.other_body"
    assert programs["fault"]["position"] > 0


@pytest.mark.parametrize("content", [b"", b"PK\5\6" + bytes(18), b"no zip" * 100])
def test_what_is_no_bundle_is_one_clear_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "other.zip").write_bytes(content)

    said = verify(capsys, str(tmp_path / "other.zip"))

    assert said.code == FAILED
    assert "Traceback" not in said.err
    assert "verification failed at" in said.err


def test_a_bundle_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(capsys, str(tmp_path / "none.zip")).code == 2


def test_integrity_alone_says_that_nothing_was_judged(handed_over: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = verify(capsys, str(handed_over), "--integrity")

    assert said.code == VERIFIED
    assert "no entry was judged" in said.out


def test_the_command_that_everybody_types_is_the_inspectors(handed_over: Path, tmp_path: Path) -> None:
    """Without settings, keys or a data folder, and whatever the environment says of a gateway."""
    command = [sys.executable, "-c", "from services.gateway.cli.main import main; main()", "verify", str(handed_over)]
    environment = {**os.environ, "COUNTERFOIL_NONSENSE": "1", "COUNTERFOIL_DATA": str(tmp_path / "none")}

    said = subprocess.run([*command, "--json"], cwd=PROJECT, env=environment, capture_output=True, check=False)

    assert said.returncode == VERIFIED, said.stderr
    assert json.loads(said.stdout)["journals"]["cmo"]["not_judged"] == 0
    assert not (tmp_path / "none").exists()
