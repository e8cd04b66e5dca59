"""Where words go: results to standard output, everything else to standard error; colour only for a terminal."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from services.gateway.cli.errors import CliError
from services.gateway.cli.words import Words

_CONFLICT = 409
_WIDE = 500  # columns when nobody looks: nothing is cut


class Advance(Protocol):
    """Moves a progress bar on."""

    def __call__(self, done: int, total: int) -> None:
        """Say how many of how many are done."""


class Output:
    """Two streams and the reader's language."""

    def __init__(self, words: Words, stdout: TextIO, stderr: TextIO, *, as_json: bool = False) -> None:
        self.words = words
        self.as_json = as_json
        self._stdout = stdout
        self._results = _console(stdout)
        self._hints = _console(stderr)

    def raw(self, text: str) -> None:
        """Write a result as it is: a file's content, an address, JSON of somebody else."""
        self._stdout.write(text if text.endswith("\n") else f"{text}\n")
        self._stdout.flush()

    def binary(self, content: bytes) -> None:
        """Write a result of bytes as it is."""
        self._stdout.flush()
        buffer = getattr(self._stdout, "buffer", None)
        if buffer is None:
            self._stdout.write(content.decode())
        else:
            buffer.write(content)
            buffer.flush()

    def json(self, value: object) -> None:
        """Write one JSON document."""
        self.raw(json.dumps(value, ensure_ascii=False, indent=None if self.as_json else 2))

    def say(self, sentence: str, /, **fields: object) -> None:
        """Write a result for people."""
        self._results.print(Text(self.words(sentence, **fields)), soft_wrap=True)

    def hint(self, sentence: str, /, **fields: object) -> None:
        """Write what is good to know, to standard error."""
        self._hints.print(Text(self.words(sentence, **fields)), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], *, aside: bool = False) -> None:
        """Write rows for people, `aside` to standard error; control characters of records are shown, not obeyed."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(self.words.name(column), overflow="fold")
        for row in rows:
            table.add_row(*(Text(visible(cell)) for cell in row))
        (self._hints if aside else self._results).print(table)

    def pairs(self, values: Mapping[str, object]) -> None:
        """Write names and values, one pair a line."""
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for name, value in values.items():
            table.add_row(self.words.name(name), Text(visible(value)))
        self._results.print(table)

    def error(self, error: CliError) -> None:
        """Write why nothing was done, and what to try."""
        sentence, hint = self.words(error.sentence, **error.fields), self.words(error.hint, **error.fields)
        if self.as_json:
            problem = {"problem": error.told} if error.told else {}
            said = {"error": {"exit_code": int(error.code), "detail": sentence, "try": hint, **problem}}
            self._hints.print(json.dumps(said, ensure_ascii=False), soft_wrap=True, markup=False, highlight=False)
            return
        self._hints.print(Text(visible(sentence) + (f"; try: {hint}" if hint else "")), soft_wrap=True)
        if error.told.get("status") == _CONFLICT:
            self._wrong_state(error.told)

    def _wrong_state(self, told: Mapping[str, Any]) -> None:
        """Say by which name a conflict is known, and where it is the state: in which, and what would be allowed."""
        self.hint("problem: {slug} {code}", slug=_last(told.get("type")), code=visible(told.get("code")))
        if told.get("state") is not None:
            allowed = " ".join(map(visible, told.get("allowed") or [])) or self.words("nothing")
            self.hint("state: {state}; allowed now: {steps}", state=visible(told["state"]), steps=allowed)

    @contextmanager
    def progress(self, sentence: str) -> Iterator[Advance]:
        """Show a bar on standard error while the block runs; nothing where nobody looks."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._hints, disable=not self._hints.is_terminal) as bar:
            task = bar.add_task(self.words(sentence), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _last(path: object) -> str:
    return visible(path).rpartition("/")[2]


def visible(value: object) -> str:
    """Return a value as text with control characters made visible, so that no record can move the cursor."""
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)


def _console(stream: TextIO) -> Console:
    is_terminal = stream.isatty()
    plain: dict[str, Any] = {} if is_terminal else {"width": _WIDE}
    return Console(file=stream, no_color=not is_terminal or "NO_COLOR" in os.environ, highlight=False, **plain)
