"""Whether a command line is one that the real command understands: parsed by it to the end, and not run."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import typer

from services.cmo_gateway.profile import PROFILE as CMO
from services.gateway.cli.all_rooms import ALL_ROOMS
from services.gateway.cli.local.becoming import INSPECTOR
from services.gateway.cli.main import PROGRAM
from services.gateway.cli.rooms import assemble
from services.gateway.cli.words import Language, Words
from services.gateway.profile import Profile
from services.inspector.verifying import ROOM as INSPECTORS
from services.mah_gateway.profile import PROFILE as MAH

_MAINS = {"services.mah_gateway": MAH, "services.cmo_gateway": CMO}


def misunderstood(line: Sequence[str]) -> str | None:
    """Return what is wrong with a command line of ours, None when nothing is."""
    if line[0] == PROGRAM:
        return _refused(None, line[1:])
    if list(line[:2]) == ["python", "-m"] and line[2] in _MAINS:
        return _refused(_MAINS[line[2]], line[3:])
    return f"{line[0]} is no command of ours"


def _refused(profile: Profile | None, arguments: Sequence[str]) -> str | None:
    is_inspectors = profile is None and any(map(INSPECTOR.has, arguments[:1]))
    command = _command(profile, is_inspectors=is_inspectors)
    given, context = list(arguments), None
    if given in (["--help"], ["-h"]):
        return None
    try:
        while True:
            resolved = command.make_context(command.name, given, parent=context)
            if not hasattr(command, "resolve_command"):
                return None
            context = resolved
            _, command, given = command.resolve_command(context, [*context._protected_args, *context.args])
    except typer.TyperException as error:
        return error.format_message()


@cache
def _command(profile: Profile | None, *, is_inspectors: bool) -> Any:
    """Return the whole command line, of a gateway or of the inspector: it is large, and the same for every line."""
    rooms = [INSPECTORS] if is_inspectors else ALL_ROOMS
    return typer.main.get_command(assemble(rooms, Words(Language.EN), profile))
