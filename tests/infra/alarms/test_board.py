"""Alarms stand until settled, are told once by every channel, and what cannot be told is logged and stands."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from infra.alarms.board import QUEUE_LENGTH, AlarmBoard
from infra.alarms.channels import Channel, CommandChannel, WebhookChannel
from infra.alarms.errors import AlarmUndeliveredError
from services.gateway.ports.alarms import Alarm, Alarms

QUARANTINE = Alarm("quarantine", "M/C", "page.root_mismatch", "2026-11-22T09:30:44.123456Z")
SILENT = Alarm("partner.silent", "M/C", "an hour", "2026-11-22T10:30:44.123456Z")
AT_ONCE = (0.0, 0.0)


class Heard:
    """A channel that remembers, fails as often as it is told, and can be held up."""

    name = "heard"

    def __init__(self, failures: int = 0) -> None:
        self.alarms: list[dict[str, str]] = []
        self.attempts = 0
        self.may_go_on = threading.Event()
        self.is_asked = threading.Event()
        self.may_go_on.set()
        self._failures = failures

    def deliver(self, alarm: bytes) -> None:
        self.is_asked.set()
        assert self.may_go_on.wait(30)
        self.attempts += 1
        if self.attempts <= self._failures:
            raise AlarmUndeliveredError("not now")
        self.alarms.append(json.loads(alarm))


def told(channels: list[Channel], *steps: Callable[[AlarmBoard[Alarm]], None]) -> AlarmBoard[Alarm]:
    """Take steps with a board and wait until all of it is told."""
    board: AlarmBoard[Alarm] = AlarmBoard(channels, AT_ONCE)
    for step in steps:
        step(board)
    board.close(30)
    return board


def reporting(alarm: Alarm) -> Callable[[AlarmBoard[Alarm]], None]:
    return lambda board: board.report(alarm)


def test_the_board_fits_the_port() -> None:
    board: Alarms = AlarmBoard[Alarm]()
    board.report(QUARANTINE)

    assert board.standing() == (QUARANTINE,)


def test_an_alarm_is_told_once_while_it_stands_and_its_newest_detail_is_kept() -> None:
    channel = Heard()
    again = Alarm("quarantine", "M/C", "another page", "2026-11-22T09:31:00.000000Z")

    board = told([channel], reporting(QUARANTINE), reporting(again), reporting(SILENT))

    assert [alarm["code"] for alarm in channel.alarms] == ["quarantine", "partner.silent"]
    assert channel.alarms[0] == {
        "code": "quarantine",
        "relationship": "M/C",
        "detail": "page.root_mismatch",
        "at": "2026-11-22T09:30:44.123456Z",
    }
    assert board.standing() == (again, SILENT)


def test_an_alarm_of_another_relationship_is_another_alarm() -> None:
    channel = Heard()

    told([channel], reporting(QUARANTINE), reporting(Alarm("quarantine", "X/Y", "", "")))

    assert len(channel.alarms) == 2


def test_a_settled_alarm_is_told_again_when_it_comes_back() -> None:
    channel = Heard()

    board = told(
        [channel], reporting(QUARANTINE), lambda board: board.settle("quarantine", "M/C"), reporting(QUARANTINE)
    )

    assert len(channel.alarms) == 2
    assert board.standing() == (QUARANTINE,)


def test_settling_what_does_not_stand_is_nothing() -> None:
    board: AlarmBoard[Alarm] = AlarmBoard()
    board.settle("quarantine", "M/C")

    assert board.standing() == ()


def test_a_channel_that_fails_now_and_then_is_tried_again() -> None:
    channel = Heard(failures=2)

    board: AlarmBoard[Alarm] = AlarmBoard([channel], AT_ONCE)
    board.report(QUARANTINE)
    while not channel.alarms:
        assert channel.is_asked.wait(30)
    board.close(30)

    assert channel.attempts == 3
    assert board.standing() == (QUARANTINE,)


def test_an_alarm_that_cannot_be_told_is_logged_and_stands_beside_it() -> None:
    channel, other = Heard(failures=100), Heard()

    with capture_logs() as logs:
        board = told([channel, other], reporting(QUARANTINE))

    (undelivered,) = [line for line in logs if line["event"] == "alarm.undelivered"]
    assert (undelivered["code"], undelivered["channel"], undelivered["detail"]) == ("quarantine", "heard", "not now")
    assert [alarm.code for alarm in board.standing()] == ["quarantine", "alarm.undelivered"]
    assert len(other.alarms) == 1


def test_a_channel_that_works_again_settles_what_was_undelivered() -> None:
    channel = Heard(failures=3)
    board: AlarmBoard[Alarm] = AlarmBoard([channel], AT_ONCE)

    board.report(QUARANTINE)
    while channel.attempts < 3:
        assert channel.is_asked.wait(30)
    board.report(SILENT)
    board.close(30)

    assert [alarm.code for alarm in board.standing()] == ["quarantine", "partner.silent"]


def test_a_channel_that_hangs_holds_nobody_up_and_the_queue_is_bounded() -> None:
    channel = Heard()
    channel.may_go_on.clear()
    board: AlarmBoard[Alarm] = AlarmBoard([channel], AT_ONCE)
    board.report(QUARANTINE)
    assert channel.is_asked.wait(30)  # taken from the queue, and stuck

    with capture_logs() as logs:
        for number in range(QUEUE_LENGTH + 1):
            board.report(Alarm("quarantine", f"{number}", "", ""))

    assert [line["channel"] for line in logs if line["event"] == "alarm.undelivered"] == ["queue"]
    assert len(board.standing()) == QUEUE_LENGTH + 3
    channel.may_go_on.set()
    board.close(30)


def test_a_command_gets_the_alarm_on_its_input(tmp_path: Path) -> None:
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    CommandChannel(f"'{sys.executable}' -c '{script}' '{tmp_path / 'a b'}'").deliver(b'{"code": "x"}')

    assert (tmp_path / "a b").read_bytes() == b'{"code": "x"}'


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import sys; sys.exit('no phone')", "ended with 1: no phone"),
        ("import threading; threading.Event().wait()", "did not end within"),
    ],
)
def test_a_command_that_fails_is_told(script: str, told: str) -> None:
    channel = CommandChannel(f"'{sys.executable}' -c \"{script}\"", seconds=1.0)

    with pytest.raises(AlarmUndeliveredError, match=told):
        channel.deliver(b"{}")


def test_a_command_that_is_not_there_is_told() -> None:
    with pytest.raises(AlarmUndeliveredError, match="cannot be run: No such file"):
        CommandChannel("/no/such/program").deliver(b"{}")


@pytest.mark.parametrize("command", ["", "  ", "'"])
def test_what_is_no_command_is_refused_at_the_start(command: str) -> None:
    with pytest.raises(ValueError, match=r"empty|quotation"):
        CommandChannel(command)


class Hook(BaseHTTPRequestHandler):
    """Answers with the status that its path names."""

    received: list[bytes]

    def do_POST(self) -> None:
        self.received.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(int(self.path[1:]))
        self.send_header("location", "/200")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[tuple[str, list[bytes]]]:
    received: list[bytes] = []
    with HTTPServer(("127.0.0.1", 0), type("_Hook", (Hook,), {"received": received})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


def test_a_webhook_gets_the_alarm(hook: tuple[str, list[bytes]]) -> None:
    address, received = hook

    WebhookChannel(f"{address}/204").deliver(b'{"code": "x"}')

    assert received == [b'{"code": "x"}']


@pytest.mark.parametrize("status", [301, 404, 503])
def test_a_webhook_that_does_not_take_it_is_told_and_no_redirect_is_followed(
    status: int, hook: tuple[str, list[bytes]]
) -> None:
    address, received = hook

    with pytest.raises(AlarmUndeliveredError, match=f"answered {status}"):
        WebhookChannel(f"{address}/{status}").deliver(b"{}")
    assert len(received) == 1


def test_a_webhook_that_nobody_answers_is_told_without_its_address() -> None:
    with pytest.raises(AlarmUndeliveredError, match="cannot be reached: ConnectError"):
        WebhookChannel("http://127.0.0.1:1/secret-token").deliver(b"{}")


@pytest.mark.parametrize("address", ["", "ftp://host/x", "host/path", "file:///etc/passwd", "http://"])
def test_what_is_no_web_address_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="try: https://host/path"):
        WebhookChannel(address)
