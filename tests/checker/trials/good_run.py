"""A good run: two real engines, a wire in a file, commands with their log; some lies on the way, all dealt with."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from events.encoding.identifiers import Role
from infra.read_model.sql_read_model import SqlReadModel
from infra.wire.embedded import EmbeddedWire
from services.gateway.projections.projector import Projector
from tests.checker.trials import matters, story
from tests.checker.trials.client import Client
from tests.services.exchange.fakes import HandClock, ListWire
from tests.services.exchange.world import Side, World


@dataclass(frozen=True)
class Files:
    """What a run leaves behind."""

    folder: Path
    urls: dict[Role, str]

    @property
    def wire(self) -> str:
        return f"embedded:{self.folder / 'wire.sqlite'}"

    @property
    def log(self) -> Path:
        return self.folder / "clients.jsonl"


def make_good_run(folder: Path, urls: dict[Role, str] | None = None) -> Files:
    """Tell the whole story and close everything."""
    files = Files(folder, urls or {role: f"sqlite:///{folder / role.value}.sqlite" for role in Role})
    wire, clock = EmbeddedWire(folder / "wire.sqlite"), HandClock()
    carried = cast("ListWire", wire)  # a side asks nothing of it but what every wire can do
    sides = {role: Side(role, files.urls[role], carried, clock) for role in Role}
    world = World(sides[Role.MAH], sides[Role.CMO], carried, clock).pair()
    clients = {role: Client(sides[role]) for role in Role}
    _tell(world, clients[Role.MAH], clients[Role.CMO])
    lines = [json.dumps(line, ensure_ascii=False) for client in clients.values() for line in client.log]
    files.log.write_text("".join(line + "\n" for line in lines), "utf-8")
    for side in world.sides:
        side.store.close()
    wire.close()
    return files


def read_lines(log: Path) -> list[dict[str, Any]]:
    """Return the lines of a clients' log."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def _tell(world: World, mah: Client, cmo: Client) -> None:
    story.open_deviations(world, cmo)
    _conclude(world)
    story.talk(world, mah, cmo)
    world.mah.restart()
    story.lie(world)
    _conclude(world)
    story.agree_late(world, mah, cmo)
    world.cmo.restart()
    story.close_one(world, mah, cmo)
    matters.make_a_batch(world, mah, cmo)
    matters.find_fault(world, mah, cmo)
    story.lose_answers(world, cmo)
    _conclude(world)


def _conclude(world: World) -> None:
    """Come to rest, and let both say in their receipts what their rows come to."""
    story.beat(world)
    for side in world.sides:
        _fold(side)
    story.beat(world)


def _fold(side: Side) -> None:
    failed: list[str] = []
    rows = SqlReadModel(side.store)
    Projector(side.store, rows, failed.append, on_concluded=side.writer.conclude).catch_up()
    if failed:
        raise AssertionError(failed)
