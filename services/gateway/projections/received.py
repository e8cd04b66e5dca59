"""When a party had taken in what the other wrote: the steps of its `seen` (formats.md 4, "Received")."""

from bisect import bisect_right
from collections.abc import Iterable

from events.encoding.identifiers import Role
from events.stored.read_model import ReceivedStep


class ReceivedSteps:
    """The steps of both journals of a relationship, by the journal that was taken in."""

    def __init__(self, steps: Iterable[ReceivedStep] = ()) -> None:
        self._steps: dict[Role, list[ReceivedStep]] = {role: [] for role in Role}
        for step in steps:
            self.add(step)

    def add(self, step: ReceivedStep) -> None:
        """Remember a step; it goes further than all before it."""
        self._steps[step.role].append(step)

    def taken(self, role: Role) -> int:
        """Return the size of a party's journal that its reader has taken in."""
        steps = self._steps[role]
        return steps[-1].seen if steps else 0

    def at(self, role: Role, position: int, as_of: int) -> str | None:
        """Return when this position was taken in, as known at a local sequence; None: not yet."""
        steps = self._steps[role]
        found = bisect_right(steps, position, key=_seen)
        if found == len(steps) or steps[found].sequence > as_of:
            return None
        return steps[found].time


def _seen(step: ReceivedStep) -> int:
    return step.seen
