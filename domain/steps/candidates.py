"""What a step could name if somebody took it now: the bodies that are worth trying on its rule.

A rule judges a body, and most bodies name other entries. To say beforehand whether a step is open, its own rule is run
on every body that could matter: each entry that it may name, each word that it may say. One that passes shows that the
step is open; where none passes, none of an honest request would. A body here holds only what its rule looks at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from domain.evidence import EvidenceNotFoundError, reference
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.steps.corrections import NEVER_CORRECTED, corrected_values, corrections_of
from domain.steps.history import History, history_of
from domain.steps.subjects import types_of
from events.catalogue.bodies import EventRef
from events.catalogue.event_types import REVIEW
from events.catalogue.steps import Change
from events.encoding.identifiers import Role


class NothingToNameError(EvidenceNotFoundError):
    """The step names another entry, and there is none yet that it could name."""

    code = "evidence.nothing_yet"
    slug = "state-transition"


@dataclass(frozen=True)
class Asking:
    """Who might take a step on a matter: the party of the context, by this actor, at this moment."""

    context: Context
    owner: Role
    kind: str
    identity: str  # UUID
    actor: str
    at: datetime

    @property
    def role(self) -> Role:
        """The party that asks."""
        return self.context.role

    @cached_property
    def history(self) -> History:
        """What both wrote about the matter."""
        return history_of(self.context, self.owner, self.kind, self.identity)


Candidate = Mapping[str, Any]
"""Fields of a body by name, as its model has them; fields with a default may be left out."""

Candidates = Callable[[Asking], Iterable[Candidate]]
"""Returns the bodies that are worth trying, the most natural one first: what refuses that one is told.

Raises `NothingToNameError` where there is nothing yet that the step could name.
"""


@dataclass(frozen=True, slots=True)
class Maybe:
    """An entry of these types, or none."""

    types: tuple[str, ...]


def naming(**fields: str | Sequence[str] | Maybe) -> Candidates:
    """Return the bodies whose fields name entries of these types in every combination, the latest first."""
    wanted = {name: types if isinstance(types, Maybe) else _types(types) for name, types in fields.items()}

    def candidates(asking: Asking) -> Iterable[Candidate]:
        several = [_refs(asking, types) for types in wanted.values()]
        return [dict(zip(wanted, chosen, strict=True)) for chosen in product(*several)]

    return candidates


def listing(field: str, *types: str) -> Candidates:
    """Return the bodies whose list names one entry of these types; enough where a rule asks the same of each."""

    def candidates(asking: Asking) -> Iterable[Candidate]:
        return [{field: [ref]} for ref in _refs(asking, types)]

    return candidates


def saying(**fields: Sequence[Any]) -> Candidates:
    """Return the bodies whose fields say one of these values each."""

    def candidates(_asking: Asking) -> Iterable[Candidate]:
        return [dict(zip(fields, chosen, strict=True)) for chosen in product(*fields.values())]

    return candidates


def candidates_of_steps(kind: str) -> dict[str, Candidates]:
    """Return the candidates of the steps that every matter knows."""
    return {
        f"{kind}.answered.v1": naming(question=f"{kind}{REVIEW}.asked.v1"),
        f"{kind}.corrected.v1": _own_entries,
        f"{kind}{REVIEW}.acknowledged.v1": _entries_of_the_owner,
        f"{kind}{REVIEW}.corrected.v1": _own_entries,
    }


def needed(found: Sequence[PastEvent], *types: str) -> list[EventRef]:
    """Return references to entries, the latest first.

    Raises:
        NothingToNameError: there is none.
    """
    if not found:
        raise NothingToNameError(f"it names {' or '.join(types)}, and there is none yet")
    return [reference(past) for past in reversed(found)]


def _refs(asking: Asking, types: tuple[str, ...] | Maybe) -> Sequence[EventRef | None]:
    if isinstance(types, Maybe):
        return [*(reference(past) for past in reversed(asking.history.of(*types.types))), None]
    return needed(asking.history.of(*types), *types)


def _types(types: str | Sequence[str]) -> tuple[str, ...]:
    return (types,) if isinstance(types, str) else tuple(types)


def _own_entries(asking: Asking) -> Iterable[Candidate]:
    """Return corrections of each own entry, of each text in it; what it is put right to is for the person to say."""
    is_owner = asking.role is asking.owner
    written = asking.history.own if is_owner else asking.history.review
    known = types_of(asking.kind if is_owner else asking.kind + REVIEW)
    found = [past for past in reversed(written) if past.name in known]
    if not found:
        raise NothingToNameError("it names an own entry, and there is none yet")
    for past in found:
        standing = corrected_values(past, corrections_of(asking.context, past))
        for field, text in _texts(standing):
            after = text or "…"
            yield {"entry": reference(past), "changes": [Change(field=field, before=text, after=after)]}


def _texts(values: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str | None]]:  # noqa: ANN401 - of a body
    """Return the fields of a body that hold a text or could, with it; what names another entry is none."""
    if isinstance(values, Mapping):
        members = [] if "leaf" in values else values.items()
        inner = [(str(name), each) for name, each in members if name not in NEVER_CORRECTED]
    else:
        inner = [(str(index), each) for index, each in enumerate(values)]
    for name, each in inner:
        if isinstance(each, str | None):
            yield ".".join((*path, name)), each
        elif isinstance(each, Mapping | list):
            yield from _texts(each, (*path, name))


def _entries_of_the_owner(asking: Asking) -> Iterable[Candidate]:
    return [{"entry": ref} for ref in needed(asking.history.own, "an entry of the partner")]
