"""Deviations that the gateway opens by itself, in the page of the entry that led to them; `cause` names that entry.

A fact that broke a gate leads to one (formats.md 6); so does the release of a batch before which numbers of its series
are missing: a gap is an item, with its clocks, until somebody explains it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.as_read import as_read
from domain.batch.lineage import batch_of
from domain.batch.names import SUBMITTED
from domain.batch.series import missing_before, numbers_before
from domain.deviation.names import OPENED, PREFIX
from domain.drafts import Draft
from domain.judging.context import Context
from domain.judging.labelling import labels_in
from domain.steps.numbering import human_number
from events.catalogue.deviation import MAX_BATCHES
from events.encoding.identifiers import Role, uuid7
from events.encoding.moments import format_moment
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.writing.own_journal import RecordedEvent
from services.gateway.ports.clock import Chance

SOURCE = "gateway"
GAP = "batch.numbers_missing"
"""What the title of a deviation about a gap in a series of batch numbers begins with."""

_ID_BYTES = 10
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class OwnDeviations:
    """What deviations are opened from by themselves: when, chance for their ids, and the count of the next."""

    at: datetime
    chance: Chance
    next_count: Callable[[], int]

    def following(self, event: RecordedEvent, context: Context, gathering: Gathering) -> list[Draft]:
        """Return the deviations that follow an own entry in its page."""
        if event.broken:
            return [self._about_violation(event, context)]
        if event.past.name == SUBMITTED and event.past.body.release is None:  # the one that came with the release
            return self._about_gap(event, context, gathering)
        return []

    def _about_violation(self, event: RecordedEvent, context: Context) -> Draft:
        """Return the deviation of a fact that broke a gate: about its batches, product, line and site."""
        named = dict(_named(_labels(event, context)))
        return self._opened(event, f"{event.broken}: {event.past.name}", event.detail, named)

    def _about_gap(self, event: RecordedEvent, context: Context, gathering: Gathering) -> list[Draft]:
        """Return the deviation about numbers that nobody entered before the one of a batch that is released.

        A number is known once an entry of either party carries it. The deviation is about the missing numbers, not
        about the batch: it shuts the release of what turns up later under one of them, and is told once.

        Source: domain.md 4, "Everything that should be there": "a gap is an item".
        """
        opened = batch_of(context, event.originator_id.partition("/")[2]).opening
        if opened is None:
            return []
        number, before = opened.body.number, numbers_before(opened.body.number)
        known = known_numbers(gathering, before)
        missing = missing_before(number, known.__contains__)
        if not missing:
            return []
        product = opened.body.product
        named = {
            "batches": [{"number": each} for each in missing[:MAX_BATCHES]],
            "product": {"name": product.name, "code": product.code},
            "site": opened.body.site,
        }
        words = f"no entry carries these batch numbers: {', '.join(missing)}; {number} follows them and is released"
        return [self._opened(event, f"{GAP}: {number}", words, named)]

    def _opened(self, event: RecordedEvent, title: str, words: str, named: Mapping[str, Any]) -> Draft:
        body: dict[str, Any] = {
            "number": human_number(PREFIX, self.at, self.next_count()),
            "source": SOURCE,
            "title": title,
            "description": words[:_LONGEST],
            "detected_at": format_moment(self.at),
            **named,
        }
        identity = uuid7(int(self.at.timestamp() * 1000), self.chance(_ID_BYTES))
        return Draft(OPENED, f"deviation/{identity}", body, event.stored.id)


def known_numbers(gathering: Gathering, numbers: Sequence[str]) -> set[str]:
    """Return those of some batch numbers that an accepted entry of either party carries as a label."""
    for role in Role:
        gathering.numbers(role, list(map(as_read, numbers)))
    return {each for each in numbers for role in Role if gathering.view(role).subjects_of_batch(as_read(each))}


def _labels(event: RecordedEvent, context: Context) -> list[str]:
    past = event.past
    if past.type is None or past.head is None:
        return []
    return sorted(labels_in(context, past.type, past.head.subject, past.body))


def _named(labels: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Return the fields of a deviation that labels fill: all batches, and the first of each other kind."""
    known: dict[str, list[str]] = {}
    for label in labels:
        kind, _, name = label.partition("/")
        known.setdefault(kind, []).append(name)
    if "batch" in known:
        yield "batches", [{"number": name} for name in known["batch"][:MAX_BATCHES]]
    if "product" in known:
        yield "product", {"name": known["product"][0], "code": known["product"][0]}
    for kind in ("line", "site"):
        if kind in known:
            yield kind, known[kind][0]
