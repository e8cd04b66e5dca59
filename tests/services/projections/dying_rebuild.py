"""Rebuilds the rows of the store at an address without end, until it is killed."""

import sys

from infra.read_model.sql_read_model import SqlReadModel
from infra.store.sql_store import open_store
from services.gateway.projections import rebuilding
from services.gateway.projections.rebuilding import Projections


def main(url: str) -> None:
    rebuilding.REBUILT_AT_ONCE, rebuilding.DISCARDED_AT_ONCE = 2, 3
    store = open_store(url)
    projections = Projections(store, SqlReadModel(store), _fail)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        projections.rebuild()
        projections.catch_up()


def _fail(detail: str) -> None:
    raise AssertionError(detail)


if __name__ == "__main__":
    main(sys.argv[1])
