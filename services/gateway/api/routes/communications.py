"""The communication list: items by filters, now or as of a moment; one item, its timeline, entries and clocks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.matters import KIND_OF, KINDS
from events.encoding.identifiers import Role
from services.gateway.api.blobs.states import files_of, files_of_entry
from services.gateway.api.delivery import Deliveries, delivery_of_item, subjects_of
from services.gateway.api.edge.callers import Caller, Reader, TheGateway
from services.gateway.api.edge.commanding import ItemId, owners_in
from services.gateway.api.edge.moments import AsOfText, moment_of, respond_at
from services.gateway.api.edge.paging import link_header, page
from services.gateway.api.edge.relationships import named
from services.gateway.api.escalating import escalated, time_of
from services.gateway.api.gateway import Gateway
from services.gateway.api.listing import PageFilters, cursor_after, item_row, read_item_cursor
from services.gateway.api.problems import Problem
from services.gateway.api.routes.events import delivered_row, event_row
from services.gateway.api.shapes import Item, ItemPage, Rows, page_of
from services.gateway.api.steps import steps_of
from services.gateway.commands.matters import Matter
from services.gateway.projections.explaining import explained_clocks
from services.gateway.projections.timeline import timeline

router = APIRouter(prefix="/v1/communications", tags=["communication list"])


@router.get("", responses=page_of(ItemPage))
def list_items(request: Request, _caller: Reader, gateway: TheGateway, asked: PageFilters) -> Response:
    """List items, a page at a time."""
    moment = moment_of(gateway, asked.as_of)
    query = asked.query(relationship_number(gateway, asked.relationship), moment)
    after = read_item_cursor(asked.cursor, asked.sort)
    with gateway.read_model.reading() as rows:
        found = [version for _, version in rows.items(replace(query, after=after, limit=asked.limit + 1))]
        more: dict[str, Any] = {"total": rows.count_items(query)} if asked.total else {}
    shown = found[: asked.limit]
    following = cursor_after(asked.sort, shown[-1]) if len(found) > asked.limit else None
    body = orjson.dumps(page([item_row(version) for version in shown], following, **more))
    answer = respond_at(request, moment, body)
    answer.headers.update(link_header(request, following))
    return answer


@router.get("/{item}", responses=page_of(Item))
def read_item(request: Request, caller: Reader, gateway: TheGateway, item: ItemId, as_of: AsOfText = None) -> Response:
    """Return one item; as it stands, also what the caller may do now."""
    moment = moment_of(gateway, as_of)
    with gateway.read_model.reading() as rows:
        found = rows.item(item, moment.as_of)
    if found is None:
        raise _no_item(item)
    number, version = found
    shown = item_row(version)
    if not moment.fixed:
        delivery = delivery_of_item(gateway, number, item)
        shown = {**shown, "delivery": delivery, "steps": _steps(gateway, caller, number, item, version.row)}
    return respond_at(request, moment, orjson.dumps(shown))


@router.get("/{item}/timeline", responses=page_of(Rows))
def read_timeline(
    request: Request, _caller: Reader, gateway: TheGateway, item: ItemId, as_of: AsOfText = None
) -> Response:
    """Return everything written about an item, in the one order, refused entries with their code."""
    moment = moment_of(gateway, as_of)
    number = _relationship_of(gateway, item)
    rows = timeline(gateway.store, gateway.read_model, number, item, moment.as_of)
    if not moment.fixed:
        rows = [{**row, "attachments": files_of(gateway, number, row["body"])} for row in rows]
    return respond_at(request, moment, orjson.dumps({"data": rows}))


@router.get("/{item}/events", responses=page_of(Rows))
def read_events(
    request: Request, _caller: Reader, gateway: TheGateway, item: ItemId, as_of: AsOfText = None
) -> Response:
    """Return the entries of an item and of its review, as they were signed, by local sequence."""
    moment = moment_of(gateway, as_of)
    number = _relationship_of(gateway, item)
    subjects = subjects_of(item)
    with gateway.store.reading() as reading:
        between = next(each.relationship for each in reading.relationships() if each.number == number)
        histories = [reading.histories(number, role, subjects) for role in Role]
    entries = [entry for history in histories for found in history.values() for entry in found]
    known = sorted((entry for entry in entries if entry.sequence <= moment.sequence), key=lambda entry: entry.sequence)
    if moment.fixed:
        rows = [event_row(between, entry) for entry in known]
    else:
        deliveries = Deliveries(gateway)
        rows = [
            {**delivered_row(between, entry, deliveries), "attachments": files_of_entry(gateway, number, entry)}
            for entry in known
        ]
    return respond_at(request, moment, orjson.dumps({"data": rows}))


@router.get("/{item}/clocks", responses=page_of(Rows))
def read_clocks(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    item: ItemId,
    as_of: AsOfText = None,
    *,
    explain: Annotated[bool, Query(description="with every day that was counted, and why")] = False,
) -> Response:
    """Return the clocks of an item; of those that run also the stage (hundredths of the time) and whom it concerns."""
    moment = moment_of(gateway, as_of)
    if explain:
        number = _relationship_of(gateway, item)
        shown = explained_clocks(gateway.store, gateway.read_model, number, item, moment.as_of)
    else:
        with gateway.read_model.reading() as rows:
            if rows.item(item, moment.as_of) is None:
                raise _no_item(item)
            shown = [dict(clock.row) for clock in rows.clocks([item], moment.as_of)]
    at = time_of(gateway, moment)
    return respond_at(request, moment, orjson.dumps({"data": [escalated(row, at) for row in shown]}))


def relationship_number(gateway: Gateway, name: str | None) -> int | None:
    """Return the number of the relationship that a filter names.

    Raises:
        Problem: `not-found`.
    """
    if name is None:
        return None
    with gateway.store.reading() as reading:
        return named(reading, name).number


def _steps(gateway: Gateway, caller: Caller, number: int, item: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    with gateway.store.reading() as reading:
        stored = next(each for each in reading.relationships() if each.number == number)
    return steps_of(gateway, caller, stored, Matter(KIND_OF[row["category"]], item, Role(row["owner"])))


def _relationship_of(gateway: Gateway, item: str) -> int:
    with gateway.store.reading() as reading:
        for stored in reading.relationships():
            if any(owners_in(reading, stored.number, kind, [item]) for kind in KINDS):
                return stored.number
    raise _no_item(item)


def _no_item(item: str) -> Problem:
    return Problem("not-found", f"there is no item {item}")
