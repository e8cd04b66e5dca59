"""One run of a command: its output, the settings, and the gateway it speaks with, each made when first asked for."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import DomainError
from events.encoding.identifiers import Role
from events.errors import EvidenceError, InvitationError
from infra.errors import InfraError
from infra.keys.errors import KeysError, PartyError
from infra.keys.key_files import keys_folder
from infra.spreadsheets.errors import SpreadsheetError
from services.gateway.access.errors import AccessError, TokenRequestError
from services.gateway.cli.confirming import ask_for_confirmation
from services.gateway.cli.errors import CliError, ExitCode, RefusedError, UnprovenError, UnreachableError, UsageError
from services.gateway.cli.output import Output
from services.gateway.cli.words import Words
from services.gateway.exchange.errors import EngineError
from services.gateway.importing.errors import ImportingError
from services.gateway.profile import Profile
from services.gateway.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from services.gateway.cli.client import Client

_KINDS: tuple[tuple[type[Exception], type[CliError]], ...] = (
    (SettingsError, UsageError),
    (OSError, UsageError),
    (ImportingError, UsageError),
    (SpreadsheetError, UsageError),
    (KeysError, UsageError),
    (PartyError, UsageError),
    (InfraError, UnreachableError),
    (InvitationError, UsageError),
    (TokenRequestError, UsageError),
    (EvidenceError, UnprovenError),
)
DEMO_FILE = Path(".demo/demo.json")


@dataclass(frozen=True, slots=True)
class Request:
    """The options that many commands share."""

    as_json: bool = False
    party: str | None = None
    url: str | None = None
    demo: str | None = None


class Session:
    """What a command works with."""

    def __init__(self, words: Words, profile: Profile | None, request: Request) -> None:
        self.words = words
        self.profile = profile
        self.output = Output(words, sys.stdout, sys.stderr, as_json=request.as_json)
        self._request = request

    @property
    def as_json(self) -> bool:
        """Whether the caller is a program."""
        return self._request.as_json

    @cached_property
    def settings(self) -> Settings:
        """The settings of this machine's gateway."""
        try:
            return load_settings()
        except SettingsError as error:
            raise as_cli_error(error) from error

    @cached_property
    def client(self) -> "Client":
        """The gateway that the command speaks with."""
        from services.gateway.cli.client import Client  # noqa: PLC0415 - what works on this machine needs no HTTP client

        if self._request.demo is not None:
            return _demo_client(self._request.demo, self.words.language)
        url = self._request.url or os.environ.get("COUNTERFOIL_URL")
        token = os.environ.get("COUNTERFOIL_TOKEN", "")
        address = url or f"http://127.0.0.1:{self.settings.listen_port}"
        return Client(address, token, language=self.words.language, confirm=ask_for_confirmation)

    def role(self) -> Role:
        """Return which party this gateway is: of the program, `--party`, COUNTERFOIL_PARTY, or what `init` recorded.

        Raises:
            UsageError: none of them says so.
        """
        if self.profile is not None:
            return self.profile.role
        asked = self._request.party or os.environ.get("COUNTERFOIL_PARTY") or recorded_role(self.settings.data)
        if asked not in set(Role):
            raise UsageError("it is not known which party this gateway is", hint="--party mah, or --party cmo")
        return Role(asked)

    def attempt(self, work: Callable[[], object]) -> ExitCode:
        """Do the work; what goes wrong is said in one sentence and gives the exit code."""
        try:
            work()
        except CliError as error:
            return self._failed(error)
        except (
            SettingsError,
            AccessError,
            DomainError,
            EvidenceError,
            EngineError,
            ImportingError,
            InfraError,
            OSError,
        ) as error:
            return self._failed(as_cli_error(error))
        except KeyboardInterrupt:
            return self._failed(RefusedError("interrupted"))
        except BrokenPipeError:
            return ExitCode.DONE
        except Exception as error:  # noqa: BLE001 - a person gets a sentence, never a traceback
            return self._failed(
                RefusedError("something unforeseen went wrong: {what}", hint="counterfoil doctor", what=said_of(error))
            )
        return ExitCode.DONE

    def _failed(self, error: CliError) -> ExitCode:
        self.output.error(error)
        return error.code


def role_file(data: Path) -> Path:
    """Return where `init` records which party a data folder is of."""
    return data / "role"


def recorded_role(data: Path) -> str:
    """Return the role that `init` recorded, or that of the keys (of a restored backup), or nothing."""
    try:
        return role_file(data).read_text(encoding="utf-8").strip()
    except OSError:
        held = {folder.name.rpartition("-")[2] for folder in keys_folder(data).glob("*-*-*")} & set(Role)
        return held.pop() if len(held) == 1 else ""


def as_cli_error(error: Exception) -> CliError:
    """Return the sentence and exit code of an error of another room; most say themselves what to try."""
    sentence, _, hint = said_of(error).partition("; try: ")
    kind = next((kind for family, kind in _KINDS if isinstance(error, family)), RefusedError)
    return kind("{what}", hint=hint or "counterfoil doctor", what=sentence)


def said_of(error: Exception) -> str:
    """Return an error of another room in one line; nothing secret is in any of them."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
    said = str(error).strip() or type(error).__name__
    return said if hasattr(error, "code") or isinstance(error, SettingsError) else f"{type(error).__name__}: {said}"


def _demo_client(party: str, language: str) -> "Client":
    from services.gateway.cli.client import Client  # noqa: PLC0415 - as above

    role, _, person = party.partition(":")
    if role not in set(Role):
        raise UsageError("--demo takes mah or cmo, not {given}", hint="--demo mah", given=party)
    try:
        one = json.loads(DEMO_FILE.read_text(encoding="utf-8"))[role]
        url, people = one["url"], {**one.get("people", {}), "": one}
    except (OSError, ValueError, KeyError) as error:
        raise UsageError("there is no demo in this folder", hint="make demo") from error
    if person not in people:
        known = ", ".join(filter(None, people))
        raise UsageError("the demo has no {given}; it has: {known}", hint="--demo mah", given=person, known=known)
    acting = people[person]
    confirmation = {"password": acting["signing_password"]}
    return Client(url, acting["token"], language=language, confirm=lambda: confirmation)
