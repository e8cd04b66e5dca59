"""One step for up to a thousand items in one request: each item gets its own result, all of them one transaction."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from services.gateway.api.asked import AcknowledgementAsked, CorrectionAsked, ItemField, RelationshipField
from services.gateway.api.edge.bodies import MAX_IMPORT_BYTES, Given, RequestModel, body
from services.gateway.api.edge.commanding import Commands
from services.gateway.api.routes.deviations import Corrector
from services.gateway.api.routes.reviews import Acknowledger
from services.gateway.api.shapes import BulkAnswer
from services.gateway.commands.bulk import MAX_ITEMS, acknowledging, correcting, for_many

router = APIRouter(prefix="/v1/communications", tags=["in bulk"])


class AcknowledgementOfMany(AcknowledgementAsked):
    """Take note of one item."""

    item: ItemField


class CorrectionOfMany(CorrectionAsked):
    """Put one item right."""

    item: ItemField


class AcknowledgementsAsked(RequestModel):
    """Take note of many items."""

    relationship: RelationshipField = None
    items: list[AcknowledgementOfMany] = Field(min_length=1, max_length=MAX_ITEMS)


class CorrectionsAsked(RequestModel):
    """Put many items right."""

    relationship: RelationshipField = None
    items: list[CorrectionOfMany] = Field(min_length=1, max_length=MAX_ITEMS)


@router.post("/acknowledgements", responses={200: {"model": BulkAnswer}})
def acknowledge_many(
    caller: Acknowledger,
    commands: Commands,
    given: Annotated[Given[AcknowledgementsAsked], body(AcknowledgementsAsked, MAX_IMPORT_BYTES)],
) -> Response:
    """Take note of up to a thousand items."""
    asked = commands.asked(caller, given, given.value.relationship)
    known = commands.among(asked, {each.item for each in given.value.items})
    steps = [acknowledging(asked, each.item, known.get(each.item), each.entry, each.text) for each in given.value.items]
    return commands.submit(for_many(asked, steps))


@router.post("/corrections", responses={200: {"model": BulkAnswer}})
def correct_many(
    caller: Corrector,
    commands: Commands,
    given: Annotated[Given[CorrectionsAsked], body(CorrectionsAsked, MAX_IMPORT_BYTES)],
) -> Response:
    """Put up to a thousand own entries right."""
    asked = commands.asked(caller, given, given.value.relationship)
    known = commands.among(asked, {each.item for each in given.value.items})
    steps = [correcting(asked, each.item, known.get(each.item), each.correcting()) for each in given.value.items]
    return commands.submit(for_many(asked, steps))
