"""What answers look like, for OpenAPI. Answers may gain members; those named here stay."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.gateway.api.edge.moments import HEADER as AS_OF_HEADER


class Shape(BaseModel):
    """An answer or a part of one."""

    model_config = ConfigDict(extra="allow", defer_build=True)


class FieldProblem(Shape):
    """One field that is not right."""

    field: str
    detail: str


class ProblemDetails(Shape):
    """RFC 9457; `type` is the path of a page that explains it."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    code: str | None = None
    errors: list[FieldProblem] = Field(default_factory=list)
    state: str | None = Field(default=None, description="of the item that a refused step is about")
    allowed: list[str] | None = Field(default=None, description="of a wrong state: the steps that are open now")


class Reference(Shape):
    """How another entry is named."""

    journal: str
    position: int
    leaf: str


class Recorded(Shape):
    """An entry that a command led to; of a dry run only type, subject and `violates`."""

    id: str | None = None
    journal: str | None = None
    position: int | None = None
    leaf: str | None = None
    sequence: int | None = None
    recorded_at: str | None = None
    type: str
    subject: str
    violates: bool


class CommandAnswer(Shape):
    """What a command led to; `sequence` is the last local sequence, null where nothing was written."""

    dry_run: bool
    events: list[Recorded]
    sequence: int | None


class BulkRow(Shape):
    """What became of one item of many."""

    item: str
    result: Literal["recorded", "rejected"]


class BulkAnswer(CommandAnswer):
    """What became of each."""

    results: list[BulkRow]
    counts: dict[str, int]


class ImportRow(Shape):
    """What became of a row: `reason` is null unless it was rejected."""

    row: int
    result: Literal["imported", "unchanged", "rejected", "would_import"]
    item: str | None
    reason: str | None


class ImportAnswer(Shape):
    """What became of each row."""

    rows: list[ImportRow]
    counts: dict[str, int]
    sequence: int | None


class StepShown(Shape):
    """A step that the caller's party has on an item.

    `allowed`: whether an honest request would be recorded now; null: that depends on what it names. `violates`: it
    would be recorded, and marked.
    """

    noun: str
    address: str
    type: str
    allowed: bool | None
    violates: bool
    code: str | None
    gate: str | None
    why: str | None


class Item(Shape):
    """The row of an item (`domain.items.rows`)."""

    item: str
    relationship: str
    category: str
    state: str
    number: str
    title: str
    opened_at: str
    delivery: Literal["waiting", "sent", "received"] | None = Field(
        default=None, description="of one item as it stands: how far what this party wrote of it has come"
    )
    steps: list[StepShown] | None = Field(
        default=None, description="of one item as it stands: what the caller may do now, and why not the rest"
    )


class ItemPage(Shape):
    """A page of items."""

    data: list[Item]
    next_cursor: str | None
    has_more: bool
    total: int | None = None


class Rows(Shape):
    """Rows that need no pages."""

    data: list[dict[str, Any]]


class Event(Shape):
    """An event with its place and verdict."""

    sequence: int
    relationship: str
    journal: Literal["mah", "cmo"]
    position: int
    leaf: str
    refused: str | None
    violates: bool
    head: dict[str, Any] | None
    body: dict[str, Any] | None
    delivery: Literal["waiting", "sent", "received"] | None = Field(
        default=None, description="how far an own event has come; null: the partner's"
    )


class EventPage(Shape):
    """A part of the feed; `next_after` is the `after` to go on with."""

    data: list[Event]
    next_after: int
    has_more: bool


class Key(Shape):
    """A public key and the position from which it holds."""

    vkey: str
    from_: int = Field(alias="from")


class Journal(Shape):
    """One journal."""

    origin: str
    size: int
    keys: list[Key]
    mirror_keys: list[Key]


class JournalList(Shape):
    """All journals of this gateway."""

    data: list[Journal]


class Token(Shape):
    """A token, never its secret."""

    id: str
    actor: str
    role: str
    label: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    relationship: str | None
    is_in_force: bool


class MadeToken(Token):
    """A token just made, with its secret: shown once."""

    token: str


class SigningSecret(Shape):
    """What a person confirms signatures with now; `address`: for an authenticator, told once."""

    person: str
    kind: Literal["password", "codes"]
    address: str | None


class TokenList(Shape):
    """All tokens."""

    data: list[Token]


class Pairing(Shape):
    """What two people compare by telephone."""

    relationship: str
    fingerprint: str


class KeptFile(Shape):
    """How far a file has come; sizes in bytes."""

    sha256: str
    received: int
    size: int
    whole: bool


class Liveness(Shape):
    """Whether the process works."""

    status: Literal["ok", "degraded", "failing"]


AS_OF_HEADERS = {
    AS_OF_HEADER: {"description": "the local sequence that the answer shows", "schema": {"type": "string"}},
}

TEXT: dict[int | str, dict[str, Any]] = {
    200: {"description": "verbatim", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
"""Answers that are text."""

EVENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "head, tab, body as they were signed; or structured CloudEvents if asked for",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/cloudevents+json": {"schema": {"type": "object"}},
        },
    }
}
"""An event in its two forms."""


def page_of(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Return the answers of a question that may be asked as of a moment."""
    return {200: {"model": model, "headers": AS_OF_HEADERS}, 304: {"description": "as you have it"}}


def made(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Return the answers of a command: 201, or 200 where nothing was written."""
    return {201: {"model": model}, 200: {"model": model, "description": "nothing was written"}}
