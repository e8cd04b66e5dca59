"""Health: whether the process lives, whether it can work, and what people must look at. Details need a token."""

from typing import Any, Literal

import orjson
from fastapi import APIRouter
from fastapi.responses import Response

from infra.errors import InfraError
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import Operator, TheGateway, WholeGateway
from services.gateway.api.gateway import Gateway
from services.gateway.api.shapes import Liveness, Rows

router = APIRouter(tags=["health"])
alarms = APIRouter(prefix="/v1/alarms", tags=["operation"])

Status = Literal["ok", "degraded", "failing"]
_READY = {200: {"model": Liveness}, 503: {"model": Liveness, "description": "not ready"}}


@router.get("/livez", responses={200: {"model": Liveness}})
async def livez() -> Response:
    """Say that the process answers."""
    return respond_json({"status": "ok"})


@router.get("/readyz", responses=_READY)  # type: ignore[arg-type] # FastAPI's own type is wider
def readyz(gateway: WholeGateway) -> Response:
    """Say whether commands can be taken: the store answers. A broker that is down makes it degraded, not unready."""
    return _ready(gateway)


@router.get("/healthz", responses=_READY)  # type: ignore[arg-type] # FastAPI's own type is wider
def healthz(gateway: WholeGateway) -> Response:
    """Say the same as /readyz."""
    return _ready(gateway)


@router.get("/v1/health", responses=_READY)  # type: ignore[arg-type] # FastAPI's own type is wider
def health(gateway: WholeGateway) -> Response:
    """Say how the gateway is, with the codes of alarms that stand, without anything of a partner."""
    return _ready(gateway, more=True)


@alarms.get("", responses={200: {"model": Rows}})
def list_alarms(_caller: Operator, gateway: TheGateway) -> Response:
    """List the alarms that stand, oldest first."""
    rows = [
        {"code": each.code, "relationship": each.relationship or None, "detail": each.detail, "at": each.at}
        for each in gateway.alarms.standing()
    ]
    return respond_json({"data": rows})


def _ready(gateway: Gateway, *, more: bool = False) -> Response:
    status, lag = _status(gateway)
    told: dict[str, Any] = {"status": status}
    if more:
        told |= {"gateway": gateway.profile.name, "projection_lag": lag, "alarms": _codes(gateway)}
    body = orjson.dumps(told)
    return Response(body, 503 if status == "failing" else 200, {"Cache-Control": "no-store"}, "application/json")


def _status(gateway: Gateway) -> tuple[Status, int | None]:
    """Return how it is, and how many entries rows are behind."""
    try:
        with gateway.store.reading() as reading:
            last = reading.last_sequence()
        with gateway.read_model.reading() as rows:
            lag = max(0, last - rows.position())
    except InfraError:
        return "failing", None
    return ("degraded" if _codes(gateway) else "ok"), lag


def _codes(gateway: Gateway) -> list[str]:
    return sorted({each.code for each in gateway.alarms.standing()})
