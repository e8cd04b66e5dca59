"""`counterfoil backup`, `restore`: keys and store in one file, and back into an empty place."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from events.encoding.moments import format_moment
from infra.backup.backups import check_backup, restore_backup, write_backup
from infra.backup.manifest import Manifest
from services.gateway.cli.errors import UsageError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")

Archive = Annotated[Path, typer.Argument(metavar="FILE", help="The backup file.")]


@ROOM.local("backup")
def backup(session: Session, file: Archive) -> None:
    """Back up party, keys and store into a new file; the gateway may run meanwhile."""
    settings = session.settings
    manifest = write_backup(
        file, data=settings.data, store_url=settings.store_url(), made_at=format_moment(datetime.now(UTC))
    )
    _tell(session, manifest)
    session.output.hint("recovery keys are not in it: keep them offline")


@ROOM.local("restore")
def restore(
    session: Session,
    file: Archive,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Really restore.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only compare every file of the backup.")] = False,
) -> None:
    """Restore a backup into an empty data folder and an empty store."""
    if check:
        _tell(session, check_backup(file))
        return
    if not yes:
        raise UsageError(
            "restoring writes into {folder}", hint="counterfoil restore FILE --yes", folder=session.settings.data
        )
    manifest = restore_backup(file, data=session.settings.data, store_url=session.settings.store_url())
    _tell(session, manifest)
    session.output.hint("next: counterfoil serve; it fetches from the partner what is newer than the backup")


def _tell(session: Session, manifest: Manifest) -> None:
    said = {"made_at": manifest.made_at, "store": manifest.store, "files": len(manifest.files)}
    if session.as_json:
        session.output.json(said)
        return
    session.output.pairs(said)
