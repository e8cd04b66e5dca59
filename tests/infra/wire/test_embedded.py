"""What two processes, and whoever looks after the machine, can do to a file that two gateways share."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from events.journal.wire import WireRecord
from infra.wire.embedded import EmbeddedWire
from infra.wire.embedded_file import MAX_FILE_RECORDS
from infra.wire.errors import WireUnavailableError
from services.gateway.ports.wire import Wire
from tests.infra.wire.reading import PATIENCE_SECONDS, now, page, pages, read_all, records

TOPIC = "counterfoil.test.embedded"
OTHER_TOPIC = "counterfoil.test.other"
FOR_EVER = 1_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wire.sqlite"


@pytest.fixture
def wire(file: Path) -> Iterator[EmbeddedWire]:
    opened = EmbeddedWire(file)
    yield opened
    opened.close()


def second_gateway(file: Path, topic: str, first: int, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.infra.wire.second_gateway", f"embedded:{file}", topic]
    return subprocess.Popen([*command, str(first), str(count)], stdout=subprocess.PIPE, text=True)


def acknowledged(gateway: "subprocess.Popen[str]") -> int:
    """Return what a gateway said last, once it has ended."""
    assert gateway.stdout is not None
    lines = gateway.stdout.read().split()
    gateway.stdout.close()
    gateway.wait(PATIENCE_SECONDS)
    return int(lines[-1]) if lines else 0


def test_two_processes_write_and_read_one_file_at_the_same_time(wire: Wire, file: Path) -> None:
    wire.ensure_topic(OTHER_TOPIC)
    gateway = second_gateway(file, TOPIC, 0, 200)
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(read_all, wire, TOPIC, 200)
        for number in range(200):
            wire.publish(OTHER_TOPIC, pages(1, first=number))

        assert records(reading.result(PATIENCE_SECONDS)) == pages(200)

    assert acknowledged(gateway) == 200
    assert records(read_all(wire, OTHER_TOPIC, 200)) == pages(200)


def test_gateways_that_make_the_file_at_the_same_moment_share_it(wire: Wire, file: Path) -> None:
    gateways = [second_gateway(file, f"{TOPIC}.{number}", 0, 3) for number in range(4)]

    assert [acknowledged(gateway) for gateway in gateways] == [3] * 4
    assert [records(read_all(wire, f"{TOPIC}.{number}", 3)) for number in range(4)] == [pages(3)] * 4


def test_a_killed_process_loses_nothing_acknowledged_and_leaves_the_file_usable(wire: Wire, file: Path) -> None:
    for _times in range(3):
        before = len(now(wire, TOPIC, limit=FOR_EVER))
        gateway = second_gateway(file, TOPIC, before, FOR_EVER)
        read_all(wire, TOPIC, before + 20)

        gateway.kill()

        told = acknowledged(gateway)
        found = now(wire, TOPIC, limit=FOR_EVER)
        assert len(found) in (told, told + 1)
        assert found == pages(len(found))

    wire.publish(TOPIC, [page(b"on we go")])
    assert now(wire, TOPIC, limit=FOR_EVER)[-1] == page(b"on we go")


def test_everything_is_there_again_when_both_gateways_start_anew(file: Path) -> None:
    first = EmbeddedWire(file)
    first.ensure_topic(TOPIC)
    first.publish(TOPIC, pages(3))
    (position, *_rest) = [one.after for one in read_all(first, TOPIC, 3)]
    first.close()

    second = EmbeddedWire(file)

    assert now(second, TOPIC, position) == pages(2, first=1)
    second.close()


@pytest.mark.parametrize("removed", [("",), ("", "-wal"), ("", "-wal", "-shm", ".lock")])
def test_a_file_that_was_taken_away_is_made_anew_and_read_from_its_beginning(
    wire: Wire, file: Path, removed: tuple[str, ...]
) -> None:
    other = EmbeddedWire(file)
    other.ensure_topic(TOPIC)
    other.publish(TOPIC, pages(3))
    after = read_all(wire, TOPIC, 3)[-1].after

    for ending in removed:
        file.with_name(file.name + ending).unlink()
    with pytest.raises(WireUnavailableError):
        other.publish(TOPIC, pages(1, first=3))
    other.ensure_topic(TOPIC)
    other.publish(TOPIC, pages(5, first=10))

    assert records(read_all(wire, TOPIC, 5, after)) == pages(5, first=10)
    other.close()


def test_a_file_that_is_no_wire_is_an_error_that_names_it(file: Path) -> None:
    file.write_bytes(b"something else altogether" * 100)
    wire = EmbeddedWire(file)

    with pytest.raises(WireUnavailableError, match=r"wire\.sqlite"):
        wire.ensure_topic(TOPIC)
    with pytest.raises(WireUnavailableError):
        wire.read(TOPIC, None, limit=1, wait_seconds=1)

    assert file.read_bytes().startswith(b"something else")
    wire.close()


def test_a_full_disk_is_an_error_and_the_wire_goes_on_when_there_is_space(wire: EmbeddedWire) -> None:
    wire.ensure_topic(TOPIC)
    wire.publish(TOPIC, pages(1))
    wire._written.file()._connection.execute("PRAGMA max_page_count = 10")

    with pytest.raises(WireUnavailableError, match="full"):
        wire.publish(TOPIC, [page(bytes(500_000))])

    assert now(wire, TOPIC) == pages(1)
    wire.publish(TOPIC, pages(1, first=1))
    assert now(wire, TOPIC) == pages(2)


def test_another_gateway_that_holds_the_file_too_long_is_an_error(
    wire: EmbeddedWire, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.wire.embedded_file._BUSY_SECONDS", 0.1)
    wire.ensure_topic(TOPIC)
    other = EmbeddedWire(file)
    other.ensure_topic(TOPIC)
    held = other._written.file()._connection
    held.execute("BEGIN IMMEDIATE")

    with pytest.raises(WireUnavailableError, match="let go"):
        wire.publish(TOPIC, pages(1))
    assert now(wire, TOPIC) == []

    held.execute("ROLLBACK")
    wire.publish(TOPIC, pages(1))
    assert now(wire, TOPIC) == pages(1)
    other.close()


def test_of_a_topic_of_files_the_latest_records_are_kept_and_the_file_does_not_grow_on(wire: Wire, file: Path) -> None:
    topic = f"{TOPIC}.files"
    wire.ensure_topic(topic)
    sizes = []
    for _ in range(4):
        wire.publish(topic, [WireRecord("blob", bytes(100_000))] * MAX_FILE_RECORDS)
        sizes.append(file.stat().st_size)
    wire.publish(topic, [WireRecord("blob", b"last")])

    found = wire.read(topic, None, limit=MAX_FILE_RECORDS, wait_seconds=0.0)

    assert found[0].after.offset == 3 * MAX_FILE_RECORDS + 2
    assert wire.read(topic, found[-1].after, limit=MAX_FILE_RECORDS, wait_seconds=0.0)
    assert sizes[3] < 2 * sizes[0]
