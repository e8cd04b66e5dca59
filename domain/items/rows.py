"""Items and clocks as rows: JSON values in the words of the wire, equal on both sides that hold the same entries."""

from datetime import datetime
from typing import Any

from domain.communication_list.in_force import ListVersion
from domain.items.clocks import Clock, clocks_of, earliest_due, is_historical
from domain.items.item import AnyItem, Item
from domain.items.matter_item import MatterItem
from domain.items.parts import answer_to, body_of
from domain.items.state import state_of
from domain.items.surroundings import ReceivedAt, Surroundings
from domain.items.words import text_of
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef
from events.catalogue.communication_list import Limit
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment

Row = dict[str, Any]


def rows_of(item: AnyItem, surroundings: Surroundings, received: ReceivedAt) -> tuple[Row, dict[str, Row]]:
    """Return the row of an item and the rows of its clocks by their names.

    Times are UTC as recorded or computed; what a person stated stands as stated.
    """
    clocks = clocks_of(item, surroundings, received)
    row = _row_of(item, surroundings)
    row["historical"] = is_historical(item, surroundings)
    row["due_at"] = _moment_or_none(earliest_due(clocks))
    return row, {clock.name: clock_row(clock) for clock in clocks}


def _row_of(item: AnyItem, surroundings: Surroundings) -> Row:
    opened = item.opened
    head = opened.head
    latest = max(item.last, key=_recorded)
    return {
        "item": "" if head is None else head.subject_id,
        "relationship": "" if head is None else head.relationship,
        "owner": item.owner.value,
        "category": item.category,
        "state": state_of(item, surroundings).value if isinstance(item, Item) else item.state,
        "class": item.class_,
        **(_stated(item) if isinstance(item, Item) else _stated_of_matter(item)),
        "opened_at": opened.time,
        "changed_at": latest.time,
        "due_at": None,
        "historical": False,
        "acknowledged": _by_and_at(item.acknowledgements[0] if item.acknowledgements else None),
        "closed": _by_and_at(item.closed),
        "open_questions": sum(answer_to(item.answers, question) is None for question in item.questions),
        "investigation": _investigation(item),
        "violates": item.violates,
        "disputed": item.disputed,
        "overtaken": _is_overtaken(item, surroundings),
        "verified": True,
        "opened_by": ref_to(opened),
        "last": {past.role.value: past.position for past in sorted(item.last, key=_recorded)},
    }


def _is_overtaken(item: AnyItem, surroundings: Surroundings) -> bool:
    """Tell whether something of it crossed a block that still stands."""
    if isinstance(item, Item):
        return bool(item.deviation.closings) and item.deviation.is_overtaken
    return any(each.is_open for each in item.crossings(surroundings.around))


def _investigation(item: AnyItem) -> Row | None:
    found = item.investigation if isinstance(item, Item) else None
    return None if found is None else ref_to(found)


def _stated(item: Item) -> Row:
    """Return what the owner stated when it opened the item, as corrected, with the batches linked since."""
    body = item.body_of(item.opened)
    product = body.product
    batches = [batch.number for batch in body.batches]
    batches += [item.body_of(link).batch.number for link in item.links]
    return {
        "number": body.number,
        "source": body.source,
        "external_number": body.external_number,
        "title": body.title,
        "description": body.description,
        "detected_at": body.detected_at,
        "occurred_at": body.occurred_at,
        "product": None if product is None else {"code": product.code, "name": product.name},
        "batches": [{"number": number} for number in dict.fromkeys(batches)],
        "line": body.line,
        "site": body.site,
    }


def _stated_of_matter(item: MatterItem) -> Row:
    """Return the same of a matter that has a scope: of several products, lines or sites the first; all stand in it."""
    body = body_of(item.corrections, item.opened)
    scope = body.scope
    product = scope.products[0] if scope.products else None
    batches = [batch.number for batch in scope.batches]
    batches += [body_of(item.corrections, link).batch.number for link in item.links]
    return {
        "number": body.number or "",
        "source": body.source or "",
        "external_number": getattr(body, "external_number", None),
        "title": getattr(body, "title", None) or text_of(body) or "",
        "description": getattr(body, "description", None),
        "detected_at": item.stated_at or item.opened.time,
        "occurred_at": None,
        "product": None if product is None else {"code": product.code, "name": product.name},
        "batches": [{"number": number} for number in dict.fromkeys(batches)],
        "line": scope.lines[0] if scope.lines else None,
        "site": scope.sites[0] if scope.sites else None,
        "scope": {
            "products": [{"code": each.code, "name": each.name} for each in scope.products],
            "batches": [{"number": each.number} for each in scope.batches],
            "lines": list(scope.lines),
            "sites": list(scope.sites),
        },
    }


def clock_row(clock: Clock) -> Row:
    """Return the row of a clock; without a limit of the list, `due_at` is a day that its party promised."""
    start, stop = clock.start, clock.stop
    return {
        "name": clock.name,
        "limit": None if clock.limit is None else _limit_row(clock.limit),
        "party": clock.party,
        "start": None if clock.limit is None else clock.limit.start,
        "stop": None if clock.limit is None else clock.limit.stop,
        "started_at": format_moment(start.at),
        "start_known": start.known.value,
        "started_by": ref_to(start.by),
        "list": None if clock.list_version is None else _list_row(clock.list_version),
        "due_at": format_moment(clock.due.at),
        "provisional": clock.due.provisional,
        "stopped_at": None if stop is None else format_moment(stop.at),
        "stopped_by": None if stop is None else ref_to(stop.by),
        "state": clock.state.value,
    }


def _limit_row(limit: Limit) -> Row:
    return {
        "name": limit.name,
        "class": limit.class_,
        "value": limit.value,
        "unit": limit.unit,
        "calendar": _named(limit.calendar),
    }


def _list_row(version: ListVersion) -> Row:
    return {"version": version.number, "activation": ref_to(version.version.activation)}


def ref_to(past: PastEvent) -> Row:
    """Return how other entries name this one."""
    return {"journal": past.role.value, "position": past.position, "leaf": encode_base64(past.leaf)}


def _named(ref: EventRef | None) -> Row | None:
    return None if ref is None else {"journal": ref.journal, "position": ref.position, "leaf": ref.leaf}


def _by_and_at(past: PastEvent | None) -> Row | None:
    if past is None or past.head is None:
        return None
    return {"by": past.head.actor, "at": past.time, "journal": past.role.value, "position": past.position}


def _moment_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else format_moment(moment)


def _recorded(past: PastEvent) -> tuple[str, bool, int]:
    """Order entries of both parties by time; two of the same moment have one order all the same."""
    return past.time, past.role is Role.CMO, past.position
