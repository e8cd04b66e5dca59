"""A store that is needed for a while: in a temporary folder, gone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.store.sql_store import SqlStore, open_store


@contextmanager
def passing_store() -> Iterator[SqlStore]:
    """Lend an empty store; at the end of the block nothing of it is left.

    Raises:
        StoreUnavailableError: there is no room for it.
    """
    with TemporaryDirectory(prefix="counterfoil-", ignore_cleanup_errors=True) as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        try:
            yield store
        finally:
            store.close()
