"""What requests about deviations may hold: values in the forms of the catalogue, nothing else."""

from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from events.catalogue.bodies import MAX_ATTACHMENTS, Attachment, Batch, EventRef, Product
from events.catalogue.deviation import MAX_BATCHES
from events.catalogue.forms import Code, Name, StatedTime, Text, Title
from events.catalogue.steps import MAX_CHANGES
from events.catalogue.words import DeviationClass, SignatureMeaning
from events.encoding.identifiers import UUID
from services.gateway.access.signing.confirming import Confirmation
from services.gateway.access.signing.secrets import CODE_DIGITS, LONGEST_PASSWORD
from services.gateway.api.edge.bodies import RequestModel
from services.gateway.commands.asking import Signing
from services.gateway.commands.deviations import Correcting
from services.gateway.commands.opening import DEFAULT_SOURCE, Opening

RelationshipField = Annotated[
    str | None, Field(pattern="^[0-9A-Z]{18}/[0-9A-Z]{18}$", description="`<MAH>/<CMO>`, where there are several")
]
ItemField = Annotated[str, Field(pattern=f"^{UUID.pattern}$")]


class WithAttachments(RequestModel):
    """Files that belong to what is recorded."""

    attachments: list[Attachment] = Field(default_factory=list, max_length=MAX_ATTACHMENTS)


class ConfirmationAsked(RequestModel):
    """What shows that it is the person who signs: the password, or a one-time code. It is compared and forgotten."""

    password: Annotated[SecretStr, Field(max_length=LONGEST_PASSWORD)] | None = None
    code: Annotated[SecretStr, Field(max_length=CODE_DIGITS)] | None = None

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.password is None) == (self.code is None):
            raise ValueError("a password or a code, one of them")
        return self

    def confirmation(self) -> Confirmation:
        """Return it as it is compared."""
        texts = (None if each is None else each.get_secret_value() for each in (self.password, self.code))
        return Confirmation(*texts)


class SignatureAsked(RequestModel):
    """What a person signs with; who is known, and the gateway words the statement. `at`: when, if on paper before."""

    meaning: SignatureMeaning
    reason: Text
    at: StatedTime | None = None
    confirmation: ConfirmationAsked | None = None

    def signing(self) -> Signing:
        """Return it as the command wants it."""
        return Signing(self.meaning, self.reason, self.at)


def signatures_in(asked: object) -> list[SignatureAsked]:
    """Return the signatures that a request holds."""
    if isinstance(asked, SignatureAsked):
        return [asked]
    if isinstance(asked, RequestModel):
        return [found for name in type(asked).model_fields for found in signatures_in(getattr(asked, name))]
    return [found for each in asked for found in signatures_in(each)] if isinstance(asked, list) else []


class OpeningFields(WithAttachments):
    """What a deviation is opened with, whoever it comes from."""

    number: Code | None = None
    title: Title
    description: Text | None = None
    detected_at: StatedTime
    occurred_at: StatedTime | None = None
    product: Product | None = None
    batches: list[Batch] = Field(default_factory=list, max_length=MAX_BATCHES)
    line: Code | None = None
    site: Code | None = None
    class_: DeviationClass | None = Field(default=None, alias="class")
    rationale: Text | None = None

    def opening(self, source: str, external_number: str | None) -> Opening:
        """Return it as the command wants it."""
        return Opening(
            title=self.title,
            detected_at=self.detected_at,
            number=self.number,
            source=source,
            external_number=external_number,
            description=self.description,
            occurred_at=self.occurred_at,
            product=self.product,
            batches=self.batches,
            line=self.line,
            site=self.site,
            class_=self.class_,
            rationale=self.rationale,
            attachments=self.attachments,
        )


class DeviationAsked(OpeningFields):
    """Open a deviation; with a class it is classified at once."""

    relationship: RelationshipField = None
    source: Name = DEFAULT_SOURCE
    external_number: Code | None = None


class ClassificationAsked(WithAttachments):
    """Put it in a class and say why."""

    class_: DeviationClass = Field(alias="class")
    rationale: Text


class InvestigationAsked(WithAttachments):
    """State cause, impact and conclusion."""

    cause: Text
    impact: Text
    conclusion: Text


class ClosureAsked(WithAttachments):
    """Close it, by default on the latest investigation and the partner's approval of that."""

    signature: SignatureAsked
    investigation: EventRef | None = None
    approval: EventRef | None = None


class AnswerAsked(WithAttachments):
    """Answer a question, by default the only open one."""

    text: Text
    question: EventRef | None = None


class BatchAsked(RequestModel):
    """Link a batch."""

    number: Code


class ChangeAsked(RequestModel):
    """What should stand in a field (null: nothing); `before`: what you believe stands there."""

    field: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,7}$", max_length=200)]
    after: Text | None
    before: Text | None = None


class CorrectionAsked(WithAttachments):
    """Put an own entry right, by default the opening, or the last of the own review."""

    changes: list[ChangeAsked] = Field(min_length=1, max_length=MAX_CHANGES)
    reason: Text
    entry: EventRef | None = None

    def correcting(self) -> Correcting:
        """Return it as the command wants it."""
        fields = {change.field: change.after for change in self.changes}
        before = {change.field: change.before for change in self.changes if "before" in change.model_fields_set}
        return Correcting(fields, self.reason, self.entry, before, self.attachments)


class AcknowledgementAsked(RequestModel):
    """Take note of an entry, by default the opening."""

    entry: EventRef | None = None
    text: Text | None = None


class QuestionAsked(WithAttachments):
    """Ask the owner, perhaps about one entry."""

    text: Text
    entry: EventRef | None = None


class ApprovalAsked(WithAttachments):
    """Approve the closing, by default on the latest investigation."""

    signature: SignatureAsked
    investigation: EventRef | None = None


class RejectionAsked(WithAttachments):
    """Reject the closing, by default on the latest investigation."""

    reason: Text
    investigation: EventRef | None = None
