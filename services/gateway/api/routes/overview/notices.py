"""Whom a line, a site, a product or a batch concerns, and who of them was told: one look over all partners.

Each partner gets a notice of its own, in its own relationship, with its own products: nobody sees another's. This says
which notice is missing.

Source: NMPA 134/2025 (V), "manufacturing shall be immediately suspended"; domain.md 2.1 (V), a notice to each MAH
concerned.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from domain.matters import KIND_OF
from events.encoding.moments import format_moment
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.queries import Text
from services.gateway.api.problems import Problem
from services.gateway.api.routes.overview.shapes import Notices
from services.gateway.ports.read_model import ItemQuery, ReadModelReading

router = APIRouter(prefix="/v1", tags=["communication list"])

MOST_NOTICES = 20
"""Of each partner; the latest are shown."""

_TOLD = ("item", "number", "external_number", "title", "state", "opened_at")


@router.get("/notices", responses={200: {"model": Notices}})
def read_notices(
    _caller: Reader, gateway: TheGateway, concerning: Text, category: Text = "suspensions", record: Text | None = None
) -> Response:
    """Return, for each partner that something concerns, the notices of a category about it that are open.

    `concerning` is a line, a site, a product's code or a batch number; it concerns a partner once any item between the
    two names it. With `record` only notices with that external number count: one investigation, a notice to each.
    """
    if category not in KIND_OF:
        raise Problem("validation", f"there is no category {category}; one of: {', '.join(sorted(KIND_OF))}")
    with gateway.store.reading() as reading:
        between = [stored for stored in reading.relationships() if stored.confirmed_at is not None]
    data: list[dict[str, Any]] = []
    with gateway.read_model.reading() as rows:
        for stored in between:
            named = rows.count_items(ItemQuery(relationship=stored.number, holding=concerning))
            if named:
                notices = _notices(rows, stored.number, concerning, category, record)
                partner = stored.relationship.party(stored.own_role.other)
                told = {"relationship": str(stored.relationship), "partner": partner, "named_by": named}
                data.append({**told, "notices": notices, "missing": not notices})
    return respond_json({"data": data, "at": format_moment(gateway.clock.now())})


def _notices(
    rows: ReadModelReading, number: int, concerning: str, category: str, record: str | None
) -> list[dict[str, Any]]:
    query = ItemQuery(
        relationship=number,
        category=category,
        state="open",
        holding=concerning,
        external_number=record,
        limit=MOST_NOTICES,
    )
    return [{name: version.row.get(name) for name in _TOLD} for _, version in rows.items(query)]
