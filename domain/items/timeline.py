"""The timeline of an item: every entry about it, in the one order, with its three times and its marks.

Refused entries are shown with their code; corrected ones as they were, with what was put right beside them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from domain.clocks.clock import day_of
from domain.deviation.overtaking import Overtaking
from domain.items.item import AnyItem, Item, item_of
from domain.items.parts import corrections_of
from domain.items.rows import Row, ref_to
from domain.items.surroundings import ReceivedAt, Surroundings
from domain.items.words import occurred, text_of
from domain.judging.context import Standing
from domain.judging.history import PastEvent
from domain.key_person.posts import Holding, held_by
from domain.parties.right import PERSON
from domain.steps.crossing import Crossing
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

HeldBy = Callable[[Role, str, date], Sequence[Holding]]


def timeline_of(events: Sequence[PastEvent], surroundings: Surroundings, received: ReceivedAt) -> list[Row]:
    """Return a row for each entry of a matter and of its review, refused ones included; they come in the one order."""
    item = item_of(events, surroundings)
    blocks = _blocks(item, surroundings)
    held = cache(partial(held_by, surroundings.around.context))  # most of a matter is signed by few people
    rows = []
    for past in events:
        row = _row_of(past, item, blocks.get((past.role, past.position)), surroundings, received)
        rows.append({**row, "posts": _posts(past, held)})
    return rows


def _blocks(item: AnyItem | None, surroundings: Surroundings) -> dict[tuple[Role, int], PastEvent]:
    """Return the first block that crossed each entry that is overtaken, lifted or not."""
    if item is None:
        return {}
    found: Sequence[Overtaking | Crossing] = (
        item.deviation.overtakings if isinstance(item, Item) else item.crossings(surroundings.around)
    )
    return {(each.overtaken.role, each.overtaken.position): each.block for each in reversed(found)}


def _row_of(
    past: PastEvent, item: AnyItem | None, block: PastEvent | None, surroundings: Surroundings, received: ReceivedAt
) -> Row:
    return {
        "journal": past.role.value,
        "position": past.position,
        "sequence": past.sequence,
        **_attributes(past),
        "occurred": occurred(past.body),
        "received": received(past.role, past.position),
        **_marks(past, block, surroundings),
        "text": text_of(past.body),
        "body": _shown(past.body),
        "corrections": [] if item is None else list(_corrections(past, item)),
    }


def _attributes(past: PastEvent) -> Row:
    head = past.head
    return {
        "id": None if head is None else head.id,
        "type": None if head is None else head.type,
        "kind": None if past.type is None else past.type.kind.value,
        "subject": None if head is None else head.subject,
        "actor": None if head is None else head.actor,
        "cause": None if head is None else head.cause,
        "seen": None if head is None else head.seen,
        "recorded": None if head is None else head.time,
    }


def _marks(past: PastEvent, block: PastEvent | None, surroundings: Surroundings) -> Row:
    standing = Standing.STANDS if past.code is not None else surroundings.standing_of(past)
    return {
        "code": past.code,
        "violates": past.violates,
        "disputed": standing is Standing.DISPUTED,
        "void": standing is Standing.VOID,
        "overtaken": block is not None,
        "overtaken_by": None if block is None else ref_to(block),
    }


def _posts(past: PastEvent, held: HeldBy) -> list[Row] | None:
    """Return the posts that whoever signed an entry held on its day, none or several; None where nobody signed.

    Source: NMPA 134/2025 (XXII), "key personnel of both drug contract enterprises".
    """
    signature = getattr(past.body, "signature", None)
    if signature is None:
        return None
    person = signature.person.removeprefix(PERSON)
    return [
        {
            "post": each.post,
            "qualification": each.qualification,
            "deputy_for": each.deputy_for,
            "by": ref_to(each.entry),
        }
        for each in held(past.role, person, day_of(parse_moment(past.time)))
    ]


def _shown(body: Any) -> Row | None:  # noqa: ANN401 - as above
    if body is None:
        return None
    shown: Row = body.model_dump(by_alias=True, mode="json", exclude={"salt"})
    return shown


def _corrections(past: PastEvent, item: AnyItem) -> Iterable[Row]:
    for correction in corrections_of(item.corrections, past):
        for change in correction.body.changes:
            yield {
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "by": ref_to(correction),
                "at": correction.time,
                "reason": correction.body.reason,
            }
