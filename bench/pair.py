"""A pair of gateways on real servers: two processes, a database of its own for each, one Kafka; paired and ready."""

import multiprocessing
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.party import serve
from events.encoding.identifiers import Role, uscc_check_character
from infra.servers.choose import fresh_database

_PATIENCE_SECONDS = 180.0

_spawning = multiprocessing.get_context("spawn")


class Remote:
    """One of the two, seen from the bench."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
def paired(broker: str, postgres: str) -> Iterator[tuple[Remote, Remote]]:
    """Give a holder and a manufacturer that are paired, each with an empty store."""
    codes = {role: _code(role) for role in Role}
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-")))
        remotes = {}
        for role in Role:
            environment = {
                "COUNTERFOIL_DATA": str(folder / role.value),
                "COUNTERFOIL_STORE": ending.enter_context(fresh_database(postgres)),
                "COUNTERFOIL_WIRE": f"kafka:{broker}",
                "COUNTERFOIL_PASSPHRASE": secrets.token_hex(16),
            }
            remotes[role] = ending.enter_context(_running(role, codes[role], environment))
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


@contextmanager
def _running(role: Role, code: str, environment: dict[str, str]) -> Iterator[Remote]:
    here, there = _spawning.Pipe()
    process = _spawning.Process(target=serve, args=(there, role, code, environment), daemon=True)
    process.start()
    try:
        assert here.poll(_PATIENCE_SECONDS)
        assert here.recv() == "ready"
        yield Remote(here)
    finally:
        if process.is_alive():
            here.send(None)
        process.join(20.0)
        process.kill()
        process.join()


def _code(role: Role) -> str:
    place = "91330100" if role is Role.MAH else "91320100"
    body = f"{place}MA5EX{secrets.token_hex(2).upper()}"
    return body + uscc_check_character(body)
