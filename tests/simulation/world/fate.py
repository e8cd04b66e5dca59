"""What is to befall a process: its death, or another of its parts at work, at a named point of the way."""

from dataclasses import dataclass


class Died(BaseException):
    """The process is gone: no handler of the product runs on."""


@dataclass(slots=True)
class Doom:
    """The next death: at the `left`-th time that a point is reached, or any point if none is named."""

    point: str | None
    left: int
    down: int  # how many actions pass it by before it is started again

    def meets(self, point: str) -> bool:
        if self.point in (None, point):
            self.left -= 1
        return self.left <= 0


@dataclass(slots=True)
class Meanwhile:
    """A part that is let in the next so many times that a point is reached."""

    point: str
    part: str
    left: int = 1
