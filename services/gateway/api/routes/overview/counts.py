"""How many items of each category are open, due soon and overdue, now or as of a moment."""

from datetime import timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from events.encoding.moments import format_moment
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.moments import moment_of, respond_at
from services.gateway.api.escalating import time_of
from services.gateway.api.listing import ItemFilters
from services.gateway.api.routes.communications import relationship_number
from services.gateway.api.routes.overview.shapes import Counts
from services.gateway.api.shapes import page_of

router = APIRouter(prefix="/v1/communications", tags=["communication list"])

DEFAULT_HOURS = 24


class CountFilters(ItemFilters):
    """Which items, and how many hours ahead an open one counts as due."""

    due_within_hours: int = Field(default=DEFAULT_HOURS, ge=1, le=24 * 366)


@router.get("/counts", responses=page_of(Counts))
def count_items(
    request: Request, _caller: Reader, gateway: TheGateway, asked: Annotated[CountFilters, Query()]
) -> Response:
    """Count the items of the filters by category: all, open, due soon, overdue. An overdue item is not due as well."""
    moment = moment_of(gateway, asked.as_of)
    query = asked.query(relationship_number(gateway, asked.relationship), moment)
    at = time_of(gateway, moment)
    with gateway.read_model.reading() as rows:
        found = rows.counts(query, format_moment(at), format_moment(at + timedelta(hours=asked.due_within_hours)))
    data: list[dict[str, Any]] = [
        {"category": each.category, "total": each.total, "open": each.open, "due": each.due, "overdue": each.overdue}
        for each in found
    ]
    whole = {name: sum(row[name] for row in data) for name in ("total", "open", "due", "overdue")}
    return respond_at(request, moment, orjson.dumps({"data": data, "all": whole, "at": format_moment(at)}))
