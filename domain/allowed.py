"""Which steps on a matter are open to a party's person now, and why the others are shut.

A step is open when its own rule, right and place let pass an event that somebody could honestly ask for
(`domain.candidates`); so what is said here cannot differ from what deciding and judging do. A fact is never shut by its
state: it would be recorded, and marked. Of a step that rests on what is not known beforehand (an entry of another
matter) nothing is said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from domain.candidates import CANDIDATES
from domain.drafts import FORM
from domain.errors import DomainError
from domain.judging.context import Context, Proposed
from domain.judging.judge import fault_of
from domain.judging.versions import JudgingStopsError, check_author, check_versions
from domain.parties.errors import NotPermittedError
from domain.rights import check_right
from domain.signing.rules import check_own_signature
from domain.steps.candidates import Asking, NothingToNameError
from events.catalogue.bodies import Body
from events.catalogue.event_types import EventType, Kind
from events.errors import EntryError

MOST_TRIED = 1000
"""Bodies that are tried for one step; beyond that nothing is said of it."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """How it stands with a step.

    `is_open`: an honest request for it would be recorded; None: that depends on what it names. `is_marked`: it would be
    recorded as a violation. `code`, `refusal` (`gate.<name>` of a gate) and `why` say what is in its way.
    """

    type: EventType
    is_open: bool | None
    is_marked: bool = False
    code: str = ""
    refusal: str = ""
    why: str = ""


def steps_now(asking: Asking, types: Iterable[EventType]) -> list[StepNow]:
    """Return how it stands with each of these steps, in their order; a body's own words are for the person to say."""
    return [_step_now(asking, type_) for type_ in types]


def _step_now(asking: Asking, type_: EventType) -> StepNow:
    try:
        check_versions(type_.name, type_, asking.context)
        check_author(type_, asking.context)
        _check_place(asking, type_)
        check_right(_proposed(asking, type_, {}), asking.context)
    except JudgingStopsError as error:
        return StepNow(type_, is_open=False, code="upgrade.required", why=error.detail)
    except EntryError as error:
        return _shut(type_, error)
    except DomainError as error:
        return _shut(type_, error)
    return _judged(asking, type_)


def _judged(asking: Asking, type_: EventType) -> StepNow:
    """Try every candidate; what is told of a shut step is what refuses the first."""
    faults: list[DomainError] = []
    tried = 0
    try:
        for values in islice(_candidates(asking, type_), MOST_TRIED):
            tried += 1
            fault = _fault(_proposed(asking, type_, values), asking.context)
            if fault is None:
                return StepNow(type_, is_open=True)
            faults.append(fault)
    except NotSaidError:
        return StepNow(type_, is_open=None, why="it depends on what it names")
    except DomainError as error:
        return _shut(type_, error)
    if tried == MOST_TRIED:
        return StepNow(type_, is_open=None, why="there is more that it could name than is tried beforehand")
    return _of_faults(type_, faults or [NothingToNameError("there is nothing that it could name")])


def _fault(proposed: Proposed, context: Context) -> DomainError | None:
    """Return what is in the way of an own event: what every reader says, and what a party asks of its people."""
    try:
        check_own_signature(proposed, context)
    except DomainError as error:
        return fault_of(proposed, context) or error
    return fault_of(proposed, context)


def _of_faults(type_: EventType, faults: list[DomainError]) -> StepNow:
    passing = [each for each in faults if not _is_refused(type_, each)]
    if not passing:
        return _shut(type_, faults[0])
    first = passing[0]
    return StepNow(type_, is_open=True, is_marked=True, code=first.code, refusal=first.refusal, why=first.detail)


def _is_refused(type_: EventType, fault: DomainError) -> bool:
    """Tell whether a fault turns a request away: of an act, in its form, or for want of a right (one's own people)."""
    return type_.kind is Kind.ACT or fault.refusal in FORM or isinstance(fault, NotPermittedError)


def _shut(type_: EventType, error: DomainError | EntryError) -> StepNow:
    refusal = error.refusal if isinstance(error, DomainError) else error.code
    return StepNow(type_, is_open=False, code=error.code, refusal=refusal, why=error.detail)


def _check_place(asking: Asking, type_: EventType) -> None:
    subject = _subject(asking, type_)
    if not type_.opens and not asking.context.accepted(asking.role, subject):
        raise EntryError("entry.wrong_subject", f"nothing has opened {subject}")


def _candidates(asking: Asking, type_: EventType) -> Iterable[Mapping[str, Any]]:
    found = CANDIDATES.get(type_.name)
    return ({},) if found is None else found(asking)


def _subject(asking: Asking, type_: EventType) -> str:
    return f"{type_.subject_kind}/{asking.identity}"


def _proposed(asking: Asking, type_: EventType, values: Mapping[str, Any]) -> Proposed:
    outline = _outline(type_.model)
    body = outline.model_construct(**{**_defaults(outline), **values})
    return Proposed(asking.role, type_.name, _subject(asking, type_), body, asking.actor, asking.at)


class NotSaidError(AttributeError):
    """A rule asked for a field that nobody has said yet."""


@cache
def _outline(model: type[Body]) -> type[Body]:
    """Return a model whose bodies say only some of their fields; the others are asked for in vain."""

    def missing(_self: Body, name: str) -> Any:  # noqa: ANN401 - any field of a body
        raise NotSaidError(name)

    return type(f"{model.__name__}Outline", (model,), {"__getattr__": missing, "__module__": __name__})


@cache
def _defaults(outline: type[Body]) -> Mapping[str, Any]:
    """Return what fields hold that nobody says: made once, for rules change no body."""
    fields = outline.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}
