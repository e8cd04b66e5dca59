"""Begin, commit and undo, so that every outcome is one of: done, not done, not known."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import RootTransaction
from sqlalchemy.exc import InvalidRequestError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from infra.errors import InfraError
from infra.store.database import Database
from infra.store.errors import CommitUnknownError, StoreUnavailableError
from infra.store.translation import FAILED, translate_commit


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """Lend a connection of the pool."""
    try:
        connection = engine.connect()
    except NoConnectionFreeError as error:
        raise StoreUnavailableError("no connection of the pool came free") from error
    try:
        yield connection
    finally:
        with suppress(SQLAlchemyError, InfraError):  # what cannot be returned is thrown away
            connection.close()


@contextmanager
def transaction(database: Database) -> Iterator[Connection]:
    """Commit at the end of the block, undo everything when it raises."""
    with connected(database.engine) as connection:
        connection.info.pop(FAILED, None)
        begun = connection.begin()
        try:
            yield connection
            _refuse_failed(database, connection)
        except BaseException:
            with suppress(SQLAlchemyError, InfraError):  # undone by the server when it cannot be told
                begun.rollback()
            raise
        _commit(connection, begun)


def _refuse_failed(database: Database, connection: Connection) -> None:
    """Refuse to commit what is left of a transaction after somebody swallowed an error of one of its statements."""
    if connection.invalidated or connection.info.get(FAILED) or database.is_broken(connection):
        raise StoreUnavailableError("a statement of this transaction failed; nothing was written")


def _commit(connection: Connection, begun: RootTransaction) -> None:
    try:
        begun.commit()
    except InvalidRequestError as error:
        raise StoreUnavailableError("the transaction was lost before its commit") from error
    except InfraError as error:
        meant = translate_commit(error)
        if isinstance(meant, CommitUnknownError):
            connection.invalidate()
        raise meant from error.__cause__
