"""What this gateway concluded of late, and what the partner states it did: two who hold the same conclude the same.

Rows follow commits in a thread of their own, so a receipt states conclusions only where rows stand at the very sizes
that it names; a statement of the partner is compared as soon as rows stand, or lately stood, at its sizes. Heartbeats
repeat statements, so that two quiet gateways always come to compare (formats.md 4).

What is lost if the process dies: what was compared; the next heartbeats show it again.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from events.conclusions.total import Concluded, Sizes
from events.journal.receipt import NOT_COMPUTED

DIFFER = "conclusions.differ"
"""The alarm of two gateways that hold the same and conclude differently."""

KEPT = 256  # latest sizes whose sums are remembered, for statements that come a little late
_SHOWN = 10  # items named in an alarm


@dataclass(frozen=True, slots=True)
class Difference:
    """Two gateways hold the same and conclude differently; `items` are those that a fresh fold shows otherwise here.

    `items` is None until rows were compared with a fresh fold; empty where they are the very same.
    """

    sizes: Sizes
    own: str
    partner: str
    items: tuple[str, ...] | None = None

    def __str__(self) -> str:
        """Return what people are told."""
        said = f"at {self.sizes} this gateway concluded {self.own}, the partner {self.partner}"
        if self.items is None:
            return f"{said}; rows are being compared with a fresh fold"
        if not self.items:
            return f"{said}; a fresh fold gives the rows that stand here: the partner's rows or its version differ"
        more = f" and {len(self.items) - _SHOWN} more" if len(self.items) > _SHOWN else ""
        wrong = ", ".join(self.items[:_SHOWN])
        return f"{said}; a fresh fold differs here in {wrong}{more}; try: counterfoil projections rebuild"


class Conclusions:
    """The conclusions of one relationship. Any thread may use it."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._own: OrderedDict[Sizes, str] = OrderedDict()
        self._claim: tuple[Sizes, str] | None = None
        self._agreed: Sizes | None = None
        self._difference: Difference | None = None

    @property
    def latest(self) -> Sizes | None:
        """The sizes at which rows stand now; None where nothing was concluded yet."""
        with self._turn:
            return next(reversed(self._own), None)

    @property
    def agreed(self) -> Sizes | None:
        """The latest sizes at which both concluded the same."""
        with self._turn:
            return self._agreed

    @property
    def difference(self) -> Difference | None:
        """Where the two conclude differently, as long as nothing later shows that they agree again."""
        with self._turn:
            return self._difference

    def conclude(self, concluded: Concluded) -> None:
        """Remember what the rows come to; compare it with what the partner stated of these sizes."""
        with self._turn:
            self._own[concluded.sizes] = concluded.text
            self._own.move_to_end(concluded.sizes)
            if len(self._own) > KEPT:
                self._own.popitem(last=False)
            self._compare()

    def stated_at(self, sizes: Sizes) -> str:
        """Return the conclusions for a receipt that names these sizes; `-` where the rows have not stood there."""
        with self._turn:
            return self._own.get(sizes, NOT_COMPUTED)

    def hear(self, sizes: Sizes, stated: str) -> None:
        """Take in what a receipt of the partner states, and compare it with the own rows, now or once they stand there.

        The latest statement counts: one for which the own rows never stand at its sizes is let go.
        """
        if stated == NOT_COMPUTED:
            return
        with self._turn:
            if self._claim is not None and sizes.is_within(self._claim[0]):
                return  # an old receipt, sent again by whoever carries them
            self._claim = (sizes, stated)
            self._compare()

    def name(self, difference: Difference, items: Sequence[str]) -> None:
        """Say which items of the own rows a fresh fold shows otherwise."""
        with self._turn:
            if self._difference == difference:
                self._difference = replace(difference, items=tuple(items))

    def _compare(self) -> None:
        if self._claim is None:
            return
        sizes, stated = self._claim
        own = self._own.get(sizes)
        if own is None:
            return
        if own == stated:
            self._agreed, self._difference = sizes, None
            return
        found = Difference(sizes, own, stated)
        if self._difference is None or replace(self._difference, items=None) != found:
            self._difference = found
