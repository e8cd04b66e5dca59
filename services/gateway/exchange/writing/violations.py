"""What a fact that broke a gate leads to: a deviation of its author, opened in the same page (formats.md 6)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from domain.deviation.names import OPENED, PREFIX
from domain.drafts import Draft
from domain.judging.context import Context
from domain.judging.labelling import labels_in
from domain.steps.numbering import human_number
from events.catalogue.deviation import MAX_BATCHES
from events.encoding.identifiers import uuid7
from events.encoding.moments import format_moment
from services.gateway.exchange.writing.own_journal import RecordedEvent
from services.gateway.ports.clock import Chance

SOURCE = "gateway"

_ID_BYTES = 10
_LONGEST = 10_000


def deviation_about(event: RecordedEvent, context: Context, chance: Chance, at: datetime, number: int) -> Draft:
    """Return the deviation of a fact that broke a gate: about its batches, product, line and site.

    `number` counts the deviations of this party; the entry's `cause` names the fact.
    """
    past = event.past
    named = dict(_named(_labels(event, context)))
    body: dict[str, Any] = {
        "number": human_number(PREFIX, at, number),
        "source": SOURCE,
        "title": f"{event.broken}: {past.name}",
        "description": event.detail[:_LONGEST],
        "detected_at": format_moment(at),
        **named,
    }
    identity = uuid7(int(at.timestamp() * 1000), chance(_ID_BYTES))
    return Draft(OPENED, f"deviation/{identity}", body, event.stored.id)


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
