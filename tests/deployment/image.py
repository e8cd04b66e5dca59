"""The Dockerfile as a list of instructions, and what the image's environment is."""

import re
import shlex
from pathlib import Path

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """Return (instruction, arguments), continuation lines joined, comments left out."""
    lines = [line for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found = (re.match(r"([A-Z]+)\s+(.*)", line) for line in joined.splitlines())
    return [(match[1], match[2]) for match in found if match]


def last_stage() -> list[tuple[str, str]]:
    """Return the instructions of the stage that becomes the image."""
    every = instructions()
    begin = max(at for at, (name, _) in enumerate(every) if name == "FROM")
    return every[begin:]


def _environment() -> dict[str, str]:
    pairs = [pair for name, rest in last_stage() if name == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


ENVIRONMENT = _environment()
