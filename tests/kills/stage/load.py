"""Clients that give commands under keys and repeat what was not answered, and their log in the checker's form."""

import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from infra.servers.kept import LOOPBACK
from tests.kills.stage.gateways import PATIENCE_SECONDS, pause
from tests.kills.stage.pair import ANSWER_SECONDS, Pair
from tests.kills.stage.telling import FILES, UNMARKED, Step, Story

AGAIN_SECONDS = 0.05
TELL_EVERY = 3  # commands, of which one is a step of the story if it is this side's turn
WRONG_EVERY, FORGET_EVERY = 23, 11  # commands refused for good; those unanswered that are never repeated


@dataclass
class Command:
    """One command and what became of it."""

    party: str
    path: str
    body: Mapping[str, Any]
    mark: str
    step: Step | None = None  # of the story that is told beside
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    outcome: str = "unknown"
    answer: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    status: int = 0  # of the last answer; 0: none came

    def line(self) -> str:
        """Return it as the checker reads it."""
        events = [{"id": each["id"], "leaf": each["leaf"]} for each in self.answer.get("events", [])]
        mark = None if self.step is not None and self.step.name in UNMARKED else self.mark
        told = {"key": self.key, "outcome": self.outcome, "events": events, "mark": mark, "party": self.party}
        return json.dumps(told)


class Client:
    """One person's program: one command at a time, the next after the last was answered."""

    def __init__(self, load: "Load", role: str, number: int) -> None:
        self._load, self._role, self._number = load, role, number
        self._connection: HTTPConnection | None = None
        self._count = 0
        self.thread = threading.Thread(target=self._run, name=f"client {role} {number}", daemon=True)

    def _run(self) -> None:
        while not self._load.stopping.is_set():
            command = self.next()
            if command is not None:
                self.give(command)
                self._load.note(command)
            self._load.stopping.wait(self._load.think_seconds)
        self.hang_up()

    def next(self) -> Command | None:
        """Return the next command; the holder has nothing to ask before something was opened."""
        self._count += 1
        role = self._role
        mark = f"{role}-{self._number}-{secrets.token_hex(6)}"
        step = self._load.story.take(role) if self._count % TELL_EVERY == 0 else None
        if step is not None:
            return self._told(step, mark)
        opening: dict[str, Any] = {"title": mark, "detected_at": "2026-11-20", "class": "minor"}
        if self._count % WRONG_EVERY == 0:
            return Command(role, "/v1/deviations", {**opening, "detected_at": "yesterday"}, mark)
        if role == "cmo":
            return Command(role, "/v1/deviations", opening, mark)
        item = self._load.some_item(self._count)
        return None if item is None else Command(role, f"/v1/deviations/{item}/questions", {"text": mark}, mark)

    def _told(self, step: Step, mark: str) -> Command:
        """Return the next step of the story; what a package of records names is brought first."""
        story = self._load.story
        if step.name == "released":
            for name, content in FILES.items():
                self._exchange("PUT", f"/v1/blobs/{name}", content, {"Idempotency-Key": secrets.token_hex(16)})
        body = step.body(story, mark)
        return Command(self._role, story.path(step), body, mark, step)

    def give(self, command: Command) -> None:
        """Send it until it is answered for good; once in a while forget it instead."""
        deadline = None
        while command.outcome == "unknown":
            self.give_once(command)
            if command.outcome != "unknown":
                return
            self._load.unanswered[str(command.status)] += 1
            if self._count % FORGET_EVERY == 0 and command.tries >= 1 and command.step is None:
                return
            if self._load.stopping.is_set():
                deadline = deadline or time.monotonic() + PATIENCE_SECONDS
                if time.monotonic() > deadline:
                    return
            pause(AGAIN_SECONDS)

    def give_once(self, command: Command) -> None:
        """Send it once; what is no answer for good leaves it unknown."""
        command.tries += 1
        command.status = status = self._send(command)
        command.outcome = "ok" if 200 <= status < 300 else "fail" if 400 <= status < 500 else "unknown"

    def _send(self, command: Command) -> int:
        """Return the status, 0 where none came."""
        role = "qa_manager" if command.step is None else command.step.role
        headers = {"Idempotency-Key": command.key, "Content-Type": "application/json"}
        body = json.dumps(command.body).encode()
        status, told = self._exchange("POST", f"{command.path}?wait=0", body, headers, role)
        if status:
            command.answer = told if status < 300 else {"problem": told}
        return status

    def _exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], role: str = "qa_manager"
    ) -> tuple[int, dict[str, Any]]:
        """Return the status and what was said; 0 where no answer came."""
        side = self._load.pair.sides[self._role]  # whoever serves it now
        try:
            if self._connection is None:
                self._connection = HTTPConnection(LOOPBACK, side.process.port, timeout=ANSWER_SECONDS)
            named = {**headers, "Authorization": f"Bearer {side.tokens[role]}"}
            self._connection.request(method, path, body, named)
            answer = self._connection.getresponse()
            told: dict[str, Any] = json.loads(answer.read() or b"{}")
        except (OSError, HTTPException, ValueError):
            self.hang_up()
            return 0, {}
        return answer.status, told

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Load:
    """All clients of a pair, and the log of what became of each command."""

    def __init__(self, pair: Pair, log: Path, *, clients: int = 2, think_seconds: float = 0.04) -> None:
        self.pair, self.log = pair, log
        self._clients, self.think_seconds = clients, think_seconds
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._items: list[str] = []
        self.story = Story()
        self.outcomes: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()  # by status, 0: no answer
        self.refused: Counter[str] = Counter()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send until the end of the block; every command is then answered, or will never be asked again."""
        self.stopping.clear()
        clients = [Client(self, role, number) for role in self.pair.sides for number in range(self._clients)]
        for client in clients:
            client.thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for client in clients:
                client.thread.join(3 * PATIENCE_SECONDS)

    @property
    def answered(self) -> int:
        """How many commands were done so far."""
        return self.outcomes["ok"]

    def give(self, role: str) -> Command:
        """Give one command now, once, and note what became of it."""
        client = Client(self, role, 99)
        command = client.next()
        assert command is not None
        client.give_once(command)
        client.hang_up()
        self.note(command)
        return command

    def note(self, command: Command) -> None:
        """Write down what became of a command."""
        with self._lock:
            self.outcomes[command.outcome] += 1
            if command.outcome == "ok" and command.path == "/v1/deviations":
                self._items.append(command.answer["item"])
            if command.outcome == "fail":
                self.refused[str(command.answer["problem"].get("type"))] += 1
            if command.step is not None:
                self.story.done(command.step, command.answer, is_ok=command.outcome == "ok")
            with self.log.open("a", encoding="utf-8") as log:
                log.write(command.line() + "\n")

    def some_item(self, number: int) -> str | None:
        """Return one of the older half of the deviations that the manufacturer opened, None while there is none."""
        with self._lock:
            return self._items[number % (len(self._items) // 2)] if len(self._items) > 1 else None
