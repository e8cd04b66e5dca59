"""Errors of the two drivers in the words of the store."""

import sqlite3

import psycopg
from sqlalchemy.engine import ExceptionContext

from infra.errors import InfraError
from infra.store.errors import CommitUnknownError, StoreFullError, StoreIntegrityError, StoreUnavailableError

_FULL_STATES = frozenset({"53100", "53400"})  # PostgreSQL: disk_full, configuration_limit_exceeded
_PRIMARY_CODE = 0xFF  # SQLite: an extended result code ends in the primary one
_LONGEST_DETAIL = 500


FAILED = "counterfoil_failed"
"""Set in a connection's `info` when a statement failed: such a transaction is never committed, in part or whole."""


def translate_context(context: ExceptionContext) -> InfraError | None:
    """Return our error for what SQLAlchemy is about to raise; None leaves it to the caller."""
    if context.is_pre_ping:
        return None
    if context.connection is not None and not context.is_disconnect:
        context.connection.info[FAILED] = True
    return translate(context.original_exception)


def translate(error: BaseException) -> InfraError | None:
    """Return our error for a driver's error of a statement; None when it is not a driver's."""
    if not isinstance(error, psycopg.Error | sqlite3.Error):
        return None
    detail = f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL]
    if is_full(error):
        return StoreFullError(detail)
    if isinstance(error, psycopg.IntegrityError | sqlite3.IntegrityError):
        return StoreIntegrityError(detail)
    return StoreUnavailableError(detail)


def translate_commit(failed: InfraError) -> InfraError:
    """Return what a failed commit means: refused for certain, or of unknown outcome."""
    cause = failed.__cause__
    if isinstance(cause, sqlite3.Error):
        return CommitUnknownError(failed.detail) if _is_broken_disk(cause) else failed
    if isinstance(cause, psycopg.Error) and cause.diag.severity_nonlocalized == "ERROR":
        return failed  # the server took part to the end and said no; FATAL, PANIC and silence say nothing
    return CommitUnknownError(failed.detail)


def is_full(error: BaseException) -> bool:
    """Tell whether a driver's error says that there is no space left."""
    if isinstance(error, sqlite3.Error):
        return _primary_code(error) == sqlite3.SQLITE_FULL
    return isinstance(error, psycopg.Error) and error.sqlstate in _FULL_STATES


def _is_broken_disk(error: sqlite3.Error) -> bool:
    return _primary_code(error) in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _primary_code(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY_CODE
