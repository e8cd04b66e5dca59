"""Refused commands: who of this party wanted to record what, and which rule said no (domain.md 2.2).

The partner's refused entries stand in its journal and in `entry.refused`; what was refused here was never written. The
newest 100,000 of each relationship are kept.
"""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.paging import Cursor, Limit, number_after, numbered_page
from services.gateway.api.edge.relationships import RelationshipName, one
from services.gateway.api.shapes import Rows

router = APIRouter(prefix="/v1/refusals", tags=["events"])

_QUESTION = "refusals"


@router.get("", responses={200: {"model": Rows}})
def list_all(
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List the commands that a rule refused, oldest first."""
    after = number_after(cursor, _QUESTION)
    with gateway.store.reading() as reading:
        found = reading.refused_commands(one(reading, relationship).number, after=after, limit=limit + 1)
    return respond_json(numbered_page(found, limit, _QUESTION, asdict))
