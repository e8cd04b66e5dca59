"""From a command to the entries it asks for: what was decided, before it is encoded and signed.

An act that its own rule refuses is refused here, with the error of the rule. A fact is never turned away: only what is
wrong in its form (a reference, a place) is; anything else is drafted, and every reader will mark it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.errors import DomainError
from domain.judging.context import Context, Proposed
from domain.rights import check_right
from domain.signing.rules import check_signature
from events.catalogue.bodies import Body, Part
from events.catalogue.registry import Kind, decode_body, event_type

_NO_SALT = "0" * 32
"""Stands for the salt while deciding: chance comes in when the entry is encoded."""

FORM = frozenset({"entry.wrong_reference", "entry.wrong_subject", "entry.schema_invalid", "refusal.malformed"})
"""Refusals for what is wrong in form or place: a fact, too, is refused for these."""

Rule = Callable[[Proposed, Context], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """One event that was decided on: its type, its subject, the values of its body (without salt) and its cause.

    `model` is the body as the catalogue read it when the draft was admitted, with a salt that is not yet its own.
    """

    type: str
    subject: str
    body: dict[str, Any]
    cause: str | None = None
    model: Body | None = field(default=None, compare=False, repr=False)


def admit(draft: Draft, context: Context, actor: str, at: datetime, rules: Mapping[str, Rule]) -> list[Draft]:
    """Return the draft if its own rules let it pass, in the context in which it will be recorded at this moment.

    Raises:
        DomainError: an act whose rule or right refuses it, or a fact whose form is wrong.
        EntryError: `entry.schema_invalid`: the body is not what the catalogue says.
    """
    type_ = event_type(draft.type)
    if type_ is None:
        raise KeyError(draft.type)
    body = decode_body(type_, {**draft.body, "salt": _NO_SALT})
    proposed = Proposed(context.role, draft.type, draft.subject, body, actor, at)
    try:
        if draft.type in rules:
            rules[draft.type](proposed, context)
        check_right(proposed, context)
        check_signature(proposed, context)
    except DomainError as error:
        if type_.kind is Kind.ACT or error.refusal in FORM:
            raise error.about(draft.type, draft.subject) from None
    return [Draft(draft.type, draft.subject, draft.body, draft.cause, body)]


def values(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a body holds any values of the wire
    """Return the values of a body as they are written: parts as objects; what is None or empty is left out."""
    return {name: _written(value) for name, value in fields.items() if value is not None and value not in ([], ())}


def _written(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, Part):
        return value.model_dump(exclude_none=True)
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    return value
