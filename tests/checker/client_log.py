"""Clients' logs: what became of every command as its client saw it (README.md has the form)."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checker.form.canonical import FormError, read_json
from tests.checker.form.notes import parse_hash

OUTCOMES = ("ok", "fail", "unknown")
_FIELDS = {"key", "outcome", "events", "mark", "party"}


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its key, how it ended, the events it was told of, and the words that stand in its entries alone."""

    key: str
    outcome: str
    events: tuple[tuple[str, bytes], ...]  # (id, leaf)
    mark: str | None = None
    party: str | None = None
    where: str = ""


def read_logs(paths: Iterable[Path]) -> list[Command]:
    """Read logs, a line a command.

    Raises:
        FormError: a line in another form; the text names file and line.
    """
    commands = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            where = f"{path.name}:{number}"
            try:
                commands.append(_command(read_json(line), where))
            except (FormError, KeyError, TypeError) as error:
                raise FormError(f"{where}: {error}") from error
    return commands


def shown(leaf: bytes) -> str:
    """Return a leaf as the format writes it."""
    return b64encode(leaf).decode()


def _command(said: dict[str, Any], where: str) -> Command:
    if said.keys() - _FIELDS or said["outcome"] not in OUTCOMES:
        raise FormError("an unknown field or outcome")
    events = tuple((event["id"], parse_hash(event["leaf"])) for event in said.get("events", []))
    return Command(said["key"], said["outcome"], events, said.get("mark"), said.get("party"), where)
