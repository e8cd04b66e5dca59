"""Files that people hand to a command: read strictly, so that a slip is named before anything is sent."""

import json
import sys
from pathlib import Path
from typing import Any

from services.gateway.cli.errors import UsageError

MAX_BYTES = 8 * 1024 * 1024
INPUT = "-"


def read_json(name: str) -> dict[str, Any]:
    """Return the JSON object in a file, or on standard input for `-`.

    Raises:
        UsageError: it cannot be read, or is no strict JSON object.
    """
    raw = read_bytes(name)
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise UsageError("{name} is not UTF-8", hint="save it as UTF-8", name=name) from error
    except (ValueError, RecursionError) as error:
        raise UsageError("{name} is no JSON: {what}", hint="check the file", name=name, what=error) from error
    if type(value) is not dict:
        raise UsageError("{name} holds no JSON object", hint="check the file", name=name)
    return value


def read_bytes(name: str) -> bytes:
    """Return what a file holds, or what comes on standard input for `-`.

    Raises:
        UsageError: it cannot be read or is too large.
    """
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1) if name == INPUT else _read(Path(name))
    except OSError as error:
        raise UsageError("{name} cannot be read: {what}", hint="ls", name=name, what=error.strerror) from error
    if len(raw) > MAX_BYTES:
        raise UsageError("{name} is larger than {most} bytes", hint="a smaller file", name=name, most=MAX_BYTES)
    return raw


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    for name in fields:
        if sum(1 for each, _ in pairs if each == name) > 1:
            raise ValueError(f"{name!r:.60} stands twice")
    return fields


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
