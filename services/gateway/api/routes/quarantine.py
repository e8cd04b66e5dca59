"""Quarantine: what was refused whole, for people to look at. The bytes are served as a file and never interpreted."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response

from events.encoding.canonical import MAX_INTEGER
from events.stored.intake import Quarantined
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import Operator, TheGateway
from services.gateway.api.edge.paging import Cursor, Limit, number_after, numbered_page
from services.gateway.api.edge.relationships import RelationshipName, one
from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem
from services.gateway.api.shapes import Rows, Shape

router = APIRouter(prefix="/v1/quarantine", tags=["operation"])

Number = Annotated[int, Path(ge=1, le=MAX_INTEGER)]
_QUESTION = "quarantine"


@router.get("", responses={200: {"model": Rows}})
def list_all(
    _caller: Operator,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List what was set aside, oldest first."""
    after = number_after(cursor, _QUESTION)
    with gateway.store.reading() as reading:
        found = reading.quarantine(one(reading, relationship).number, after=after, limit=limit + 1)
    return respond_json(numbered_page(found, limit, _QUESTION, _row))


@router.get("/{number}", responses={200: {"model": Shape}})
def read_one(_caller: Operator, gateway: TheGateway, number: Number, relationship: RelationshipName = None) -> Response:
    """Return one thing set aside: its code, and why."""
    return respond_json(_row(_find(gateway, number, relationship)))


@router.get(
    "/{number}/bytes",
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_bytes(
    _caller: Operator, gateway: TheGateway, number: Number, relationship: RelationshipName = None
) -> Response:
    """Return the bytes as they came, while they are kept."""
    found = _find(gateway, number, relationship)
    if found.value is None:
        raise Problem("not-found", "only the hash of these bytes was kept")
    headers = {"Content-Disposition": f'attachment; filename="quarantine-{number}.bin"'}
    return Response(found.value, headers=headers, media_type="application/octet-stream")


def _find(gateway: Gateway, number: int, relationship: str | None) -> Quarantined:
    with gateway.store.reading() as reading:
        found = reading.quarantined(one(reading, relationship).number, number)
    if found is None:
        raise Problem("not-found", f"nothing was set aside under {number}")
    return found


def _row(found: Quarantined) -> dict[str, Any]:
    return {
        "number": found.number,
        "kind": found.kind,
        "code": found.code,
        "detail": found.detail,
        "sha256": found.digest.hex(),
        "at": found.at,
    }
