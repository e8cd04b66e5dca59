"""Corrections: which value of an own entry is put right, from what to what; the original stays as it was signed.

A field is a path into the body (`title`, `product.name`, `batches.0.number`), a value a text, None where there is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.evidence import names, reference
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.steps.errors import CorrectionInvalidError, CorrectionMismatchError
from events.catalogue.registry import EventType, decode_body, newest
from events.catalogue.steps import Change, Corrected
from events.errors import EntryError

NEVER_CORRECTED = frozenset({"salt", "signature", "attachments"})
"""What was signed or handed over is not put right by a word; it is said anew."""


def corrected_values(past: PastEvent, corrections: Iterable[PastEvent]) -> dict[str, Any]:
    """Return the values of an entry's body as they stand after the corrections of it, which are by position.

    Corrections that are marked as violations change nothing.
    """
    values: dict[str, Any] = past.body.model_dump()
    for correction in corrections:
        if not correction.violates and correction.body.entry.position == past.position:
            apply_changes(values, correction.body.changes)
    return values


def readings(past: PastEvent, among: Iterable[PastEvent]) -> list[Any]:
    """Return all that an entry ever said, as models of its body: as it was signed, then after each correction of it.

    What shuts a gate reads all of them, what opens one needs them to agree: so no correction opens what the original
    shut, and one that makes it worse shuts. A marked correction is read too, but the next one does not rest on it. What
    leaves no body that the catalogue takes says nothing.
    """
    corrections = [each for each in among if _is_of(each, past)]
    if past.type is None or not corrections:
        return [past.body]
    found, standing = [past.body], past.body.model_dump()
    for correction in corrections:
        values = _copy(standing)
        try:
            apply_changes(values, correction.body.changes)
            found.append(decode_body(newest(past.type), values))
        except (CorrectionInvalidError, EntryError):
            continue
        standing = standing if correction.violates else values
    return found


def check_changes(past: PastEvent, standing: Mapping[str, Any], changes: Sequence[Change]) -> None:
    """Ask that changes start from the values that stand and leave a body that the catalogue takes.

    `standing` are the values of the entry with all earlier corrections.

    Raises:
        CorrectionInvalidError: a field is never corrected or not there, or the outcome is not of the entry's type.
        CorrectionMismatchError: a value before is not the one that stands.
    """
    for change in changes:
        if change.field.partition(".")[0] in NEVER_CORRECTED:
            raise CorrectionInvalidError(f"{change.field} is never corrected")
        found = text_at(standing, change.field)
        if found != change.before:
            raise CorrectionMismatchError(f"{change.field} stands at {_quoted(found)}, not {_quoted(change.before)}")
    _check_outcome(past.type, standing, changes)


def text_at(values: Mapping[str, Any], field: str) -> str | None:
    """Return the text at a path; None when nothing or no text is there."""
    found: Any = values
    for step in field.split("."):
        found = _step(found, step)
    return found if isinstance(found, str) else None


def apply_changes(values: dict[str, Any], changes: Iterable[Change]) -> None:
    """Put changes into values; a part of a path that is not there is made, if it may be.

    Raises:
        CorrectionInvalidError: a path leads through something that has no parts, or beyond the end of a list.
    """
    for change in changes:
        *way, last = change.field.split(".")
        place: Any = values
        for step in way:
            place = _enter(place, step, change.field)
        _put(place, last, change)


def _check_outcome(type_: EventType | None, standing: Mapping[str, Any], changes: Sequence[Change]) -> None:
    values = _copy(standing)
    apply_changes(values, changes)
    if type_ is None:
        raise CorrectionInvalidError("the entry has no type")
    try:
        decode_body(newest(type_), values)
    except EntryError as error:
        raise CorrectionInvalidError(f"the corrected entry would be refused: {error.detail}") from error


def _step(found: Any, step: str) -> Any:  # noqa: ANN401 - values of a body
    if isinstance(found, list):
        return found[int(step)] if step.isdecimal() and int(step) < len(found) else None
    return found.get(step) if isinstance(found, Mapping) else None


def _enter(place: Any, step: str, field: str) -> Any:  # noqa: ANN401 - values of a body
    inner = _step(place, step)
    if inner is None and isinstance(place, dict):
        inner = place[step] = {}
    if not isinstance(inner, dict | list):
        raise CorrectionInvalidError(f"there is no field {field}")
    return inner


def _put(place: Any, last: str, change: Change) -> None:  # noqa: ANN401 - values of a body
    if isinstance(place, dict):
        place[last] = change.after
        return
    if not last.isdecimal() or int(last) >= len(place):
        raise CorrectionInvalidError(f"there is no field {change.field}")
    place[int(last)] = change.after


def _copy(value: Any) -> Any:  # noqa: ANN401 - values of a body
    if isinstance(value, Mapping):
        return {name: _copy(each) for name, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value


def _quoted(text: str | None) -> str:
    return "nothing" if text is None else f'"{text[:80]}"'


def _is_of(correction: PastEvent, past: PastEvent) -> bool:
    """Tell whether an entry corrects another one; its leaf too is compared, for both may be of any relationship."""
    return isinstance(correction.body, Corrected) and correction.body.entry == reference(past)


def corrections_of(context: Context, entry: PastEvent) -> list[PastEvent]:
    """Return the corrections of an entry that a context holds, by position."""
    if entry.head is None:
        return []
    history = context.accepted(entry.role, entry.head.subject)
    return [past for past in history if isinstance(past.body, Corrected) and names(past.body.entry, entry)]
