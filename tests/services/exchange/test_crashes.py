"""A process that dies at any named step of the way loses nothing that was answered and doubles nothing."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from events.encoding.identifiers import Role
from services.gateway.ports.steps import Step
from tests.services.exchange.world import Side, World, deviation, new_world

T = TypeVar("T")
_PROJECTING = {Step.ROWS_FOLDED, Step.ROWS_WRITTEN}
STEPS = [step for step in Step if step not in _PROJECTING]


class Died(BaseException):
    """The process is gone: no handler of the product runs on."""


def dying_at(step: Step, *, after: int) -> Callable[[Step], None]:
    """Die when a step is reached once more than so often."""
    times = count()

    def reached(at: Step) -> None:
        if at is step and next(times) == after:
            raise Died

    return reached


class Story:
    """Commands of both sides under their keys, sent again until they are answered, as a careful caller does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answered: dict[str, bytes] = {}
        self.deaths = 0

    def tell(self) -> None:
        for number in range(4):
            self._ask(f"D-{number}")
            self._alive(self.world.cmo, self.world.cmo.publish)
            self._alive(self.world.mah, self.world.mah.read)
            self._alive(self.world.mah, self.world.mah.heartbeat)
            self._alive(self.world.mah, self.world.mah.publish)
            self._alive(self.world.cmo, self.world.cmo.read)
            self.world.clock.move(5)

    def _ask(self, number: str) -> None:
        side = self.world.cmo
        for _ in range(3):
            job = self._alive(
                side,
                lambda: side.command(
                    lambda situation: deviation(number, situation), key=number, digest=number.encode()
                ),
            )
            if job is not None:
                self.answered[number] = job.outcome.result(0).body
                return
        raise AssertionError(f"{number} was never answered")

    def _alive(self, side: Side, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except Died:
            self.deaths += 1
            side.reached = lambda _: None
            side.restart()
            return None


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_death_at_this_step_loses_and_doubles_nothing(step: Step, role: Role, after: int, tmp_path: Path) -> None:
    world = new_world(tmp_path).pair()
    story = Story(world)
    side = world.mah if role is Role.MAH else world.cmo
    side.reached = dying_at(step, after=after)

    story.tell()
    for each in world.sides:
        each.reached = lambda _: None
    for _ in range(4):
        world.beat()

    opened = [entry for entry in world.mah.entries(Role.CMO) if entry.type == "deviation.opened.v1"]
    assert world.agree()
    assert len(opened) == len(story.answered) == 4
    assert all(entry.code is None for role_ in Role for entry in world.mah.entries(role_))
    for each in world.sides:
        assert each.quarantined() == []
        each.store.close()


def test_every_step_of_the_way_is_reached_on_one_side_or_the_other(tmp_path: Path) -> None:
    seen: set[Step] = set()
    world = new_world(tmp_path).pair()
    for side in world.sides:
        side.reached = seen.add
    Story(world).tell()
    world.settle()
    world.cmo.open_deviation("D-9")
    world.cmo.publish()
    world.wire.topics[world.cmo.channel.own_topic].pop()
    for _ in range(3):
        world.beat()

    assert set(STEPS) - seen == set()
    for side in world.sides:
        side.store.close()
