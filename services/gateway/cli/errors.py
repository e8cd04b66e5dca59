"""Why a command did not do its work: one sentence, what to try, and the exit code that scripts read."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What the process ends with."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3
    UNPROVEN = 4


class CliError(Exception):
    """The command did not do its work. `sentence` is looked up in the reader's language and filled with `fields`."""

    code = ExitCode.REFUSED

    def __init__(self, sentence: str, *, hint: str = "", **fields: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.fields = fields
        self.told: Mapping[str, Any] = {}  # what the gateway said, if it was the gateway

    def said(self) -> str:
        """Return the English sentence and what to try, for where there is no reader's language."""
        return "; try: ".join(part.format(**self.fields) for part in (self.sentence, self.hint) if part)


class RefusedError(CliError):
    """The gateway or a check said no."""


class UsageError(CliError):
    """The command was asked for in a way that cannot work: a wrong value, a file that is not there, a setting."""

    code = ExitCode.USAGE


class UnreachableError(CliError):
    """The gateway or the store did not answer; the same command may be given again."""

    code = ExitCode.UNREACHABLE


class UnprovenError(CliError):
    """A proof, a signature or a hash does not hold."""

    code = ExitCode.UNPROVEN
