"""What an entry says for people: when it happened, and a line of text."""

from typing import Any

from events.catalogue import steps
from events.catalogue.bodies import SignedBody

_STATED = (
    "detected_at",
    "identified_at",
    "taken_at",
    "stopped_at",
    "received_at",
    "implemented_at",
    "suspected_at",
    "opened_at",
    "completed_at",
    "started_at",
    "tested_at",
    "shipped_at",
    "used_at",
    "found_at",
)
_TEXTS = (
    "title",
    "rationale",
    "conclusion",
    "text",
    "reason",
    "measure",
    "study",
    "plan",
    "description",
    "measures",
    "cause",
    "result",
    "number",
)


def occurred(body: Any) -> str | None:  # noqa: ANN401 - the model of whatever type it is
    """Return when it happened, as the person states it: of an opening when it was detected, of an act when signed."""
    stated = next((text for name in _STATED if (text := getattr(body, name, None))), None)
    signature = getattr(body, "signature", None)
    return stated if signature is None else str(signature.at)


def text_of(body: Any) -> str | None:  # noqa: ANN401 - as above
    """Return what an entry says in words, for a line of a list."""
    if isinstance(body, steps.BatchLinked):
        return body.batch.number
    if isinstance(body, SignedBody):
        return body.signature.reason
    return next((text for name in _TEXTS if isinstance(text := getattr(body, name, None), str)), None)
