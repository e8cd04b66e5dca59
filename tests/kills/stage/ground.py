"""The servers under two gateways: one broker and one PostgreSQL that a test may kill, and a pair on them."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra.servers.choose import fresh_database
from infra.servers.errors import PortTakenError, ServerFailedError
from infra.servers.native_kafka import NativeKafka
from infra.servers.native_postgres import NativePostgres
from tests.kills.stage.gateways import PATIENCE_SECONDS, await_until, pause
from tests.kills.stage.load import Load
from tests.kills.stage.pair import ROLES, Pair

Server = NativeKafka | NativePostgres


class Ground:
    """Servers of our own: whatever happens to them happens to nobody else's tests."""

    def __init__(self, broker: NativeKafka, postgres: NativePostgres) -> None:
        self.broker, self.postgres = broker, postgres

    @contextmanager
    def pair(self, folder: Path, on_postgres: str) -> Iterator[tuple[Pair, Load]]:
        """Give a running pair and its clients; one side's store is on PostgreSQL, the other's is SQLite."""
        with ExitStack() as ending:
            url = ending.enter_context(fresh_database(self.postgres.url))
            ending.callback(self.mend)  # the database is dropped by a server that runs
            pair = Pair(folder, self.broker.address, {role: url if role == on_postgres else "" for role in ROLES})
            with pair.running():
                yield pair, Load(pair, folder / "clients.jsonl")

    def mend(self) -> None:
        """Start what does not run."""
        for server in (self.broker, self.postgres):
            if server._server is None:
                start_again(server)

    def end_postgres(self, number: signal.Signals) -> None:
        """End the database by a signal; SIGQUIT is `pg_ctl stop -m immediate`: no checkpoint, no farewell."""
        running = self.postgres._server
        assert running is not None
        running.signal(number)
        await_until(lambda: not running.is_running, PATIENCE_SECONDS, "the end of the database")
        self.postgres.kill()

    def restart_postgres_immediately(self) -> float:
        """Do what `pg_ctl restart -m immediate` does; return how long the start took."""
        self.end_postgres(signal.SIGQUIT)
        return start_again(self.postgres)


@contextmanager
def own_servers() -> Iterator[Ground]:
    """Start both servers."""
    with NativeKafka() as broker, NativePostgres() as postgres:
        yield Ground(broker, postgres)


def start_again(server: Server) -> float:
    """Start a server that was killed, as a supervisor would; what is left of the old one may refuse for a moment."""
    begun = time.monotonic()
    while True:
        try:
            server.start()
        except (ServerFailedError, PortTakenError):
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise
            pause(0.1)
        else:
            return time.monotonic() - begun
