"""A client of a side: gives commands under their keys, and writes down what it was told of each."""

import json
from dataclasses import dataclass, field

from domain.errors import DomainError
from events.encoding.identifiers import Role
from events.errors import EvidenceError
from infra.store.errors import StoreFullError
from services.gateway.exchange.errors import EngineError, RetryLaterError
from services.gateway.exchange.jobs import Answer, CommandJob
from tests.simulation.world.people import Request

WAITING, OK, FAIL, UNKNOWN = "waiting", "ok", "fail", "unknown"


@dataclass(slots=True)
class Command:
    """One command under its key, as its client sees it. `mark` stands in one entry of this command and of no other."""

    key: str
    side: Role
    what: str
    job: CommandJob | None
    mark: str | None
    request: Request | None = None  # about a matter; repeated under its key it is the same
    outcome: str = WAITING
    before: str = FAIL  # what stands if this attempt was certainly not done
    answer: Answer | None = None
    events: list[tuple[str, int, str]] = field(default_factory=list)  # (id, position, leaf)
    is_given_up: bool = False  # the store was restored since: the client asks no more
    may_be_lost: bool = False  # acknowledged, never sent, and then an older store took its place
    faults: list[str] = field(default_factory=list)  # what was wrong with its answers


@dataclass
class Clients:
    """All clients of both sides."""

    commands: dict[str, Command] = field(default_factory=dict)

    def given(self, command: Command) -> None:
        """Write down that a command was given, or given again under its key."""
        before = self.commands.get(command.key)
        if before is not None:
            before.before = UNKNOWN if before.outcome == UNKNOWN else FAIL
            before.job, before.outcome = command.job, WAITING
            before.what, before.mark, before.request = command.what, command.mark, command.request
            return
        self.commands[command.key] = command

    def look(self) -> list[Command]:
        """Take answers that came; return whose."""
        told = []
        for command in self.commands.values():
            if command.outcome == WAITING and command.job is not None and command.job.outcome.done():
                _hear(command, command.job)
                told.append(command)
        return told

    def hang_up(self, side: Role) -> None:
        """A side died: whoever waits for its answer will not get one."""
        for command in self.commands.values():
            if command.side is side and command.outcome == WAITING:
                command.outcome, command.job = (UNKNOWN if command.answer is None else OK), None

    def restored(self, side: Role, sent: int) -> None:
        """A side's store was replaced by an older one; what never left is lost, and nobody asks again."""
        for command in self.commands.values():
            if command.side is side:
                command.is_given_up = True
                command.may_be_lost |= any(position >= sent for _, position, _ in command.events)

    def refused_to_connect(self, command: Command) -> None:
        """Nobody was there to take it."""
        before = self.commands.get(command.key)
        if before is None:
            command.outcome = UNKNOWN
            self.commands[command.key] = command


def _hear(command: Command, job: CommandJob) -> None:
    """Take an answer. One that promises nothing changes nothing of what an earlier answer to the same key promised."""
    error = job.outcome.exception()
    if error is None:
        _hear_answer(command, job.outcome.result(0))
    elif isinstance(error, RetryLaterError):
        command.outcome = UNKNOWN if command.answer is None else OK
    elif isinstance(error, StoreFullError):
        command.outcome = command.before if command.answer is None else OK
    elif isinstance(error, DomainError | EngineError | EvidenceError):
        command.outcome = FAIL
        if command.answer is not None:
            command.faults.append(f"acknowledged once, and then refused: {error}")
    else:
        raise error


def _hear_answer(command: Command, answer: Answer) -> None:
    command.outcome = OK
    if command.answer is not None and answer.body != command.answer.body:
        command.faults.append("the same key was answered differently")
    command.answer = answer
    said = json.loads(answer.body)["events"]
    command.events = [(event["id"], event["position"], event["leaf"]) for event in said]
