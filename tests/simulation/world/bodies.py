"""Requests that somebody could honestly make for an event, of any type of the catalogue.

The ground is the good sample of the type. What it names are entries that are there: of the matter what
`domain.candidates` says, else the latest of each type. Products and batches are few, so that matters touch each other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from domain.candidates import CANDIDATES
from domain.errors import DomainError
from domain.signing.rules import meanings_of
from domain.steps.candidates import Asking
from events.catalogue.bodies import EventRef
from events.catalogue.event_types import EventType
from events.catalogue.forms import Text, Title
from services.gateway.commands.filled import FILLED, FILLED_LATER
from services.gateway.commands.matters import written
from tests.events.catalogue.sampling import sample
from tests.simulation.world.sight import Sight

MOST_CANDIDATES, MOST_OPTIONAL = 6, 8
SAID_ALL_THE_SAME = 0.2  # of what the gateway knows from the record
PRODUCTS, BATCHES = ("P-0", "P-1"), ("B-1", "B-2", "B-3")
_NAME = "注射液"
_FREE = (Text, Title)


@dataclass(frozen=True)
class Making:
    """Who makes a request for which event, and about which matter.

    `number`: of the matter, in the schedule. `mark`: a text that stands in one place of one entry. `is_plain`: words
    are as in the sample.
    """

    type: EventType
    asking: Asking
    sight: Sight
    chance: Random
    number: int
    mark: str
    is_numbered: bool = False  # the gateway gives the human number
    is_plain: bool = False

    @property
    def opens(self) -> bool:
        """Whether the matter is not there yet."""
        return not self.asking.context.accepted(self.asking.owner, f"{self.asking.kind}/{self.asking.identity}")

    @property
    def times(self) -> int:
        """How often it was said of the matter already."""
        history = self.asking.context.accepted(self.asking.role, f"{self.type.subject_kind}/{self.asking.identity}")
        return sum(past.name == self.type.name for past in history)


def bodies(making: Making) -> Iterator[dict[str, Any]]:
    """Return what somebody might ask for, as JSON, the likeliest first."""
    for known in _candidates(making):
        names_it = not making.is_plain and making.chance.random() < SAID_ALL_THE_SAME
        candidate = {name: value for name, value in known.items() if names_it or name not in _filled(making)}
        said = ground(making, candidate)
        foreign = [name for name, field in _fields(making.type) if _is_ref(field) and name not in candidate]
        yield from _naming(making, said, [name for name in foreign if name not in _filled(making)])


def is_marked(type_: EventType) -> bool:
    """Tell whether a request for an event has a place for a mark."""
    fields = dict(_fields(type_))
    return "signature" in fields or any(map(_is_free, fields.values()))


def _candidates(making: Making) -> list[Mapping[str, Any]]:
    found = CANDIDATES.get(making.type.name)
    if found is None:
        return [{}]
    try:
        several = list(found(making.asking))
    except DomainError:
        several = []
    if not several and making.opens:
        return [{}]
    first, rest = several[:1], several[1:]
    making.chance.shuffle(rest)
    names = making.type.model.model_fields
    return [
        {names[name].serialization_alias or name: written(value) for name, value in each.items()}
        for each in (first + rest)[:MOST_CANDIDATES]
    ]


def ground(making: Making, candidate: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body without what a candidate leaves open: references to entries of other matters."""
    said = {name: _varied(making, name, value) for name, value in sample(making.type.name).items()}
    marked = False
    for name, field in _fields(making.type):
        if name in candidate:
            said[name] = _changed(candidate[name])
        elif name == "attachments" or _is_ref(field) or name in _filled(making):
            said.pop(name, None)
        elif get_origin(field.annotation) is Literal:
            said[name] = _word(making, said.get(name), get_args(field.annotation))
        elif "signature" not in said and not marked and _is_free(field):
            said[name], marked = making.mark, True
    if "signature" in said:
        said["signature"] = {"meaning": min(meanings_of(making.type.name)), "reason": making.mark}
    if making.opens and "number" in said:
        said["number"] = f"{making.type.subject_kind[0].upper()}-{making.number}"
        if making.is_numbered:
            del said["number"]
    return {name: value for name, value in said.items() if name != "salt" and value is not None}


def _word(making: Making, usual: Any, words: tuple[Any, ...]) -> Any:
    """Return a word of a few; who says the same thing again, of three things, goes on to the next."""
    if not making.is_plain and making.chance.random() < 0.5:
        return making.chance.choice(words)
    if usual is None or len(words) < 3:
        return usual
    return words[(words.index(usual) + making.times) % len(words)]


def _naming(making: Making, ground: dict[str, Any], foreign: list[str]) -> Iterator[dict[str, Any]]:
    """Return the body with entries of other matters named: none where none need be, and the latest of each type."""
    if not foreign:
        yield ground
        return
    fields = dict(_fields(making.type))
    needed = [name for name in foreign if fields[name].is_required()]
    if not needed and making.chance.random() < 0.5:
        yield ground
    refs = list(making.sight.latest.values())
    making.chance.shuffle(refs)
    chosen = needed or [making.chance.choice(foreign)]
    for ref in refs if needed else refs[:MOST_OPTIONAL]:
        value = ref.model_dump()
        yield {**ground, **{name: [value] if fields[name].annotation == list[EventRef] else value for name in chosen}}
    if not needed:
        yield ground


def _varied(making: Making, name: str, value: Any) -> Any:
    """Return a value of the sample with other products and batches in it."""
    if name == "products":
        codes = PRODUCTS if making.number % 2 == 0 else PRODUCTS[1:]
        return [{"name": _NAME, "code": code} for code in codes]
    if name == "product":
        return {"name": _NAME, "code": PRODUCTS[making.number % 2]}
    if name == "batches":
        return [{"number": making.chance.choice(BATCHES)}] if making.chance.random() < 0.6 else []
    if name == "batch":
        return {"number": making.chance.choice(BATCHES)}
    if name == "effective_from":
        return "2026-11-01" if making.number % 3 == 0 else value
    return {inner: _varied(making, inner, each) for inner, each in value.items()} if isinstance(value, dict) else value


def _changed(value: Any) -> Any:
    """Return a correction's changes so that they change something: a candidate leaves the new text to the person."""
    if not isinstance(value, list):
        return value
    return [
        {**each, "after": f"{each['after']}。"} if isinstance(each, dict) and each.get("after") else each
        for each in value
    ]


def _filled(making: Making) -> frozenset[str]:
    """What the gateway knows from the record; honest people leave it out."""
    later = {} if making.opens else FILLED_LATER.get(making.type.name, {})
    return frozenset({*FILLED.get(making.type.name, {}), *later})


def _fields(type_: EventType) -> list[tuple[str, FieldInfo]]:
    fields = type_.model.model_fields.items()
    return [(field.serialization_alias or name, field) for name, field in fields if name != "salt"]


def _is_ref(field: FieldInfo) -> bool:
    return EventRef in (field.annotation, *get_args(field.annotation))


def _is_free(field: FieldInfo) -> bool:
    """Tell whether a field holds a text of a person, which says anything."""
    forms = [get_args(form)[1] for form in _FREE]
    inner = [each for option in get_args(field.annotation) for each in get_args(option)[1:]]
    return any(each in forms for each in (*field.metadata, *inner)) and field.is_required()
