"""Both journals of a bundle in one order, in which whatever an entry saw comes before it.

An entry waits until as much of the partner's journal was taken as it claims to have seen. One that claims more than
there is, or that waits for an entry which has seen it, claims the impossible: it is taken as it is, to be refused.
A journal stops at the first entry whose body is withheld; with it stop all entries that have seen so far.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from domain.judging.judge import Arrival, read_line
from events.bundle.entry_lines import ShownEntry
from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class Next:
    """The next entry of a journal, read, with how much of the partner's it claims to have seen."""

    entry: ShownEntry
    arrival: Arrival

    @property
    def seen(self) -> int:
        """How much of the partner's journal has to come first."""
        entry = self.arrival.entry
        return 0 if entry is None else entry.head.seen


@dataclass(slots=True)
class CausalOrder:
    """Yields entries of both journals; `is_whole` tells of one without a body whether it never had one to show.

    `is_impossible` tells whether the partner refused an entry because of what it claims to have seen.
    """

    streams: Mapping[Role, Iterator[ShownEntry]]
    is_whole: Callable[[ShownEntry], bool]
    is_impossible: Callable[[ShownEntry], bool]
    taken: dict[Role, int] = field(default_factory=lambda: dict.fromkeys(Role, 0))
    stopped: set[Role] = field(default_factory=set)
    _waiting: dict[Role, Next] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Next]:
        for each in Role:
            self._advance(each)
        while (role := self._ready()) is not None:
            found = self._waiting.pop(role)
            self.taken[role] += 1
            self._advance(role)
            yield found

    def stop(self, role: Role, size: int) -> None:
        """Take no more of a journal, which was judged up to a size."""
        self.stopped.add(role)
        self.taken[role] = size
        self._waiting.pop(role, None)

    def _advance(self, role: Role) -> None:
        entry = None if role in self.stopped else next(self.streams[role], None)
        if entry is None:
            return
        if entry.head is None or (entry.body is None and not self.is_whole(entry)):
            self.stopped.add(role)
            return
        self._waiting[role] = Next(entry, read_line(entry.line))

    def _ready(self) -> Role | None:
        for role, waiting in self._waiting.items():
            if waiting.seen <= self.taken[role.other]:
                return role
        for role in list(self._waiting):
            if role.other in self.stopped:  # it has seen what is not shown
                self.stop(role, self.taken[role])
        blocked = [role for role in Role if role in self._waiting]
        impossible = [role for role in blocked if self.is_impossible(self._waiting[role].entry)]
        return next(iter([*impossible, *blocked]), None)
