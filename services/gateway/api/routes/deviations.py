"""Deviations: opened here; the owner's steps and the partner's, each a sub-resource of the item."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from domain.deviation import names as n
from domain.deviation.commands import InvestigateDeviation
from services.gateway.api.asked import (
    AnswerAsked,
    BatchAsked,
    ClassificationAsked,
    ClosureAsked,
    CorrectionAsked,
    DeviationAsked,
    InvestigationAsked,
)
from services.gateway.api.edge.bodies import Given, body
from services.gateway.api.edge.callers import Caller, records
from services.gateway.api.edge.commanding import Commands, ItemId
from services.gateway.api.shapes import CommandAnswer, made
from services.gateway.commands import deviations
from services.gateway.commands.opening import open_one

router = APIRouter(prefix="/v1/deviations", tags=["deviations"])
steps = APIRouter(tags=["steps of the owner"])

MADE = made(CommandAnswer)

Opener = Annotated[Caller, Depends(records(n.OPENED))]
Classifier = Annotated[Caller, Depends(records(n.CLASSIFIED))]
Investigator = Annotated[Caller, Depends(records(n.INVESTIGATED))]
Closer = Annotated[Caller, Depends(records(n.CLOSED))]
Answerer = Annotated[Caller, Depends(records(n.ANSWERED))]
Corrector = Annotated[Caller, Depends(records(n.CORRECTED, n.REVIEW_CORRECTED))]
Linker = Annotated[Caller, Depends(records(n.BATCH_LINKED))]


@router.post("", status_code=201, responses=MADE)
def open_deviation(
    caller: Opener, commands: Commands, given: Annotated[Given[DeviationAsked], body(DeviationAsked)]
) -> Response:
    """Record a deviation and tell the partner."""
    wanted = given.value
    asked = commands.asked(caller, given, wanted.relationship)
    opening = wanted.opening(wanted.source, wanted.external_number)
    return commands.submit(open_one(asked, commands.new_id(), opening))


@steps.post("/{item}/classification", status_code=201, responses=MADE)
def classify(
    caller: Classifier,
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[ClassificationAsked], body(ClassificationAsked)],
) -> Response:
    """Put a deviation in a class and say why."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    return commands.submit(deviations.classify(asked, target, wanted.class_, wanted.rationale, wanted.attachments))


@steps.post("/{item}/investigation", status_code=201, responses=MADE)
def investigate(
    caller: Investigator,
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[InvestigationAsked], body(InvestigationAsked)],
) -> Response:
    """State cause, impact and conclusion."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    command = InvestigateDeviation(item, wanted.cause, wanted.impact, wanted.conclusion, wanted.attachments)
    return commands.submit(deviations.investigate(asked, target, command))


@steps.post("/{item}/closure", status_code=201, responses=MADE)
def close(
    caller: Closer, commands: Commands, item: ItemId, given: Annotated[Given[ClosureAsked], body(ClosureAsked)]
) -> Response:
    """Close a deviation on its investigation, with the partner's approval where it is agreed."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    job = deviations.close(
        asked,
        target,
        wanted.signature.signing(),
        investigation=wanted.investigation,
        approval=wanted.approval,
        attachments=wanted.attachments,
    )
    return commands.submit(job)


@steps.post("/{item}/answers", status_code=201, responses=MADE)
def answer(
    caller: Answerer, commands: Commands, item: ItemId, given: Annotated[Given[AnswerAsked], body(AnswerAsked)]
) -> Response:
    """Answer a question of the partner."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    return commands.submit(deviations.answer(asked, target, wanted.text, wanted.question, wanted.attachments))


@steps.post("/{item}/corrections", status_code=201, responses=MADE)
def correct(
    caller: Corrector,
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[CorrectionAsked], body(CorrectionAsked)],
) -> Response:
    """Put an own entry right, of the deviation or of the review; the original stays visible."""
    asked, target = commands.about(caller, item, given)
    return commands.submit(deviations.correct(asked, target, given.value.correcting()))


@steps.post("/{item}/batches", status_code=201, responses=MADE)
def link(
    caller: Linker, commands: Commands, item: ItemId, given: Annotated[Given[BatchAsked], body(BatchAsked)]
) -> Response:
    """Link a batch that the deviation touches."""
    asked, target = commands.about(caller, item, given)
    return commands.submit(deviations.link(asked, target, given.value.number))
