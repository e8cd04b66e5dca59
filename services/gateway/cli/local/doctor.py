"""`counterfoil doctor`: looks at everything that a gateway needs, and says of each what to try."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from infra.errors import InfraError
from infra.keys.key_files import keys_folder, load_keys
from infra.keys.party import read_party
from infra.wire.opening import open_wire
from services.gateway.cli.errors import CliError, RefusedError
from services.gateway.cli.local.keys import relationships
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session, said_of
from services.gateway.settings import Settings, SettingsError

ROOM = Room("", "")

_ENOUGH_BYTES = 1024**3
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is right, and what was seen or is to be done."""

    check: str
    ok: bool
    detail: str


@ROOM.local("doctor")
def doctor(session: Session) -> None:
    """Check settings, folders, keys, store and wire of this machine's gateway; exit code 1 if one is not right."""
    findings = list(examine(session))
    if session.as_json:
        session.output.json({"data": [asdict(each) for each in findings]})
    else:
        marks = {True: session.words("right"), False: session.words("WRONG")}
        session.output.table(
            ("check", "result", "detail"), [(each.check, marks[each.ok], each.detail) for each in findings]
        )
    if not all(each.ok for each in findings):
        raise RefusedError("not everything is right", hint="what the last column says")


def examine(session: Session) -> Iterator[Finding]:
    """Look at one thing after another; without settings there is nothing to look at."""
    found = _look("settings", lambda: str(session.settings.data))
    yield found
    if not found.ok:
        return
    known = session.settings
    yield _look("party", lambda: f"{session.role().value} {read_party(known.data).uscc}")
    yield _look("data folder", lambda: _folder(known))
    yield _look("disk", lambda: _disk(known))
    yield _look("store", lambda: _store(known))
    yield _look("keys", lambda: _keys(known))
    yield _look("wire", lambda: _wire(known))


def _look(check: str, looking: Callable[[], str]) -> Finding:
    try:
        return Finding(check, ok=True, detail=looking())
    except CliError as error:
        return Finding(check, ok=False, detail=error.said())
    except (SettingsError, InfraError, OSError) as error:
        return Finding(check, ok=False, detail=said_of(error))


def _folder(settings: Settings) -> str:
    mode = settings.data.stat().st_mode
    if mode & _OTHERS:
        raise RefusedError("others may look into {folder}", hint=f"chmod 700 {settings.data}", folder=settings.data)
    return str(settings.data)


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data).free
    if free < _ENOUGH_BYTES:
        raise RefusedError("only {free} MiB are free", hint="make space", free=free // 1024**2)
    return f"{free // 1024**3} GiB"


def _store(settings: Settings) -> str:
    return f"{len(relationships(settings))} relationships"


def _keys(settings: Settings) -> str:
    known = relationships(settings)
    for each in known:
        load_keys(keys_folder(settings.data), each.relationship, each.own_role, settings.secret())
    settings.secret()
    return f"{len(known)} opened"


def _wire(settings: Settings) -> str:
    wire = open_wire(settings.wire_address())
    try:
        wire.read("counterfoil.doctor", None, limit=1, wait_seconds=0.0)  # no such topic: only whether it answers
    finally:
        wire.close()
    return settings.wire_address()
