"""What came in from outside and was answered, refused or set aside: commands, quarantine, external numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """The answer once given under an idempotency key, kept in the transaction of what it did."""

    caller: str  # token id or system name: keys of one caller never meet another's
    key: str
    request_digest: bytes
    status: int
    answer: bytes
    at: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Bytes that were refused whole, with their code."""

    number: int
    kind: str  # page, receipt, resend, or what the record said it was
    code: str
    detail: str
    digest: bytes  # SHA-256 of the value
    value: bytes | None  # None once the bound of kept bytes is reached
    at: str


@dataclass(frozen=True, slots=True)
class ExternalNumber:
    """A record of a source system that already has its entry here."""

    source: str
    number: str
    subject: str
    digest: bytes  # SHA-256 of the mapped row: tells unchanged from changed


@dataclass(frozen=True, slots=True)
class RefusedCommand:
    """The trace of a command that a rule refused: who wanted to record what, and why not. Nothing of its body."""

    number: int  # in its relationship, from 1; 0 until it is kept
    at: str
    actor: str
    event: str  # type of the event, empty where the command came to none
    subject: str  # empty where the command is about none
    refusal: str  # `gate.<name>` of a gate, or another code of formats.md 6
    code: str  # of the rule itself
    detail: str
