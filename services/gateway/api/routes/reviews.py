"""The partner's steps on an item: taking note, asking, approving or rejecting its closing."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from domain.deviation import names as n
from services.gateway.api.asked import AcknowledgementAsked, ApprovalAsked, QuestionAsked, RejectionAsked
from services.gateway.api.edge.bodies import Given, body
from services.gateway.api.edge.callers import Caller, records
from services.gateway.api.edge.commanding import Commands, ItemId
from services.gateway.api.routes.deviations import MADE
from services.gateway.commands import deviations

steps = APIRouter(tags=["steps of the partner"])

Acknowledger = Annotated[Caller, Depends(records(n.ACKNOWLEDGED))]
Asker = Annotated[Caller, Depends(records(n.ASKED))]
Approver = Annotated[Caller, Depends(records(n.CLOSURE_APPROVED))]
Rejecter = Annotated[Caller, Depends(records(n.CLOSURE_REJECTED))]


@steps.post("/{item}/acknowledgement", status_code=201, responses=MADE)
def acknowledge(
    caller: Acknowledger,
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[AcknowledgementAsked], body(AcknowledgementAsked)],
) -> Response:
    """Take note of an entry, as a named person."""
    asked, target = commands.about(caller, item, given)
    return commands.submit(deviations.acknowledge(asked, target, given.value.entry, given.value.text))


@steps.post("/{item}/questions", status_code=201, responses=MADE)
def ask(
    caller: Asker, commands: Commands, item: ItemId, given: Annotated[Given[QuestionAsked], body(QuestionAsked)]
) -> Response:
    """Ask the owner a question."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    return commands.submit(deviations.ask(asked, target, wanted.text, wanted.entry, wanted.attachments))


@steps.post("/{item}/closure-approval", status_code=201, responses=MADE)
def approve(
    caller: Approver, commands: Commands, item: ItemId, given: Annotated[Given[ApprovalAsked], body(ApprovalAsked)]
) -> Response:
    """Approve that the deviation is closed on its investigation."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    signing = wanted.signature.signing()
    return commands.submit(deviations.approve(asked, target, signing, wanted.investigation, wanted.attachments))


@steps.post("/{item}/closure-rejection", status_code=201, responses=MADE)
def reject(
    caller: Rejecter,
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[RejectionAsked], body(RejectionAsked)],
) -> Response:
    """Disagree with the closing, and say why."""
    asked, target = commands.about(caller, item, given)
    wanted = given.value
    return commands.submit(deviations.reject(asked, target, wanted.reason, wanted.investigation, wanted.attachments))
