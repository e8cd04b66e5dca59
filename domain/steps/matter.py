"""A matter as lists and timelines show it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.agreement.in_force import Versions
from domain.steps.crossing import Blocks
from domain.steps.history import History
from domain.steps.timing import Promises, Timing, When, always, no_promises

StateOf = Callable[[History, Versions], str]
"""Returns how far a matter has come, by its history and the agreements of both parties."""

ClassOf = Callable[[History], str | None]
"""Returns the class that a matter is in by the last word that can be relied on; None before there is one."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of the quality core.

    `kind` is the kind of its subjects, `category` its place on the communication list, `closed_by` the events that end
    it, `stated_in` the field of its opening that says when it happened, if it has one, `ended` the states in which
    nothing is left to be done.

    Every matter has the limits to notify, to handle, to acknowledge and to answer; `timings` are its further ones,
    `promises` the days that its owner named for what it would do. `notified_when` tells whether the notification runs
    from the opening. `about` are the fields of its opening that name an entry of another matter, whose clocks depend on
    this one: only of a standing kind, for of those everything is at hand wherever clocks are made.

    `blocks` says of each type of entry that has a gate what would have shut it, so that one that crossed such a block
    is shown as overtaken. `stops`: entries of the matter shut gates of whatever has its scope; only of a standing kind.
    """

    kind: str
    category: str
    state_of: StateOf
    class_of: ClassOf
    closed_by: tuple[str, ...]
    stated_in: str | None
    ended: frozenset[str] = frozenset({"closed"})
    timings: tuple[Timing, ...] = ()
    promises: Promises = no_promises
    notified_when: When = always
    about: tuple[str, ...] = ()
    blocks: Mapping[str, Blocks] = field(default_factory=dict)
    stops: bool = False


def no_class(_history: History) -> str | None:
    """Return the class of a matter that has none."""
    return None
