"""What a person asks for, as the request that the gateway takes: a file, single fields, a reason to sign with.

Where a field names an entry, `cmo:17` may stand for it, or the number of the item that it opened: the gateway is asked.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel

from domain.signing.rules import meanings_of
from events.catalogue.bodies import EventRef
from events.catalogue.registry import event_type
from services.gateway.api.addresses import Address, event_name
from services.gateway.cli.errors import UsageError
from services.gateway.cli.files import read_json
from services.gateway.cli.matters.names import group_name
from services.gateway.cli.matters.reading import opening_of
from services.gateway.cli.remote.steps import reference
from services.gateway.cli.session import Session

APPROVED = "approved"

Within = Callable[[], str | None]
"""Returns a relationship, `<MAH>/<CMO>`; None where there is but one, or nothing is known."""

_FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*?)(:?=)(.*)", re.DOTALL)
_PLACE = re.compile(r"(?:mah|cmo):[0-9]+")


def nowhere() -> None:
    """Return no relationship: the only one is meant."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for of a matter, by the event that it leads to (its full name)."""

    address: Address
    event: str

    def body(
        self, session: Session, file: str | None, values: list[str], reason: str | None, within: Within = nowhere
    ) -> dict[str, Any]:
        """Return the request; `within` says in which relationship entries are looked up, if that is known.

        Raises:
            UsageError: the file, a field or an entry is not right, or nothing takes the reason.
        """
        body = {} if file is None else read_json(file)
        for written in values:
            _put(body, written)
        if reason is not None:
            self._give(body, reason)
        stated = body.get("relationship")
        looking = _Looking(session, within if stated is None else lambda: str(stated))
        return {name: self._looked_up(looking, name, value) for name, value in body.items()}

    def meaning(self) -> str:
        """Return what it is signed with: approved, unless it is never that."""
        meanings = meanings_of(self.event)
        return APPROVED if APPROVED in meanings else min(meanings)

    def _give(self, body: dict[str, Any], reason: str) -> None:
        """Put a reason where the request takes one, into the signature, the field, or both, whatever the file says."""
        fields = _fields_of(self.event)
        if not {"signature", "reason"} & fields.keys():
            raise UsageError(
                "{event} takes no reason",
                hint="counterfoil {group} template",
                event=self.event,
                group=group_name(self.address),
            )
        if "reason" in fields:
            body["reason"] = reason
        if "signature" in fields:
            said = body.get("signature")
            known = said if isinstance(said, dict) else {}
            body["signature"] = {"meaning": self.meaning(), **known, "reason": reason}

    def _looked_up(self, looking: "_Looking", name: str, value: object) -> object:
        beside = self.address.within.get(name)
        if beside is not None and isinstance(value, dict):
            return looking.through(_fields_of(event_name(self.address.kind, beside)), value)
        return looking.at(_fields_of(self.event).get(name), value)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks up the entries that places and numbers stand for, where an entry is meant."""

    session: Session
    within: Within

    def at(self, annotation: object, value: object) -> object:
        """Return the value of a field as the gateway takes it."""
        models = {each for each in _parts(annotation) if isinstance(each, type) and issubclass(each, BaseModel)}
        if isinstance(value, str) and EventRef in models:
            find = reference if _PLACE.fullmatch(value) else opening_of
            return find(self.session, value, self.within())
        if isinstance(value, list):
            return [self.at(annotation, each) for each in value]
        if isinstance(value, dict):
            return self.through({name: said for model in models for name, said in _annotations(model).items()}, value)
        return value

    def through(self, fields: Mapping[str, Any], value: Mapping[str, object]) -> dict[str, object]:
        """Return the same of an object."""
        return {name: self.at(fields.get(name), each) for name, each in value.items()}


def _fields_of(event: str) -> dict[str, Any]:
    """Return what the fields of an event's body are made of, by the names that requests use."""
    type_ = event_type(event)
    return {} if type_ is None else _annotations(type_.model)


def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _parts(annotation: object) -> Iterator[object]:
    """Yield what an annotation is made of, whether it is a list of it, or may be missing."""
    yield annotation
    for each in get_args(annotation):
        yield from _parts(each)


def _put(body: dict[str, Any], written: str) -> None:
    """Put FIELD=TEXT or FIELD:=JSON into a request; a number in the field is a place in a list."""
    found = _FIELD.fullmatch(written)
    if found is None:
        raise UsageError("{given} is not FIELD=VALUE", hint="--set title=...", given=written)
    path, how, text = found.groups()
    names = path.split(".")
    here: Any = body
    for name, following in pairwise(names):
        here = _within(here, name, written, [] if following.isdecimal() else {})
    _set(here, names[-1], _json(path, text) if how == ":=" else text, written)


def _within(here: Any, name: str, written: str, fresh: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(here, list) and name.isdecimal() and int(name) < len(here):
        return here[int(name)]
    if isinstance(here, dict) and name in here:
        return here[name]
    _set(here, name, fresh, written)
    return fresh


def _set(here: Any, name: str, value: object, written: str) -> None:  # noqa: ANN401 - JSON
    if isinstance(here, dict):
        here[name] = value
    elif isinstance(here, list) and name.isdecimal() and int(name) < len(here):
        here[int(name)] = value
    elif isinstance(here, list) and name == str(len(here)):
        here.append(value)
    else:
        raise UsageError("{given} fits nothing: a list begins at 0, a text holds no fields", hint="", given=written)


def _json(name: str, text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError("{name} is no JSON: {what}", hint="--set FIELD:=true", name=name, what=error) from error
