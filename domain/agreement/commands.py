"""What can be asked of an agreement: to draft it, to sign a draft, to activate what both signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.agreement import steps
from domain.agreement.rules import AGREEMENT, RULES
from domain.agreement.steps import ActivateDocument, SignDocument
from domain.drafts import Draft, admit, values
from domain.judging.context import Context
from events.catalogue.agreement import Policies, Term
from events.catalogue.bodies import Attachment, Product
from events.catalogue.words import AgreementKind


@dataclass(frozen=True)
class DraftAgreement:
    """Draft the next version of an own agreement; a new UUID begins a new agreement.

    `consult_right`, `inspect_right`: the holder's two rights of (VI), without which no quality agreement is activated.
    """

    document_id: str  # UUID
    agreement_kind: AgreementKind
    consult_right: bool
    inspect_right: bool
    products: Sequence[Product] = ()
    terms: Sequence[Term] = ()
    policies: Policies = field(default_factory=Policies)
    attachments: Sequence[Attachment] = ()


def draft_agreement(command: DraftAgreement, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a draft of an agreement.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = values(
        version=steps.next_version(context, AGREEMENT, command.document_id),
        agreement_kind=command.agreement_kind,
        products=command.products,
        terms=command.terms,
        policies=command.policies,
        consult_right=command.consult_right,
        inspect_right=command.inspect_right,
        attachments=command.attachments,
    )
    return admit(Draft(AGREEMENT.drafted, AGREEMENT.subject(command.document_id), body), context, actor, at, RULES)


def sign_agreement(command: SignDocument, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a party's signature under a draft of an agreement.

    Raises:
        EvidenceNotFoundError: the draft is not one of this agreement in the context.
        DocumentStateError: there is a later draft, the draft violates a rule, or the party signed it already.
        NotPermittedError: the actor may not sign agreements.
        EntryError: `entry.schema_invalid`.
    """
    return steps.sign(AGREEMENT, command, context, actor=actor, at=at, rules=RULES)


def activate_agreement(command: ActivateDocument, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on putting an agreement in force.

    Raises:
        DocumentStateError: there is no draft, or it is activated already.
        DocumentIncompleteError: `gate.agreement`, with everything that is missing.
        NotPermittedError: the actor may not activate agreements.
        EntryError: `entry.schema_invalid`.
    """
    return steps.activate(AGREEMENT, command, context, actor=actor, at=at, rules=RULES)
