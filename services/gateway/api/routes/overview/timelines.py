"""The timeline of a batch, a product or a line: everything written about the items that concern it, in one order."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.moments import AsOfText, moment_of, respond_at
from services.gateway.api.edge.queries import Text
from services.gateway.api.edge.relationships import RelationshipName
from services.gateway.api.problems import Problem
from services.gateway.api.routes.communications import relationship_number
from services.gateway.api.routes.overview.shapes import Timeline
from services.gateway.api.shapes import page_of
from services.gateway.ports.read_model import ItemQuery
from services.gateway.projections.timeline import timelines

router = APIRouter(prefix="/v1", tags=["communication list"])

MOST_ITEMS = 200


@router.get("/timeline", responses=page_of(Timeline))
def read_timeline(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    *,
    batch: Text | None = None,
    product: Text | None = None,
    line: Text | None = None,
    relationship: RelationshipName = None,
    as_of: AsOfText = None,
) -> Response:
    """Return the timeline of a batch, of a product by its code, or of a line.

    Of more than 200 items the latest are shown, and `complete` is false.
    """
    named = [value for value in (batch, product, line) if value is not None]
    if len(named) != 1:
        raise Problem("validation", "name a batch, a product or a line, one of them")
    moment = moment_of(gateway, as_of)
    query = ItemQuery(
        relationship=relationship_number(gateway, relationship),
        batch=batch,
        holding=named[0] if batch is None else None,
        as_of=moment.as_of,
        limit=MOST_ITEMS + 1,
    )
    with gateway.read_model.reading() as rows:
        found = rows.items(query)
    items: dict[int, dict[str, dict[str, Any]]] = {}
    for number, version in found[:MOST_ITEMS]:
        if batch is not None or _concerns(version.row, product, line):
            told = {name: version.row[name] for name in ("item", "category", "number", "title")}
            items.setdefault(number, {})[version.item] = told
    shown: list[dict[str, Any]] = []
    for number, known in items.items():
        shown += timelines(gateway.store, gateway.read_model, number, known, moment.as_of)
    shown.sort(key=lambda row: (row["recorded"] or "", row["journal"], row["position"]))
    concerned = [told for known in items.values() for told in known.values()]
    body = {"data": shown, "items": concerned, "complete": len(found) <= MOST_ITEMS}
    return respond_at(request, moment, orjson.dumps(body))


def _concerns(row: Any, product: str | None, line: str | None) -> bool:  # noqa: ANN401 - a row holds any JSON
    """Tell whether an item is about a product, by its code, or about a line."""
    scope = row.get("scope") or {}
    if product is not None:
        codes = [each.get("code") for each in (row.get("product") or {}, *scope.get("products", ()))]
        return product in codes
    return line in (row.get("line"), *scope.get("lines", ()))
