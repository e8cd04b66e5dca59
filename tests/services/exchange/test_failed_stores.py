"""A store that fails and cannot be read again at once: what memory held of the lost transaction is never signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from infra.store.errors import CommitUnknownError, StoreUnavailableError
from infra.store.sql_store import SqlStore
from infra.store.writing import SqlWriting
from services.gateway.exchange.jobs import ReceiptJob
from tests.services.exchange.world import NUMBER, Side, deviation, new_world


class FailingStore(SqlStore):
    """A database that goes away in the middle of a commit and cannot be asked for a while."""

    is_away = False

    @contextmanager
    def writing(self) -> Iterator[SqlWriting]:
        with super().writing() as writing:
            yield writing
            self.is_away = True
            raise CommitUnknownError("the connection broke")

    @contextmanager
    def reading_connection(self) -> Iterator[Connection]:
        if self.is_away:
            raise StoreUnavailableError("away")
        with super().reading_connection() as connection:
            yield connection


def lose_a_command(side: Side) -> None:
    """Give a command whose transaction is lost, to a store that cannot be read right after."""
    side.store.__class__ = FailingStore
    with pytest.raises(StoreUnavailableError):
        side.command(lambda situation: deviation("D-1", situation))
    side.store.__class__ = SqlStore
    del side.store.is_away  # type: ignore[attr-defined]  # of the class it had for a moment


def test_no_receipt_states_what_was_never_committed(tmp_path: Path) -> None:
    world = new_world(tmp_path).pair()
    side = world.cmo
    size = side.channel.own.size
    lose_a_command(side)

    job = ReceiptJob(NUMBER)
    side.run(job)

    assert job.outcome.result(0) is None
    assert side.channel.own.size == size
    with side.store.reading() as reading:
        receipt = reading.last_receipt(NUMBER, side.role)
    assert receipt is not None
    assert receipt.size == size
    side.open_deviation("D-2")
    world.beat()
    assert world.agree()
    assert world.mah.quarantined() == []
    for each in world.sides:
        each.store.close()
