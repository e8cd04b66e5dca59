"""How a world begins: two strangers with empty stores, two parties with people, agreement and list in force, or two
that have registered besides what batches are made under, and have made two.

Each beginning is made once for each process, by the engine itself, and copied for every schedule.
"""

import atexit
import shutil
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from events.encoding.identifiers import Role
from tests.simulation.outside.disk import make_store
from tests.simulation.outside.wire import Topic
from tests.simulation.world.client import OK
from tests.simulation.world.commands import PEOPLE, Wanted
from tests.simulation.world.world import World, new_world

STRANGERS, AGREED, REGISTERED = "strangers", "agreed", "registered"


@dataclass(frozen=True)
class Beginning:
    """Everything that is outside the processes when a schedule begins."""

    stores: dict[Role, Path]
    marks: dict[Role, tuple[int, int]]
    chances: dict[Role, int]
    seconds: float
    topics: dict[str, Topic]
    made: int


def begin(name: str) -> World:
    """Return a world at a beginning, both sides running; the world before it in this process is gone."""
    beginning = _beginning(name)
    world = new_world(_folder() / "now")
    for role, path in beginning.stores.items():
        world.sides[role].disk.replace_by(path)
    world.time.seconds, world.broker.made = beginning.seconds, beginning.made
    world.broker.topics = deepcopy(beginning.topics)
    for role, side in world.sides.items():
        side.mark.own_size, side.mark.judged = beginning.marks[role]
        side.chance._count = beginning.chances[role]
        assert side.start(), world.trace
    return world


@cache
def _beginning(name: str) -> Beginning:
    folder = _folder() / name
    for role in Role:
        make_store(folder / f"{role.value}.sqlite")
    world = new_world(folder)
    for side in world.both:
        side.start()
    if name in (AGREED, REGISTERED):
        _agree(world)
    if name == REGISTERED:
        _register(world)
    beginning = _taken(world, folder)
    for side in world.both:
        side.end()
    return beginning


def _agree(world: World) -> None:
    for step in (world.invite, world.accept, world.confirm):
        for role in Role:
            step(role)
    _rest(world)
    for role in Role:
        _give(world, role, *(("authorise", number, 0) for number in range(len(PEOPLE))))
        _give(world, role, ("publish_calendar", 0, 1), ("publish_calendar", 1, 1))
    _rest(world)
    for document in ("agreement", "list"):
        _give(world, Role.MAH, (f"draft_{document}", 0, 2), (f"sign_{document}", 0, 0))
        _rest(world)
        _give(world, Role.CMO, (f"sign_{document}", 0, 0))
        _rest(world)
        _give(world, Role.MAH, (f"activate_{document}", 0, 0))
        _rest(world)


def _register(world: World) -> None:
    """Approve what batches are made under, and make two; the first is released by the manufacturer."""
    _give(world, Role.MAH, ("process_version.approved.v1", 0, 0), ("standard_version.approved.v1", 0, 0))
    _rest(world)
    made = ("authorised", "started", "manufactured", "tested")
    _give(world, Role.CMO, *((f"batch.{name}.v1", number, 0) for number in (1, 2) for name in made))
    _give(world, Role.CMO, ("batch.factory_released.v1", 1, 0))
    _rest(world)
    _give(world, Role.MAH, ("batch_review.item_concluded.v1", 1, 0))
    _rest(world)


def _give(world: World, role: Role, *steps: tuple[str, int, int]) -> None:
    for what, number, variant in steps:
        key = f"begin-{role.value}-{what}-{number}"
        world.give(role, Wanted(what, number, variant, key))
        world.sides[role].write()
        world.look()
        command = world.clients.commands[key]
        assert command.outcome == OK, f"{key}: {command.outcome} {command.job and command.job.outcome.exception()}"


def _rest(world: World) -> None:
    assert world.settle(), "the beginning does not come to rest"


def _taken(world: World, folder: Path) -> Beginning:
    stores: dict[Role, Path] = {}
    for role, side in world.sides.items():
        stores[role] = folder / f"{role.value}.beginning"
        side.disk.copy_to(stores[role])
    return Beginning(
        stores,
        {role: (side.mark.own_size, side.mark.judged) for role, side in world.sides.items()},
        {role: side.chance._count for role, side in world.sides.items()},
        world.time.seconds,
        deepcopy(world.broker.topics),
        world.broker.made,
    )


@cache
def _folder() -> Path:
    """Return where the stores of this process are, until it ends."""
    folder = Path(mkdtemp(prefix="counterfoil-simulation-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in (*names(), "now"):
        (folder / name).mkdir()
    return folder


def names() -> Sequence[str]:
    """Return the beginnings there are."""
    return STRANGERS, AGREED, REGISTERED
