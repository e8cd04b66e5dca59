"""Bring the tables of a database to the version of this software.

Alembic is loaded only where tables must be made or changed: a start on current tables does not wait for it.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from infra.store.errors import StoreVersionError

if TYPE_CHECKING:
    from alembic.config import Config

CONNECTION = "connection"
VERSION_TABLE = "schema_version"


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are of this software's version.

    Raises:
        StoreVersionError: they are of a newer one.
    """
    found, known = revision_of(connection), known_revisions()
    if found is not None and found not in known:
        raise StoreVersionError(f"the tables are of version {found}, this software knows up to {known[-1]}")
    return found == known[-1]


def migrate(connection: Connection) -> None:
    """Run what is missing, in the transaction of the connection; nothing when the tables are current."""
    if not is_current(connection):
        _upgrade(connection, "head")


def revision_of(connection: Connection) -> str | None:
    """Return the version of the tables, None when there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()  # noqa: S608 - our own name
    return found


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the versions of the tables that this software knows, oldest first: each file is named after its own."""
    return tuple(sorted(path.stem[1:5] for path in (Path(__file__).parent / "versions").glob("r[0-9]*.py")))


def make_tables(connection: Connection, revision: str) -> None:
    """Make the tables of one version in an empty database, for a backup of that version.

    Raises:
        StoreVersionError: this software does not know the version.
    """
    if revision not in known_revisions():
        raise StoreVersionError(f"tables of version {revision:.60} are not known here")
    _upgrade(connection, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    command.upgrade(_config(connection), revision)


def _config(connection: Connection) -> "Config":
    """Return Alembic's settings, found beside this file, so that an installed package needs no ini file."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes[CONNECTION] = connection
    return config
