"""What can be asked of a communication list: to draft it, to sign a draft, to activate what both signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.agreement import steps
from domain.agreement.steps import ActivateDocument, SignDocument
from domain.communication_list.rules import COMMUNICATION_LIST, RULES
from domain.drafts import Draft, admit, values
from domain.judging.context import Context
from events.catalogue.bodies import Attachment, EventRef
from events.catalogue.communication_list import Row


@dataclass(frozen=True)
class DraftCommunicationList:
    """Draft the next version of an own list under an agreement; a new UUID begins a new list.

    `agreement` names the draft of the quality agreement under which the list is made.
    """

    document_id: str  # UUID
    agreement: EventRef
    rows: Sequence[Row]
    attachments: Sequence[Attachment] = ()


def draft_communication_list(
    command: DraftCommunicationList, context: Context, actor: str, at: datetime
) -> list[Draft]:
    """Decide on a draft of a list; it may be incomplete, only its activation asks for everything.

    Raises:
        EvidenceNotFoundError: what is named as agreement or calendar is none in the context.
        EntryError: `entry.schema_invalid`.
    """
    body = {
        "version": steps.next_version(context, COMMUNICATION_LIST, command.document_id),
        "agreement": command.agreement.model_dump(),
        "rows": [row.model_dump(exclude_none=True) for row in command.rows],
        **values(attachments=command.attachments),
    }
    subject = COMMUNICATION_LIST.subject(command.document_id)
    return admit(Draft(COMMUNICATION_LIST.drafted, subject, body), context, actor, at, RULES)


def sign_communication_list(command: SignDocument, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a party's signature under a draft of a list.

    Raises:
        EvidenceNotFoundError: the draft is not one of this list in the context.
        DocumentStateError: there is a later draft, the draft violates a rule, or the party signed it already.
        NotPermittedError: the actor may not sign lists.
        EntryError: `entry.schema_invalid`.
    """
    return steps.sign(COMMUNICATION_LIST, command, context, actor=actor, at=at, rules=RULES)


def activate_communication_list(command: ActivateDocument, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on putting a list in force.

    Raises:
        DocumentStateError: there is no draft, or it is activated already.
        DocumentIncompleteError: `gate.agreement`, with everything that is missing.
        NotPermittedError: the actor may not activate lists.
        EntryError: `entry.schema_invalid`.
    """
    return steps.activate(COMMUNICATION_LIST, command, context, actor=actor, at=at, rules=RULES)
