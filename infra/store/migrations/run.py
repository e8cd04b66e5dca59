"""Bring the tables of a database to the version of this software."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from infra.store.errors import StoreVersionError

CONNECTION = "connection"
VERSION_TABLE = "schema_version"


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are of this software's version.

    Raises:
        StoreVersionError: they are of a newer one.
    """
    script = ScriptDirectory.from_config(_config(connection))
    found = revision_of(connection)
    known = {step.revision for step in script.walk_revisions()}
    if found is not None and found not in known:
        raise StoreVersionError(
            f"the tables are of version {found}, this software knows up to {script.get_current_head()}"
        )
    return found == script.get_current_head()


def migrate(connection: Connection) -> None:
    """Run what is missing, in the transaction of the connection; nothing when the tables are current."""
    if not is_current(connection):
        command.upgrade(_config(connection), "head")


def revision_of(connection: Connection) -> str | None:
    """Return the version of the tables, None when there are none."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def make_tables(connection: Connection, revision: str) -> None:
    """Make the tables of one version in an empty database, for a backup of that version.

    Raises:
        StoreVersionError: this software does not know the version.
    """
    if revision not in {step.revision for step in ScriptDirectory.from_config(_config(connection)).walk_revisions()}:
        raise StoreVersionError(f"tables of version {revision:.60} are not known here")
    command.upgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    """Return Alembic's settings, found beside this file, so that an installed package needs no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes[CONNECTION] = connection
    return config
