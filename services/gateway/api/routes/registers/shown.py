"""The registers: versions of processes and standards, obligations with evidence, capability, liaison, key persons."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from domain.approved_version import names as version
from domain.clocks.clock import day_of
from domain.items.registers import key_person_rows, liaison_rows, profile_rows, version_rows
from domain.items.rows import Row
from domain.judging.context import Context
from events.catalogue.forms import Day
from events.catalogue.words import Post
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.moments import AsOfText, moment_of, respond_at
from services.gateway.api.edge.paging import Cursor, Limit, link_header, page
from services.gateway.api.edge.relationships import RelationshipName, chosen
from services.gateway.api.gateway import Gateway
from services.gateway.api.listing import cursor_after, read_item_cursor
from services.gateway.api.routes.communications import relationship_number
from services.gateway.api.shapes import Rows, page_of
from services.gateway.ports.read_model import ItemQuery
from services.gateway.projections.registers import obligation_rows, register_rows

router = APIRouter(prefix="/v1")

OnDay = Annotated[Day | None, Query(description="a day of Beijing: what holds on it")]
ProductCode = Annotated[str | None, Query(max_length=200, description="the product's code")]
SiteCode = Annotated[str | None, Query(max_length=200, description="the site")]

_SORT = "-opened_at"


class _Wanted:
    """Which versions are asked for: of a product, for a site, effective on a day."""

    def __init__(self, product: ProductCode = None, site: SiteCode = None, on: OnDay = None) -> None:
        """Take the filters of a request."""
        self._product, self._site, self._day = product, site, on

    def among(self, context: Context, kind: str) -> list[Row]:
        """Return the rows of a kind that are for product and site, and effective on the day."""
        return [row for row in version_rows(context, kind) if self._is_met_by(row)]

    def _is_met_by(self, row: Row) -> bool:
        codes = [product["code"] for product in row["scope"]["products"]]
        if self._product not in (None, *codes) or self._site not in (None, *row["scope"]["sites"]):
            return False
        if self._day is None:
            return True
        last = row["last_day"]
        return not row["disputed"] and row["effective_from"] <= self._day and (last is None or self._day <= last)


@router.get("/process-versions", tags=["process-versions"], responses=page_of(Rows))
def list_process_versions(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    wanted: Annotated[_Wanted, Depends()],
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
) -> Response:
    """List approved versions of processes; with product, site or day those that are for it."""
    return _register(request, gateway, relationship, as_of, lambda context: wanted.among(context, version.PROCESS))


@router.get("/standard-versions", tags=["standard-versions"], responses=page_of(Rows))
def list_standard_versions(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    wanted: Annotated[_Wanted, Depends()],
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
) -> Response:
    """List approved versions of registered standards; with product, site or day those that are for it."""
    return _register(request, gateway, relationship, as_of, lambda context: wanted.among(context, version.STANDARD))


@router.get("/capability-profiles", tags=["capability-profiles"], responses=page_of(Rows))
def list_profiles(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
) -> Response:
    """List capability profiles as they are with all changes, the last published first."""
    return _register(request, gateway, relationship, as_of, profile_rows)


@router.get("/liaisons", tags=["liaisons"], responses=page_of(Rows))
def list_liaisons(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
    *,
    on: OnDay = None,
) -> Response:
    """List the manufacturer's liaisons, and who is in office on a day (by default today)."""
    day = day_of(gateway.clock.now()) if on is None else date.fromisoformat(on)
    return _register(request, gateway, relationship, as_of, lambda context: liaison_rows(context, day))


@router.get("/key-persons", tags=["key-persons"], responses=page_of(Rows))
def list_key_persons(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
    *,
    on: OnDay = None,
    post: Annotated[Post | None, Query(description="the post")] = None,
) -> Response:
    """List who holds which post of both parties, deputies included; with a day those who held it then."""
    day = None if on is None else date.fromisoformat(on)
    return _register(request, gateway, relationship, as_of, lambda context: key_person_rows(context, day, post))


@router.get("/obligations", tags=["obligations"], responses=page_of(Rows))
def list_obligations(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
    *,
    state: Annotated[str | None, Query(max_length=40, description="a state")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List obligations of the agreements, each with every fulfilment and its evidence, a page at a time."""
    moment = moment_of(gateway, as_of)
    query = ItemQuery(
        relationship=relationship_number(gateway, relationship),
        category="obligations",
        state=state,
        as_of=moment.as_of,
        sort=_SORT,
        after=read_item_cursor(cursor, _SORT),
        limit=limit + 1,
    )
    with gateway.read_model.reading() as rows:
        found = list(rows.items(query))
    shown = found[:limit]
    following = cursor_after(_SORT, shown[-1][1]) if len(found) > limit else None
    data = obligation_rows(gateway.store, shown, moment.as_of)
    answer = respond_at(request, moment, orjson.dumps(page(data, following)))
    answer.headers.update(link_header(request, following))
    return answer


def _register(
    request: Request,
    gateway: Gateway,
    relationship: str | None,
    as_of: str | None,
    rows_of: Callable[[Context], list[Row]],
) -> Response:
    moment = moment_of(gateway, as_of)
    with gateway.store.reading() as reading:
        relationships = chosen(reading, relationship)
    data: list[dict[str, Any]] = [
        {"relationship": str(stored.relationship), **row}
        for stored in relationships
        for row in register_rows(gateway.store, stored.number, rows_of, moment.as_of)
    ]
    return respond_at(request, moment, orjson.dumps({"data": data}))
