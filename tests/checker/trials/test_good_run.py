"""A good run is found to be good; what is asked of the checker itself; the command and its answers."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checker.__main__ import FAILED, HELD, IMPOSSIBLE, main
from tests.checker.trials.conftest import check_folder
from tests.checker.trials.good_run import Files
from tests.checker.verdict import CHECKS

CHECKER = Path(__file__).parents[1]
PRODUCT = {"domain", "events", "infra", "services"}


def arguments(folder: Path) -> list[str]:
    stores = [f"--{name}=sqlite:///{folder / name}.sqlite" for name in ("mah", "cmo")]
    return [*stores, "--client-log", str(folder / "clients.jsonl"), "--wire", f"embedded:{folder / 'wire.sqlite'}"]


def test_a_good_run_holds_in_every_check(good_run: Files) -> None:
    verdict = check_folder(good_run.folder)

    assert verdict.ok, verdict.told()
    assert [name for name in CHECKS if not verdict.examined[name]] == []


def test_a_good_run_has_refusals_disputes_quarantine_and_lost_answers(good_run: Files) -> None:
    counts = check_folder(good_run.folder).counts

    assert counts["refused"] == {"mah": 1, "cmo": 5}
    assert min(counts["quarantined"].values()) >= 3
    assert counts["commands"]["ok"] > 50
    assert (counts["commands"]["fail"], counts["commands"]["unknown"]) == (1, 2)
    assert all(sums["applied"] and sums["returned"] and not sums["pending"] for sums in counts["wire"].values())


def test_at_the_end_of_a_good_run_both_have_said_what_their_rows_come_to(good_run: Files) -> None:
    assert check_folder(good_run.folder).counts["conclusions"] == 4  # each said it, and each was heard


def test_the_checker_shares_no_code_with_the_product() -> None:
    files = [path for path in CHECKER.rglob("*.py") if "trials" not in path.parts]
    imported = {
        name.split(".")[0] if name.split(".")[0] != "tests" else ".".join(name.split(".")[:2])
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _names(node)
    }

    assert len(files) > 20
    assert imported & PRODUCT == set()
    assert {name for name in imported if name.startswith("tests.")} == {"tests.checker"}
    assert not any("tests.checker.trials" in path.read_text("utf-8") for path in files)


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_the_command_prints_one_verdict_and_ends_well(good_run: Files) -> None:
    command = [sys.executable, "-m", "tests.checker", *arguments(good_run.folder), "--json"]

    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKER.parents[1])

    assert said.returncode == HELD, said.stderr
    verdict = json.loads(said.stdout)
    assert verdict["ok"]
    assert list(verdict["checks"]) == list(CHECKS)


def test_the_command_fails_with_a_counterexample(spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = spoilt / "clients.jsonl"
    log.write_text(log.read_text("utf-8").replace('"outcome": "fail"', '"outcome": "ok"'), "utf-8")

    assert main([*arguments(spoilt), "--json"]) == FAILED
    failed = json.loads(capsys.readouterr().out)["checks"]["K2"]
    assert (failed["ok"], failed["failed"]) == (False, 2)
    assert failed["counterexamples"][0]["key"] == "refused"

    assert main(arguments(spoilt)) == FAILED
    assert "K2  FAILED" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["{", "{}", '{"key":"a","outcome":"perhaps"}', '{"key":"a","outcome":"ok","sent":1}'])
def test_a_log_in_another_form_gives_no_verdict(line: str, spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (spoilt / "clients.jsonl").write_text(line + "\n")

    assert main(arguments(spoilt)) == IMPOSSIBLE
    assert "clients.jsonl:1" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["sqlite:////nowhere/store.sqlite", "postgresql://localhost:1/none", "mysql://a/b"])
def test_a_store_that_cannot_be_read_gives_no_verdict(
    url: str, good_run: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments(good_run.folder), f"--mah={url}"]) == IMPOSSIBLE
    assert capsys.readouterr().err.startswith("error: ")


def test_two_stores_of_one_side_are_no_pair(good_run: Files, capsys: pytest.CaptureFixture[str]) -> None:
    cmo = f"--mah=sqlite:///{good_run.folder}/cmo.sqlite"

    assert main([*arguments(good_run.folder), cmo]) == IMPOSSIBLE
    assert "no relationship" in capsys.readouterr().err
