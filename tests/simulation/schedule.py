"""A schedule: everything that happens in one run, as plain data, so that it can be repeated, kept and cut down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from events.encoding.identifiers import Role

Number = int | float | str


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that happens, to one side or to the world, with its numbers (`playing.PLAYS` says which)."""

    what: str
    side: Role | None = None
    numbers: tuple[Number, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, (*([self.side.value] if self.side else []), self.what, *self.numbers)))

    def to_json(self) -> list[Number]:
        return [self.what, "" if self.side is None else self.side.value, *self.numbers]

    @classmethod
    def from_json(cls, said: Sequence[Number]) -> Self:
        what, side, *numbers = said
        return cls(str(what), Role(str(side)) if side else None, tuple(numbers))


@dataclass(frozen=True, slots=True)
class Schedule:
    """A beginning and what happens then; afterwards every fault ends and the world comes to rest."""

    seed: int
    beginning: str
    actions: tuple[Action, ...]

    def with_actions(self, actions: Sequence[Action]) -> "Schedule":
        return replace(self, actions=tuple(actions))

    def dump(self) -> str:
        """Return the schedule as JSON, an action a line."""
        lines = ",\n".join("  " + json.dumps(action.to_json()) for action in self.actions)
        return f'{{"seed": {self.seed}, "beginning": "{self.beginning}", "actions": [\n{lines}\n]}}\n'

    @classmethod
    def load(cls, text: str) -> Self:
        said = json.loads(text)
        return cls(said["seed"], said["beginning"], tuple(map(Action.from_json, said["actions"])))
