"""From what the store keeps to what judging and folding look at."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import orjson

from domain.judging.history import PastEvent
from events.catalogue.registry import EventType, decode_body, event_type
from events.encoding.canonical import decode
from events.encoding.entry import Head, is_body_of, names_body
from events.errors import CanonicalError, EntryError
from events.journal.tree import leaf_hash
from events.stored.journal import UNPROVEN, StoredEntry
from services.gateway.exchange.errors import StoreDamagedError

ReadEntry = Callable[[StoredEntry], PastEvent]
"""Returns a stored entry as an event of the past."""

_MOST_RECENT = 8192


class RecentEvents:
    """Accepted entries that were judged a moment ago: what follows them up need not read them again.

    The writer adds what is committed; any thread may ask. Nothing is lost if it forgets.
    """

    def __init__(self, most: int = _MOST_RECENT) -> None:
        self._most = most
        self._events: dict[bytes, PastEvent] = {}

    def add(self, events: Iterable[PastEvent]) -> None:
        """Remember committed events; the oldest make room."""
        for past in events:
            if past.code is None:
                self._events[past.leaf] = past
        for leaf in list(islice(self._events, max(0, len(self._events) - self._most))):
            del self._events[leaf]

    def past_of(self, stored: StoredEntry) -> PastEvent:
        """Return a stored entry as an event of the past, as `past_of` reads it."""
        past = self._events.get(stored.leaf)
        if past is None or stored.body is None or (past.role, past.position) != (stored.role, stored.position):
            return past_of(stored)
        kept = (past.head, past.type, past.body, stored.code, stored.violates, stored.sequence)
        return PastEvent(stored.role, stored.position, stored.leaf, *kept)


def past_of(stored: StoredEntry) -> PastEvent:
    """Return a stored entry as an event of the past, its verdict beside it.

    What cannot be read is None: the head of a malformed entry, the type of an unknown one, a body that its type does
    not know or that was erased. The form of what was accepted once is not checked again, for its hashes are right.

    Raises:
        StoreDamagedError: they are not.
    """
    if leaf_hash(stored.head) != stored.leaf:
        raise damaged(stored, "head")
    if stored.code is None:
        return _accepted(stored, Head.reread(stored.head))
    head = _head_of(stored.head)
    if head is not None and stored.body is not None and stored.code not in UNPROVEN:
        _check_body(stored, head, stored.body)
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


def check_whole(stored: StoredEntry) -> None:
    """Ask that an entry is as it was signed, before it is shown to anybody as such.

    Raises:
        StoreDamagedError: its head has another hash than its leaf, or its body than its head says.
    """
    if leaf_hash(stored.head) != stored.leaf:
        raise damaged(stored, "head")
    if stored.body is not None and stored.code not in UNPROVEN and not names_body(stored.head, stored.body):
        raise damaged(stored, "body")


def damaged(stored: StoredEntry, part: str) -> StoreDamagedError:
    """Return the error of an entry of which a part is not as it was signed."""
    return StoreDamagedError(
        f"the {part} of entry {stored.position} of the {stored.role.value} is not as it was signed"
        "; try: counterfoil fsck"
    )


def _check_body(stored: StoredEntry, head: Head, body: bytes) -> None:
    if not is_body_of(head, body):
        raise damaged(stored, "body")


def _accepted(stored: StoredEntry, head: Head) -> PastEvent:
    type_, raw = event_type(head.type), stored.body
    body = None
    if raw is not None:
        _check_body(stored, head, raw)
        body = None if type_ is None else decode_body(type_, orjson.loads(raw))
    return PastEvent(
        stored.role, stored.position, stored.leaf, head, type_, body, None, stored.violates, stored.sequence
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
