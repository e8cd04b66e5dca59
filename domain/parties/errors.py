"""Why a person or a system may not do something, and why a statement about people does not fit."""

from domain.errors import DomainError


class NotPermittedError(DomainError):
    """The actor lacks the right, at this moment and in this context."""

    code = "right.missing"
    slug = "not-permitted"
    refusal = "entry.not_permitted"


class PeriodError(DomainError):
    """A period ends before it begins."""

    code = "person.wrong_period"
    slug = "validation"
    refusal = "entry.wrong_state"
