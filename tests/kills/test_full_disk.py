"""A full disk under a store: refused before the acknowledgement, nothing lost, and on it goes once there is space."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra.servers.native_postgres import NativePostgres
from tests.kills.stage.disk import Disk, family_of, small_disk
from tests.kills.stage.gateways import PATIENCE_SECONDS, await_until
from tests.kills.stage.ground import Ground, start_again
from tests.kills.stage.load import Command, Load
from tests.kills.stage.pair import Pair
from tests.kills.stage.verdict import assert_settles

REFUSED = {503, 507}


@contextmanager
def running(ground: Ground, folder: Path, stores: dict[str, str]) -> Iterator[tuple[Pair, Load]]:
    pair = Pair(folder, ground.broker.address, stores)
    with pair.running():
        yield pair, Load(pair, folder / "clients.jsonl")


def fill(disk: Disk, load: Load) -> Command:
    """Fill the disk under the manufacturer, at work; commands are done or refused, at last one is refused."""
    before = load.answered
    await_until(lambda: load.answered > before + 10, PATIENCE_SECONDS, "commands")
    disk.fill()
    given = [load.give("cmo")]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while given[-1].status not in REFUSED and time.monotonic() < deadline:
        given.append(load.give("cmo"))
    assert {command.status for command in given} <= REFUSED | {201, 422}
    return given[-1]


def test_a_gateway_on_a_full_disk_refuses_and_goes_on_when_there_is_space(ground: Ground, tmp_path: Path) -> None:
    with ExitStack() as ending:
        pairs: list[Pair] = []
        place, disk = ending.enter_context(small_disk(24, lambda: [pairs[0].cmo.process.pid]))
        stores = {"mah": "", "cmo": f"sqlite:///{place / 'store.sqlite'}"}
        pair, load = ending.enter_context(running(ground, tmp_path / "pair", stores))
        pairs.append(pair)

        with load.running():
            assert fill(disk, load).status == 507
            assert pair.cmo.process.is_alive
            assert "disk.full" in alarms_of(pair)
            disk.free()
            await_until(lambda: load.give("cmo").outcome == "ok", PATIENCE_SECONDS, "a command done again")
        await_until(lambda: "disk.full" not in alarms_of(pair), PATIENCE_SECONDS, "the alarm settled")
        assert_settles(pair, load)


def test_a_database_on_a_full_disk_refuses_and_goes_on_when_there_is_space(ground: Ground, tmp_path: Path) -> None:
    with ExitStack() as ending:
        servers: list[NativePostgres] = []
        place, disk = ending.enter_context(small_disk(128, lambda: family_of(pid_of(servers[0]))))
        server = ending.enter_context(NativePostgres(folder=made(place / "cluster")))
        servers.append(server)
        pair, load = ending.enter_context(running(ground, tmp_path / "pair", {"mah": "", "cmo": server.url}))

        with load.running():
            assert fill(disk, load).status in REFUSED
            disk.free()
            if server._server is None or not server._server.is_running:  # no space for its log is the end of it
                server.kill()
                start_again(server)
            await_until(lambda: load.give("cmo").outcome == "ok", PATIENCE_SECONDS, "a command done again")
        assert_settles(pair, load)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def pid_of(server: NativePostgres) -> int:
    assert server._server is not None
    return server._server.pid


def alarms_of(pair: Pair) -> set[str]:
    return {row["code"] for row in pair.cmo.get("/v1/alarms")["data"]}
