"""Cutting a failing schedule down: actions are left out, in ever smaller pieces, as long as it still fails alike."""

from collections.abc import Callable, Sequence

from tests.simulation.playing import Outcome
from tests.simulation.schedule import Action, Schedule

Play = Callable[[Schedule], Outcome]

MAX_PLAYS = 400


def shrink(schedule: Schedule, play: Play, most: int = MAX_PLAYS) -> Schedule:
    """Return a shorter schedule that fails in the same way, or the same one; `most` bounds how often it is played."""
    wanted = kind_of(play(schedule))
    left = [most]

    def fails(actions: Sequence[Action]) -> bool:
        left[0] -= 1
        return kind_of(play(schedule.with_actions(actions))) == wanted

    actions = list(schedule.actions)
    size = len(actions)
    while size and left[0] > 0:
        actions, is_shorter = _without_pieces(actions, size, fails, left)
        if not is_shorter or size > len(actions):
            size = min(size, len(actions)) // 2
    return schedule.with_actions(actions)


def kind_of(outcome: Outcome) -> str:
    """Return in which way an outcome is wrong: the check that its first fault names, or the error; empty if well."""
    if outcome.is_well:
        return ""
    fault = outcome.faults[0].splitlines()[-1]
    return fault.partition(":")[0]


def _without_pieces(
    actions: list[Action], size: int, fails: Callable[[Sequence[Action]], bool], left: list[int]
) -> tuple[list[Action], bool]:
    """Leave out each piece of a size that is not needed, the last first: what is late matters least."""
    is_shorter = False
    end = len(actions)
    while end > 0 and left[0] > 0:
        start = max(0, end - size)
        shorter = actions[:start] + actions[end:]
        if fails(shorter):
            actions, is_shorter = shorter, True
        end = start
    return actions, is_shorter
