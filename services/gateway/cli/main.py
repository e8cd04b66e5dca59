"""The command `counterfoil`, and the mains of the two gateways."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from services.gateway.cli.errors import CliError, ExitCode, UsageError
from services.gateway.cli.local import becoming
from services.gateway.cli.matters.names import address_named
from services.gateway.cli.output import Output
from services.gateway.cli.rooms import Room, assemble
from services.gateway.cli.words import Words, language_of
from services.gateway.profile import Profile

PROGRAM = "counterfoil"
_INTERRUPTED = 130
_SERVE = "serve"
_HELP = "Usage:"  # a group without a command answers with its help


def main(profile: Profile | None = None, rooms: Sequence[Room] = ()) -> None:
    """Run the command line of this process and end with its exit code.

    The profile says which gateway it is; `rooms` are those of a program that is none.
    """
    sys.exit(run(sys.argv[1:], profile, rooms))


def run(arguments: Sequence[str], profile: Profile | None = None, rooms: Sequence[Room] = ()) -> int:
    """Run one command and return its exit code."""
    if not rooms and becoming.INSPECTOR.has(_first_word(arguments)):
        return becoming.inspect(arguments)
    words = Words(language_of(arguments, os.environ))
    application = assemble(rooms or _rooms_for(arguments, profile), words, profile)
    command = typer.main.get_command(application)
    try:
        return int(command.main(list(arguments), prog_name=PROGRAM, standalone_mode=False) or ExitCode.DONE)
    except typer.TyperException as error:
        return _failed(words, arguments, error)
    except (typer.Abort, KeyboardInterrupt):
        return _INTERRUPTED


def _rooms_for(arguments: Sequence[str], profile: Profile | None) -> Sequence[Room]:
    """Return the rooms that a command line can mean: a question to a gateway loads no database, broker and server."""
    word = _first_word(arguments)
    if profile is not None and word == _SERVE:
        return _loaded("local.serving", "ROOM"), _loaded("local.doctor", "ROOM")  # ready sooner without all the others
    if address_named(word) is not None:
        return (_loaded("matters.rooms", "room_named")(word),)
    remote: Sequence[Room] = import_module("services.gateway.cli.remote").REMOTE_ROOMS
    if any(room.has(word) for room in remote):
        return remote
    if profile is None and becoming.ROOM.has(word):
        return (becoming.ROOM, *remote)
    rooms: Sequence[Room] = _loaded("all_rooms", "ALL_ROOMS")
    return rooms


def _first_word(arguments: Sequence[str]) -> str:
    return next((argument for argument in arguments if not argument.startswith("-")), "")


def _loaded(module: str, name: str) -> Any:  # noqa: ANN401 - a room, or all of them
    """Load much that stays for ever: looking through it again and again would take a sixth of the start."""
    gc.disable()
    found = getattr(import_module(f"services.gateway.cli.{module}"), name)
    gc.freeze()
    gc.enable()
    return found


def _failed(words: Words, arguments: Sequence[str], error: typer.TyperException) -> int:
    """Say what is wrong with the command line, and where its help is."""
    output = Output(words, sys.stdout, sys.stderr, as_json="--json" in arguments)
    said = error.format_message()
    if said.startswith(_HELP):
        sys.stderr.write(f"{said}\n")
        return int(ExitCode.USAGE)
    output.error(_usage(said, error))
    return int(ExitCode.USAGE)


def _usage(said: str, error: typer.TyperException) -> CliError:
    context = getattr(error, "ctx", None)
    return UsageError("{what}", hint=f"{context.command_path if context else PROGRAM} --help", what=said.rstrip("."))
