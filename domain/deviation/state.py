"""What is known of one deviation and its review: every accepted entry in its place, and what can be relied on.

"Relied on" is an entry that is neither marked as a violation nor disputed. What opens a gate is relied on, or it opens
nothing; what shuts one needs not be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from domain.deviation.overtaking import Overtaking, overtakings
from domain.evidence import names
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef


def nothing_disputed(_past: PastEvent) -> bool:
    """Tell of every entry that it is not disputed."""
    return False


@dataclass(frozen=True)
class Deviation:
    """One deviation as its two histories tell it, each part by position. `is_disputed` is what the context says."""

    is_disputed: Callable[[PastEvent], bool] = nothing_disputed
    opened: PastEvent | None = None
    classifications: tuple[PastEvent, ...] = ()
    investigations: tuple[PastEvent, ...] = ()
    closings: tuple[PastEvent, ...] = ()
    corrections: tuple[PastEvent, ...] = ()
    approvals: tuple[PastEvent, ...] = ()
    rejections: tuple[PastEvent, ...] = ()

    def is_relied_on(self, past: PastEvent) -> bool:
        """Tell whether an entry is neither marked nor disputed."""
        return not past.violates and not self.is_disputed(past)

    @cached_property
    def classes(self) -> frozenset[str]:
        """Return every class it was ever in, by marked words and corrections too: a lowered class lifts nothing."""
        return frozenset(self._classes())

    @property
    def is_classified(self) -> bool:
        """Tell whether a classification can be relied on."""
        return any(map(self.is_relied_on, self.classifications))

    @property
    def latest_investigation(self) -> PastEvent | None:
        """Return the latest investigation, relied on or not."""
        return self.investigations[-1] if self.investigations else None

    @cached_property
    def overtakings(self) -> list[Overtaking]:
        """Return the closings that crossed a rejection."""
        return overtakings(self.closings, (*self.approvals, *self.rejections), self.is_disputed)

    @property
    def is_overtaken(self) -> bool:
        """Tell whether a closing crossed a rejection that the partner has not lifted."""
        return any(each.is_open for each in self.overtakings)

    @property
    def is_closed(self) -> bool:
        """Tell whether a closing can be relied on, overtaken or not, and nothing was investigated since."""
        closing = next(filter(self.is_relied_on, reversed(self.closings)), None)
        since = () if closing is None else (each for each in self.investigations if each.position > closing.position)
        return closing is not None and not any(map(self.is_relied_on, since))

    @property
    def is_settled(self) -> bool:
        """Tell whether it is closed for good: closed, and no rejection that crossed the closing is open."""
        return self.is_closed and not self.is_overtaken

    def last_rejection(self, investigation: PastEvent) -> PastEvent | None:
        """Return the partner's latest rejection of closing on an investigation, marked or disputed ones included."""
        return next((each for each in reversed(self.rejections) if _rests_on(each, investigation)), None)

    def standing_approval(self, investigation: PastEvent) -> PastEvent | None:
        """Return the partner's latest approval of an investigation that opens the gate now; None without one."""
        return next((each for each in reversed(self.approvals) if self.opens_the_gate(each, investigation)), None)

    def opens_the_gate(self, approval: PastEvent, investigation: PastEvent) -> bool:
        """Tell whether an approval is of exactly this investigation as it stands, relied on, and not taken back.

        A correction of the investigation that the approval had not seen leaves nothing approved; a rejection after the
        approval takes it back.
        """
        rejection = self.last_rejection(investigation)
        return (
            _rests_on(approval, investigation)
            and self.is_relied_on(approval)
            and (rejection is None or rejection.position < approval.position)
            and all(approval.has_seen(correction) for correction in self._corrections_of(investigation))
        )

    def _corrections_of(self, past: PastEvent) -> Iterator[PastEvent]:
        return (each for each in self.corrections if names(each.body.entry, past))

    def _classes(self) -> Iterator[str]:
        for each in self.classifications:
            yield each.body.class_
            for correction in self._corrections_of(each):
                yield from (
                    change.after for change in correction.body.changes if change.field == "class" and change.after
                )


def _rests_on(decision: PastEvent, investigation: PastEvent) -> bool:
    named: EventRef = decision.body.investigation
    return names(named, investigation)
