"""Where an entry may stand: the subject it opens or goes on with, and what must come before anything else.

- Entry 0 of a journal is `relationship.opened`, written before anything of the partner was seen.
- Any further entry, except the refusal of the partner's entry 0, needs that entry 0, accepted, with the same keys.
- The protocol's own subjects are one for each journal: `relationship/<UUID>` and `journal/<UUID>`.
- The first entry of a subject opens it; a review is of something that its author had seen.
"""

from collections.abc import Sequence

from domain.errors import DomainError
from domain.judging.context import Context
from domain.judging.history import REFUSED, PastEvent
from events.catalogue.bodies import Body
from events.catalogue.protocol import EntryRefused
from events.catalogue.registry import EventType
from events.encoding.entry import Head
from events.errors import EntryError

OPENED = "relationship.opened.v1"
_ONE_EACH = {"relationship": OPENED, "journal": None}


class NotPairedError(DomainError):
    """The pairing does not stand: the partner's first entry is missing, refused, or names other keys."""

    code = "relationship.not_paired"
    slug = "not-permitted"
    refusal = "entry.not_permitted"


def check_subject(head: Head, type_: EventType, context: Context) -> None:
    """Ask that an entry stands in a subject that it may open or that is open.

    Raises:
        EntryError: `entry.wrong_subject`.
    """
    if head.subject_kind in _ONE_EACH:
        _check_one_each(head, context)
        return
    is_first = not context.accepted(context.role, head.subject)
    if is_first and not type_.opens:
        raise _wrong_subject(f"{head.type} is about {head.subject}, which nothing has opened")
    if type_.reviews is not None:
        reviewed = f"{type_.reviews}/{head.subject_id}"
        if not context.accepted(context.role.other, reviewed):
            raise _wrong_subject(f"there is no {reviewed} of the partner to review")


def _check_one_each(head: Head, context: Context) -> None:
    """Ask that the protocol's entries of a journal are all about the one subject of their kind."""
    for past in context.views[context.role].protocol_subjects(head.subject_kind):
        if past != head.subject:
            raise _wrong_subject(f"the {head.subject_kind} of this journal is {past}")
    if head.type == OPENED and context.accepted(context.role, head.subject):
        raise _wrong_subject("the relationship is opened already")


def check_paired(head: Head, body: Body, context: Context) -> None:
    """Ask that the pairing stands before anything else is said.

    Raises:
        NotPairedError: it does not.
    """
    if head.type == OPENED:
        if context.position or head.seen:
            raise NotPairedError("the relationship is opened by entry 0, with nothing seen")
        return
    if head.type == REFUSED and isinstance(body, EntryRefused) and body.refused[0].position == 0:
        return
    fault = fault_of_pairing(*(context.standing_of(role, OPENED) for role in (context.role, context.role.other)))
    if fault is not None:
        raise NotPairedError(fault)


def fault_of_pairing(own: Sequence[PastEvent], partners: Sequence[PastEvent]) -> str | None:
    """Say why a pairing does not stand, None when it does; handed in are both parties' accepted entries 0."""
    if not own or not partners:
        return "both parties' entry 0 come first"
    if own[0].body.fingerprint != partners[0].body.fingerprint or _keys(own[0]) != _keys(partners[0]):
        return "the two parties' entries 0 name different keys"
    return None


def _keys(opened: PastEvent) -> tuple[object, ...]:
    body = opened.body
    return (body.mah.keys, body.mah.label_key, body.cmo.keys, body.cmo.label_key)


def _wrong_subject(detail: str) -> EntryError:
    return EntryError("entry.wrong_subject", detail)
