"""From what the store keeps to what judging and folding look at."""

from typing import Any

from domain.judging.history import PastEvent
from events.catalogue.registry import EventType, decode_body, event_type
from events.encoding.canonical import decode
from events.encoding.entry import Head
from events.errors import CanonicalError, EntryError
from events.stored.journal import StoredEntry


def past_of(stored: StoredEntry) -> PastEvent:
    """Return a stored entry as an event of the past, its verdict beside it.

    What cannot be read is None: the head of a malformed entry, the type of an unknown one, a body that its type does
    not know or that was erased.
    """
    head = _head_of(stored.head)
    type_ = None if head is None else event_type(head.type)
    return PastEvent(
        role=stored.role,
        position=stored.position,
        leaf=stored.leaf,
        head=head,
        type=type_,
        body=None if type_ is None or stored.body is None else _body_of(type_, stored.body),
        code=stored.code,
        violates=stored.violates,
        sequence=stored.sequence,
    )


def _head_of(raw: bytes) -> Head | None:
    try:
        return Head.parse(raw)
    except EntryError:
        return None


def _body_of(type_: EventType, raw: bytes) -> Any:  # noqa: ANN401 - the model of whatever type it is
    try:
        return decode_body(type_, decode(raw))
    except (CanonicalError, EntryError):
        return None
