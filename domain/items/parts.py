"""What every item has, whatever its matter: questions and answers, corrections, and its entries as corrected."""

from collections.abc import Sequence
from typing import Any

from domain.errors import DomainError
from domain.evidence import names
from domain.judging.history import PastEvent
from domain.steps.corrections import corrected_values
from events.catalogue.registry import decode_body, newest
from events.errors import EntryError

Several = tuple[PastEvent, ...]


def answer_to(answers: Sequence[PastEvent], question: PastEvent) -> PastEvent | None:
    """Return the first of these answers to a question."""
    return next((answer for answer in answers if names(answer.body.question, question)), None)


def corrections_of(corrections: Sequence[PastEvent], past: PastEvent) -> list[PastEvent]:
    """Return its author's corrections of an entry."""
    return [each for each in corrections if each.role is past.role and names(each.body.entry, past)]


def body_of(corrections: Sequence[PastEvent], past: PastEvent) -> Any:  # noqa: ANN401 - the model of whatever type it is
    """Return the body of an entry as its author's corrections left it."""
    about = corrections_of(corrections, past) if corrections else []
    if not about or past.type is None:
        return past.body
    try:
        return decode_body(newest(past.type), corrected_values(past, about))
    except (DomainError, EntryError):  # one rests on another that is disputed: the original is shown
        return past.body
