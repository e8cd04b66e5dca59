"""The one command of all matters of the quality core: to write an event of the catalogue about a matter.

What an event must fulfil stands in its rule, so a matter needs no command of its own; its body is the catalogue's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.drafts import Draft, admit
from domain.judging.context import Context
from domain.rules import RULES


@dataclass(frozen=True)
class TakeStep:
    """Write an event: its type, its subject, the values of its body without salt, and what caused it, if known."""

    type: str
    subject: str
    body: Mapping[str, Any]
    cause: str | None = None


def take_step(command: TakeStep, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on a step of any matter.

    Raises:
        DomainError: an act whose rule or right refuses it, or what the step names is wrong.
        EntryError: `entry.schema_invalid`: the body is not what the catalogue says.
    """
    draft = Draft(command.type, command.subject, dict(command.body), command.cause)
    return admit(draft, context, actor, at, RULES)
