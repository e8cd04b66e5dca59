"""Backup of a store in PostgreSQL by COPY, table by table, under one view of the database, without client tools."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, inspect, make_url, text

from infra.backup.archive import ArchiveReader, ArchiveWriter
from infra.backup.errors import BackupError, PlaceNotEmptyError
from infra.store.migrations.run import VERSION_TABLE, make_tables, revision_of
from infra.store.postgresql import PostgresqlDatabase
from infra.store.transactions import connected, transaction

_FOLDER = "store/"


def add_postgresql(archive: ArchiveWriter, store_url: str) -> tuple[str, dict[str, list[str]]]:
    """Add every table as binary COPY writes it; return the schema version and the tables with their columns.

    Raises:
        StoreUnavailableError: the database could not be reached.
        BackupError: it holds no store.
    """
    database = PostgresqlDatabase(make_url(store_url))
    try:
        with connected(database.reading_engine) as connection, connection.begin():
            version = revision_of(connection)
            if version is None:
                raise BackupError("the database holds no store; try: check COUNTERFOIL_STORE")
            tables = _tables(connection)
            for table, columns in tables.items():
                _add_table(archive, connection, table, columns)
    finally:
        database.close()
    return version, tables


def restore_postgresql(archive: ArchiveReader, store_url: str) -> None:
    """Make the tables of the backup's version and fill them, all in one transaction.

    Raises:
        PlaceNotEmptyError: the database holds tables.
        StoreUnavailableError: it could not be reached or refused; nothing was written.
    """
    database = PostgresqlDatabase(make_url(store_url))
    try:
        with transaction(database) as connection:
            _refuse_present_tables(connection)
            make_tables(connection, archive.manifest.schema_version)
            for table in reversed(archive.manifest.tables):
                connection.execute(text(f'DELETE FROM "{table}"'))  # noqa: S608 - a checked name; what migrations wrote
            for table, columns in archive.manifest.tables.items():
                _fill_table(archive, connection, table, columns)
    finally:
        database.close()


def refuse_present_store(store_url: str) -> None:
    """Refuse a database that holds tables.

    Raises:
        PlaceNotEmptyError: it does.
        StoreUnavailableError: it could not be reached.
    """
    database = PostgresqlDatabase(make_url(store_url))
    try:
        with connected(database.reading_engine) as connection, connection.begin():
            _refuse_present_tables(connection)
    finally:
        database.close()


def _refuse_present_tables(connection: Connection) -> None:
    present = inspect(connection).get_table_names()
    if present:
        raise PlaceNotEmptyError(f"the database holds {len(present)} tables; try: createdb, and an address of that one")


def _tables(connection: Connection) -> dict[str, list[str]]:
    """Return all tables but the version's, each after those that it refers to, with the columns that can be written."""
    found = inspect(connection)
    names = [name for name, _ in found.get_sorted_table_and_fkc_names() if name and name != VERSION_TABLE]
    return {name: [column["name"] for column in found.get_columns(name)] for name in names}


def _add_table(archive: ArchiveWriter, connection: Connection, table: str, columns: list[str]) -> None:
    statement = _copy(table, columns, "TO STDOUT (FORMAT BINARY)")
    with archive.adding(_FOLDER + table) as write, _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            write(bytes(piece))


def _fill_table(archive: ArchiveReader, connection: Connection, table: str, columns: list[str]) -> None:
    statement = _copy(table, columns, "FROM STDIN (FORMAT BINARY)")
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for piece in archive.pieces(_FOLDER + table):
            copy.write(piece)


def _copy(table: str, columns: list[str], rest: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(rest))


@contextmanager
def _cursor(connection: Connection) -> Iterator[psycopg.Cursor[Any]]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise BackupError("the connection to the database is closed; try: again")
    try:
        with driver.cursor() as cursor:
            yield cursor
    except psycopg.Error as failure:
        raise BackupError(f"the database refused: {failure}; try: a server of the same version") from failure
