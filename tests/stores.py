"""Empty SQLite stores for tests: the tables are made once and copied, for making them takes longer than most tests."""

import tempfile
from functools import cache
from pathlib import Path

from infra.store.sql_store import SqlStore, open_store

_SCHEME = "sqlite:///"


def open_new_store(url: str) -> SqlStore:
    """Open a store; a file that is not there yet begins with its tables."""
    path = Path(url.removeprefix(_SCHEME))
    if url.startswith(_SCHEME) and not path.exists():
        path.write_bytes(_empty_store())
    return open_store(url)


@cache
def _empty_store() -> bytes:
    with tempfile.TemporaryDirectory(prefix="counterfoil-test-") as folder:
        path = Path(folder) / "store.sqlite"
        open_store(f"{_SCHEME}{path}").close()
        return path.read_bytes()
