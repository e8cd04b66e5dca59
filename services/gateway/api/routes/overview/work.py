"""My work: open items that the caller can do something about now, those that are due first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain.clocks.escalation import Stage
from domain.matters import KIND_OF
from domain.rules import RULES
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from events.stored.read_model import ClockVersion, ItemVersion
from events.stored.relationship import StoredRelationship
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import Caller, Reader, TheGateway
from services.gateway.api.edge.moments import AsOfText, moment_of
from services.gateway.api.edge.relationships import RelationshipName
from services.gateway.api.escalating import escalated, time_of
from services.gateway.api.gateway import Gateway
from services.gateway.api.listing import cursor_after, item_row, read_item_cursor
from services.gateway.api.routes.communications import relationship_number
from services.gateway.api.routes.overview.shapes import Work
from services.gateway.api.steps import steps_of
from services.gateway.commands.matters import Matter
from services.gateway.ports.read_model import ItemQuery

router = APIRouter(prefix="/v1", tags=["communication list"])

_SORT = "due_at"
_UNDOING = frozenset({"closure-rejection", "rejection"})
_AT_ANY_TIME = frozenset({"corrections", "links", "batches", "questions"})
"""Steps that are hardly ever shut: they make no work by themselves."""
_TOLD_OF_A_CLOCK = frozenset({"name", "party", "started_at", "due_at", "provisional", "stage", "overdue", "concerns"})

Limit = Annotated[int, Query(ge=1, le=50)]
Cursor = Annotated[str | None, Query(max_length=8192, description="`next_cursor` of the page before")]


@router.get("/my-work", responses={200: {"model": Work}})
def read_my_work(
    caller: Reader,
    gateway: TheGateway,
    *,
    relationship: RelationshipName = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    as_of: AsOfText = None,
) -> Response:
    """Return the caller's work, a page at a time: each item with its running clocks and the steps that are open.

    A page looks at `limit` open items, the earliest due first, and leaves out those with nothing to do for the caller:
    an item of the partner is work while a clock runs for this party, or a step is open that the partner waits for.
    As of a moment it is what this party had open then, and whatever a clock ran for it: which steps were open to whom
    is told of now alone.
    """
    moment = moment_of(gateway, as_of)
    query = ItemQuery(
        relationship=relationship_number(gateway, relationship),
        state="open",
        sort=_SORT,
        after=read_item_cursor(cursor, _SORT),
        limit=limit + 1,
        as_of=moment.as_of,
    )
    at = time_of(gateway, moment)
    with gateway.read_model.reading() as rows:
        found = rows.items(query)
        clocks = rows.clocks([version.item for _, version in found], moment.as_of)
    with gateway.store.reading() as reading:
        between = {each.number: each for each in reading.relationships()}
    page = found[:limit]
    asking = _Asking(gateway, caller, clocks, at, is_past=moment.fixed)
    shown = [_work(asking, between[number], version) for number, version in page]
    following = cursor_after(_SORT, found[limit - 1][1]) if len(found) > limit else None
    data = [work for work in shown if work is not None]
    return respond_json({"data": data, "at": format_moment(at), "next_cursor": following, "has_more": bool(following)})


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks, the clocks of the items of the page, and the moment that is asked about."""

    gateway: Gateway
    caller: Caller
    clocks: Sequence[ClockVersion]
    at: datetime
    is_past: bool


def _work(asking: _Asking, stored: StoredRelationship, version: ItemVersion) -> Mapping[str, Any] | None:
    row = version.row
    matter = Matter(KIND_OF[row["category"]], version.item, Role(row["owner"]))
    doable = [] if asking.is_past else _doable(asking, stored, matter, row)
    running = [
        clock_shown(each.row, asking.at)
        for each in asking.clocks
        if each.item == version.item and each.row["state"] == "running"
    ]
    mine = [clock for clock in running if clock["party"] == stored.own_role.value]
    is_owner = matter.owner is stored.own_role
    if not (doable or asking.is_past) or not (is_owner or mine or any(map(_is_waited_for, doable))):
        return None
    stage = max((clock["stage"] for clock in mine), default=int(Stage.BEGUN))
    told = [{"noun": step["noun"], "address": step["address"]} for step in doable]
    return {**item_row(version), "clocks": running, "stage": stage, "steps": told}


def _doable(
    asking: _Asking, stored: StoredRelationship, matter: Matter, row: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    steps = steps_of(asking.gateway, asking.caller, stored, matter)
    opened = [step for step in steps if step["allowed"] and not step["violates"]]
    return [step for step in opened if step["noun"] not in _AT_ANY_TIME and not _was_noted(step, row)]


def clock_shown(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return what is told of a running clock beside an item: whose it is, until when, and how far it has come."""
    return {name: value for name, value in escalated(row, at).items() if name in _TOLD_OF_A_CLOCK}


def _is_waited_for(step: Mapping[str, Any]) -> bool:
    """Tell whether somebody may wait for a step of the partner: it has a rule, and does not undo what was done."""
    return step["type"] in RULES and step["noun"] not in _UNDOING


def _was_noted(step: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Tell whether a step is to take note of what somebody took note of already."""
    return step["noun"] == "acknowledgement" and row.get("acknowledged") is not None
