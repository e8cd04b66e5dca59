"""A pair of gateways on real servers: two processes, a database of its own for each, one Kafka; paired and ready."""

import multiprocessing
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.party import serve
from events.encoding.identifiers import Role, uscc_check_character
from infra.servers.choose import fresh_database

_PATIENCE_SECONDS = 600.0
_STOP_SECONDS = 20.0

_spawning = multiprocessing.get_context("spawn")


class Remote:
    """One of the two gateways, seen from the bench; it can be stopped and started again."""

    def __init__(self, role: Role, code: str, environment: dict[str, str]) -> None:
        self._arguments = (role, code, environment)

    @property
    def environment(self) -> dict[str, str]:
        """The settings that the gateway runs with."""
        return self._arguments[2]

    def start(self) -> float:
        """Start the process; return after how many seconds it was ready."""
        started = time.monotonic()
        self._connection, there = _spawning.Pipe()
        self._process = _spawning.Process(target=serve, args=(there, *self._arguments), daemon=True)
        self._process.start()
        assert self._connection.poll(_PATIENCE_SECONDS)
        assert self._connection.recv() == "ready"
        return time.monotonic() - started

    def stop(self) -> None:
        """Stop the process in order; by force if that takes too long."""
        if self._process.is_alive():
            self._connection.send(None)
        self._process.join(_STOP_SECONDS)
        self._process.kill()
        self._process.join()

    def ask(self, name: str, *arguments: Any) -> Any:  # noqa: ANN401 - whatever is asked for
        """Have something done and return what came of it.

        Raises:
            RuntimeError: it failed over there.
        """
        self.begin(name, *arguments)
        return self.end()

    def begin(self, name: str, *arguments: Any) -> None:  # noqa: ANN401 - as above
        """Have something done while the bench goes on; `end` waits for it."""
        self._connection.send((name, arguments))

    def end(self) -> Any:  # noqa: ANN401 - as above
        """Wait for what was begun."""
        if not self._connection.poll(_PATIENCE_SECONDS):
            raise TimeoutError("the gateway says nothing")
        outcome, value = self._connection.recv()
        if outcome == "failed":
            raise RuntimeError(value)
        return value


@contextmanager
def paired(broker: str, postgres: str | None) -> Iterator[tuple[Remote, Remote]]:
    """Give a holder and a manufacturer that are paired, each with an empty store: PostgreSQL, or SQLite without one."""
    codes = {role: party_code(role) for role in Role}
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-")))
        remotes = {}
        for role in Role:
            environment = {
                "COUNTERFOIL_DATA": str(folder / role.value),
                "COUNTERFOIL_WIRE": f"kafka:{broker}",
                "COUNTERFOIL_PASSPHRASE": secrets.token_hex(16),
            }
            if postgres is not None:
                environment["COUNTERFOIL_STORE"] = ending.enter_context(fresh_database(postgres))
            remotes[role] = Remote(role, codes[role], environment)
            remotes[role].start()
            ending.callback(remotes[role].stop)
        mah, cmo = remotes[Role.MAH], remotes[Role.CMO]
        _pair(mah, cmo, codes)
        yield mah, cmo


def _pair(mah: Remote, cmo: Remote, codes: dict[Role, str]) -> None:
    to_cmo, to_mah = mah.ask("invite", codes[Role.CMO]), cmo.ask("invite", codes[Role.MAH])
    fingerprint = mah.ask("accept", to_mah)
    assert fingerprint == cmo.ask("accept", to_cmo)
    for remote in (mah, cmo):
        remote.ask("confirm", fingerprint)
    for remote in (mah, cmo):
        remote.ask("await_pairing")


def party_code(role: Role) -> str:
    """Return a unified social credit code that nobody has."""
    place = "91330100" if role is Role.MAH else "91320100"
    body = f"{place}MA5EX{secrets.token_hex(2).upper()}"
    return body + uscc_check_character(body)
