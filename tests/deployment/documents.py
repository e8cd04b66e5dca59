"""The documents for people: their code blocks as command lines, and the variables and paths that they name."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")
READMES = DOCUMENTS[:2]

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SHELLS = {"sh", "bash", "console"}
_ENDS = {"|", ";", "&&", "||", "&", ">", ">>", "<"}
_ASSIGNMENT = re.compile(r"[A-Z_]+=.*")


def text_of(document: str) -> str:
    """Return a document's text."""
    return (PROJECT / document).read_text("utf-8")


def shell_lines(document: str) -> list[str]:
    """Return the lines of a document's shell blocks, continuation lines joined, comments left out."""
    return shell_lines_in(text_of(document))


def shell_lines_in(text: str) -> list[str]:
    """Return the same of a part of a document."""
    blocks = [body for language, body in _BLOCK.findall(text) if language in _SHELLS]
    lines = [line.strip() for body in blocks for line in body.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def commands(document: str) -> Iterator[list[str]]:
    """Yield each simple command of the shell blocks as a list of words, variables set before it left out."""
    for line in shell_lines(document):
        yield from filter(None, map(_without_assignments, _split(line)))


def _without_assignments(command: list[str]) -> list[str]:
    while command and (_ASSIGNMENT.fullmatch(command[0]) or command[0] in ("export", "env")):
        command = command[1:]
    return command


def _split(line: str) -> Iterator[list[str]]:
    words = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
    words.whitespace_split = True
    words.commenters = "#"
    command: list[str] = []
    skip = False
    for word in words:
        if word in _ENDS:
            if not skip:
                yield command
            command, skip = [], word[0] in "<>"
        else:
            command.append(word)
    if not skip:
        yield command
