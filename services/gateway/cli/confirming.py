"""What a person at the command line confirms a signature with: from a file, or asked for and never shown."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import typer

from services.gateway.cli.errors import UsageError

PASSWORD_FILE = "COUNTERFOIL_SIGNING_PASSWORD_FILE"  # noqa: S105 - the name of a variable

_CODE_DIGITS = 6

Confirm = Callable[[], Mapping[str, str] | None]
"""Returns what confirms a signature; None where nobody can be asked."""


def ask_for_confirmation() -> Mapping[str, str] | None:
    """Return the password of the file that the environment names, or what the person at the terminal says."""
    file = os.environ.get(PASSWORD_FILE)
    if file:
        try:
            return {"password": Path(file).read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("{file} cannot be read as text", hint=PASSWORD_FILE, file=file) from error
    if not sys.stdin.isatty():
        return None
    said = str(typer.prompt("签名口令或动态码 Password or one-time code", hide_input=True, err=True))
    is_code = len(said) == _CODE_DIGITS and said.isdecimal()
    return {"code": said} if is_code else {"password": said}
