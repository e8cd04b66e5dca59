"""Projections: how far the rows that screens read are folded, what they come to, and building all of them anew."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from events.conclusions.total import Sizes
from services.gateway.api.edge.answers import Key, respond_json
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Operator, TheGateway
from services.gateway.api.gateway import Gateway, PartnerStatus
from services.gateway.api.shapes import Shape
from services.gateway.exchange.conclusions import Difference

router = APIRouter(prefix="/v1/projections", tags=["operation"])


@router.get("", responses={200: {"model": Shape}})
def read_projections(_caller: Operator, gateway: TheGateway) -> Response:
    """Say how far rows are folded, how far a rebuild has come, and whether partners conclude the same."""
    return respond_json(_told(gateway))


@router.post("/rebuild", status_code=202, responses={202: {"model": Shape}})
def rebuild(
    _caller: Operator, gateway: TheGateway, _key: Key, _given: Annotated[Given[BaseModel], body(RequestModel)]
) -> Response:
    """Fold everything anew from entry 0, beside the rows that stand; they are replaced at once when it is done."""
    gateway.rebuild()
    return Response(orjson.dumps(_told(gateway)), 202, media_type="application/json")


def conclusions_row(status: PartnerStatus) -> dict[str, Any]:
    """Return what both gateways concluded, in the words of the wire."""
    return {
        "concluded": _sizes(status.concluded),
        "agreed": _sizes(status.agreed),
        "difference": None if status.difference is None else _difference(status.difference),
    }


def _told(gateway: Gateway) -> dict[str, Any]:
    with gateway.store.reading() as reading:
        last = reading.last_sequence()
    with gateway.read_model.reading() as rows:
        position, under_way = rows.position(), rows.rebuilding()
    return {
        "position": position,
        "last_sequence": last,
        "rebuild": None if under_way is None else {"position": under_way[0], "software": under_way[1]},
        "relationships": [
            {"relationship": status.relationship, **conclusions_row(status)} for status in gateway.status()
        ],
    }


def _sizes(sizes: Sizes | None) -> dict[str, int] | None:
    return None if sizes is None else {"mah": sizes.mah, "cmo": sizes.cmo}


def _difference(found: Difference) -> dict[str, Any]:
    items = None if found.items is None else list(found.items)
    return {**(_sizes(found.sizes) or {}), "own": found.own, "partner": found.partner, "items": items}
