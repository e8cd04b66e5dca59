"""From the decoded JSON of a body to its model: checked by the version it was written in, then lifted to the newest."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from events.catalogue.bodies import Body
from events.catalogue.event_types import EventType
from events.catalogue.forms import NOT_BLANK
from events.errors import EntryError

CODE = "entry.schema_invalid"

_MAX_TOLD = 5  # faults that are told; more are counted
_MAX_PLACE = 120  # characters of a field's path that are told: a stranger may have chosen it

_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is no field of this event",
}
_OPENINGS = ("Value error, ", "Input ", "String ", "List ")


def decode_body(type_: EventType, body: Mapping[str, Any]) -> Body:
    """Return the model of a body that canonical JSON held: of the newest version of its type.

    Raises:
        EntryError: `entry.schema_invalid`; the detail names each field and says what is wrong with it, such as
            `product.name: is missing`.
    """
    decoded = _read(type_.model, body)
    while type_.succeeded is not None:
        succession = type_.succeeded
        type_ = succession.by
        decoded = _read(type_.model, succession.upcast(decoded))
    return decoded


def _read(model: type[Body], body: Mapping[str, Any]) -> Body:
    try:
        return model.model_validate(body, by_alias=True, by_name=False)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise EntryError(CODE, _tell(faults)) from None


def _tell(faults: Sequence[ErrorDetails]) -> str:
    told = "; ".join(map(_sentence, faults[:_MAX_TOLD]))
    return told if len(faults) <= _MAX_TOLD else f"{told}; and {len(faults) - _MAX_TOLD} more"


def _sentence(fault: ErrorDetails) -> str:
    place = ".".join(map(str, fault["loc"]))[:_MAX_PLACE]
    return f"{place}: {_message(fault)}" if place else _message(fault)


def _message(fault: ErrorDetails) -> str:
    if fault.get("ctx", {}).get("pattern") == NOT_BLANK:
        return "is blank"
    message = _SENTENCES.get(fault["type"]) or fault["msg"]
    for opening in _OPENINGS:
        message = message.removeprefix(opening)
    return message
