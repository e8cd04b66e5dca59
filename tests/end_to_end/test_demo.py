"""The demo, from the command line to two gateways that agree: what a person who tries the product sees first."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.one_demo import Demo, environment, finished, lives, recalls, until

REAL = Path(os.environ.get("COUNTERFOIL_REAL_DATA", "../shared/real")) / "fda-drug-recalls.xlsx"
STORY = 3  # deviations that the story tells
ROWS = 4_000  # four portions: enough to be caught in the middle


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path)


def test_rows_that_do_not_fit_are_counted_and_stop_no_other(demo: Demo) -> None:
    file = recalls(demo.folder / "recalls.csv", 10)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3] = lines[3].replace("2024-02-29", "2023-02-29")
    file.write_text("".join(lines), encoding="utf-8")

    told = demo.run("--once", "--input", str(file), "--json").told

    assert (told["rows"], told["imported"], told["rejected"], told["mah_items"]) == (10, 9, 1, 9)


@pytest.mark.parametrize("victim", ["cmo", "mah"])
def test_a_gateway_killed_in_the_middle_and_started_again_by_somebody_ends_in_the_same_state(
    demo: Demo, victim: str
) -> None:
    file = recalls(demo.folder / "recalls.csv", ROWS)

    with demo.running("--once", "--input", str(file), "--json") as process:
        until(lambda: demo.items_at("cmo") > STORY + 500 or process.poll() is not None)
        gateway = demo.told[victim]
        os.kill(gateway["pid"], signal.SIGKILL)
        with subprocess.Popen(gateway["start"], shell=True, cwd=demo.folder, env=environment()):  # noqa: S602 - as told
            ended = finished(process)

    assert ended.code == 0, ended.err
    assert ended.told["imported"] == ended.told["mah_items"] == ROWS
    assert ended.told["checkpoints_equal"] is True


def test_a_gateway_that_nobody_starts_again_is_started_by_the_demo(demo: Demo) -> None:
    file = recalls(demo.folder / "recalls.csv", ROWS)

    with demo.running("--once", "--input", str(file), "--json") as process:
        until(lambda: demo.items_at("cmo") > STORY + 500 or process.poll() is not None)
        killed = demo.told["cmo"]["pid"]
        os.kill(killed, signal.SIGKILL)
        ended = finished(process)

    assert ended.code == 0, ended.err
    assert ended.told["mah_items"] == ROWS
    assert demo.told["cmo"]["pid"] != killed


def test_it_stays_up_until_it_is_told_to_end_and_goes_on_where_it_was(demo: Demo) -> None:
    for _ in range(2):
        with demo.running() as process:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            pids = [demo.told[party]["pid"] for party in ("mah", "cmo")]
            assert all(map(lives, pids))
            assert demo.items_at("mah") == demo.items_at("cmo") == STORY
            process.send_signal(signal.SIGINT)
            assert finished(process).code == 0
        assert sum("counterfoil" in line for line in said) == 3
        assert not any(map(lives, pids))


def test_a_demo_that_is_killed_leaves_no_gateway_behind(demo: Demo) -> None:
    with demo.running() as process:
        until(lambda: demo.items_at("mah") == STORY or process.poll() is not None)
        pids = [demo.told[party]["pid"] for party in ("mah", "cmo")]
        process.kill()
        until(lambda: not any(map(lives, pids)))


def test_a_taken_port_is_one_clear_line(demo: Demo) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", demo.ports[0]))
        somebody.listen()
        ended = demo.run("--once")

    assert ended.code == 1
    (line,) = ended.err.splitlines()
    assert f"port {demo.ports[0]} is taken; try: make demo" in line


def test_a_second_demo_in_the_same_folder_is_one_clear_line(demo: Demo) -> None:
    with demo.running() as process:
        until(lambda: demo.items_at("mah") == STORY or process.poll() is not None)
        ended = demo.run("--once")

    assert ended.code == 1
    assert "runs in .demo already; try: " in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["absent.xlsx", "text.xlsx"])
def test_a_file_that_is_none_is_one_clear_line_before_anything_starts(demo: Demo, name: str) -> None:
    (demo.folder / "text.xlsx").write_text("no spreadsheet")

    ended = demo.run("--once", "--input", name)

    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert not (demo.folder / ".demo" / "demo.json").exists()


def test_the_same_over_real_kafka_and_postgresql_and_again_adds_nothing(demo: Demo) -> None:
    file = recalls(demo.folder / "recalls.csv", 1_500)

    first = demo.run("--servers", "--once", "--input", str(file), "--json")
    again = demo.run("--servers", "--once", "--input", str(file), "--json")

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert first.told["imported"] == first.told["mah_items"] == 1_500
    assert (again.told["imported"], again.told["unchanged"], again.told["mah_items"]) == (0, 1_500, 1_500)
    assert first.told["checkpoints_equal"] is again.told["checkpoints_equal"] is True


def test_all_real_recalls_of_the_fda_stand_in_the_holders_list_and_again_adds_nothing(demo: Demo) -> None:
    file = REAL.resolve() if REAL.exists() else recalls(demo.folder / "recalls.csv", 16_908)

    first = demo.run("--once", "--input", str(file), "--json")
    again = demo.run("--once", "--input", str(file), "--json")

    assert (first.code, again.code) == (0, 0), first.err + again.err
    told = first.told
    assert told["rows"] == told["imported"] == told["mah_items"] == 16_908
    assert (told["unchanged"], told["rejected"], told["checkpoints_equal"]) == (0, 0, True)
    assert told["cmo_entries"] == told["mah_held"]
    assert (again.told["imported"], again.told["unchanged"], again.told["mah_items"]) == (0, 16_908, 16_908)
    assert again.told["cmo_entries"] - told["cmo_entries"] <= 5  # nothing but notes of having taken in
    assert demo.told["mah"]["start"].endswith("services.mah_gateway serve")
