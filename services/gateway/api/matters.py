"""What requests about the matters of the quality core may hold, and the events and steps that they mean.

A request holds what the body of its event holds; salt, signature and person are the gateway's part.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import create_model

from domain.lot.rules import lot_id
from events.catalogue.bodies import Body, SignedBody
from events.catalogue.registry import EventType, event_type
from services.gateway.api.addresses import event_name
from services.gateway.api.asked import RelationshipField, SignatureAsked
from services.gateway.api.edge.bodies import RequestModel
from services.gateway.commands.filled import FILLED, FILLED_LATER
from services.gateway.commands.matters import Step

_OURS = frozenset({"salt", "signature"})
_OPTIONAL = frozenset({"number", "source"})  # of an opening: by default the next of the year, and `manual`


def _identity_of_lot(asked: Any) -> str:  # noqa: ANN401 - made from the body of an opening
    return lot_id(asked.material, asked.number)


_NAMING: Mapping[str, frozenset[str]] = {"lot": frozenset({"material", "number"})}
"""What the UUID is made of: an opening says it, a later step may leave it out."""

IDENTITIES: Mapping[str, Callable[[RequestModel], str]] = {"lot": _identity_of_lot}
"""The UUID of what is its own, by its opening; what is not here gets a fresh one."""


def type_of(kind: str, name: str, *, review: bool = False) -> EventType:
    """Return an event of a matter, or of its review.

    Raises:
        KeyError: the catalogue has no such event.
    """
    full = event_name(kind, name, review=review)
    found = event_type(full)
    if found is None:
        raise KeyError(full)
    return found


@cache
def request_model(type_: EventType, *, opens: bool = False, numbered: bool = True) -> type[RequestModel]:
    """Return what a request for an event holds; an opening may name the relationship and leave out its number.

    What the record says may be left out too (`services.gateway.commands.filled`). Not `numbered`: the number is the
    thing's own and must be said.
    """
    model, fields = type_.model, dict[str, Any]()
    optional = set(FILLED.get(type_.name, ()))
    optional |= (_OPTIONAL if numbered else {"source"}) if opens else set(FILLED_LATER.get(type_.name, ()))
    asked = _NAMING.get(type_.subject_kind, frozenset()) if opens else frozenset()
    for name, field in model.model_fields.items():
        if name in _OURS:
            continue
        annotation: Any = field.annotation
        fields[name] = (annotation | None, None) if name in optional else (annotation, field)
        if name in asked and not field.is_required():
            fields[name] = (get_args(annotation)[0], ...)
    if issubclass(model, SignedBody):
        fields["signature"] = (SignatureAsked, ...)
    if opens:
        fields["relationship"] = (RelationshipField, None)
    made: type[RequestModel] = create_model(
        _name_of(type_, model, opens=opens),
        __base__=RequestModel,
        __doc__=model.__doc__,
        **fields,
    )
    return made


def _name_of(type_: EventType, model: type[Body], *, opens: bool) -> str:
    """Return the name of a request in OpenAPI: one for each body, and one more where the record fills in fields."""
    room = model.__module__.rpartition(".")[2].title().replace("_", "")
    filled = type_.subject_kind.title().replace("_", "") if type_.name in FILLED else ""
    return f"{room}{model.__name__}{filled}{'Opening' if opens else ''}Asked"


def step_of(type_: EventType, asked: RequestModel) -> Step:
    """Return the step that a request asks for; what it leaves out is left out."""
    fields = type_.model.model_fields
    named = asked.model_fields_set & fields.keys() - _OURS
    values = {fields[name].serialization_alias or name: getattr(asked, name) for name in named}
    signature = getattr(asked, "signature", None)
    return Step(type_.name, values, None if signature is None else signature.signing())
