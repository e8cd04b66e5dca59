"""The labels of an entry: its own, those of earlier entries of its subject, and of what it reviews (formats.md 2)."""

from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.bodies import Body
from events.catalogue.registry import EventType


def labels_in(context: Context, type_: EventType, subject: str, body: Body) -> set[str]:
    """Return the labels, such as `batch/B2026-001`, that an entry of this type about this subject carries."""
    labels = set(type_.labels(body))
    for past in context.accepted(context.role, subject):
        labels.update(_own_labels(past))
    if type_.reviews is not None:
        reviewed = f"{type_.reviews}/{subject.partition('/')[2]}"
        for past in context.accepted(context.role.other, reviewed):
            labels.update(_own_labels(past))
    return labels


def _own_labels(past: PastEvent) -> tuple[str, ...]:
    return () if past.type is None or past.body is None else past.type.labels(past.body)
