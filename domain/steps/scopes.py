"""What a matter that shuts gates is about, as it was opened and as each correction left it.

A correction may widen what is shut, and never makes it smaller: it is one party's word, and what was shut is opened by
those alone who may open it. So what shuts reads every value that was ever told, by marked and disputed corrections too
(what shuts needs not be relied on); what opens reads the values that stand.

A scope is its labels, and the names of its products that have no code. Such a name shuts as if it were any product's,
and opens what is told in the very same words alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from domain.judging.history import PastEvent
from domain.steps.corrections import apply_changes, corrected_values
from domain.steps.errors import CorrectionInvalidError
from domain.steps.history import UNCODED, History, overlap
from events.catalogue.scope import Scope

EVERYTHING: frozenset[str] = frozenset()
"""The scope that names nothing: what shuts is of the whole relationship."""

_LABELLED = (
    ("batch", "batches", "number"),
    ("product", "products", "code"),
    ("line", "lines", ""),
    ("site", "sites", ""),
)
"""The kind of a label, the field of a scope that has some, and the field of each that is its text, if it has any."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry that told what a matter is about: its opening or a correction of that; `scope` holds all told so far.

    `texts` are the values of one field of the opening that were told so far.
    """

    past: PastEvent
    scope: frozenset[str]
    texts: frozenset[str] = frozenset()


def told(history: History, field: str = "") -> list[Told]:
    """Return how a matter was told: its opening, then each correction that added to its scope or to a field's values.

    Empty before the opening, which must have a `scope`.
    """
    return list(_told(history, field))


def told_scope(history: History) -> frozenset[str]:
    """Return everything that a matter was ever about; empty is everything."""
    return told(history)[-1].scope if history.opening is not None else EVERYTHING


def widenings(history: History) -> list[PastEvent]:
    """Return the corrections that made the scope of a matter wider, by position."""
    return [each.past for each in told(history)[1:]]


def standing_scope(history: History) -> frozenset[str]:
    """Return the scope of a matter by the corrections of its opening that can be relied on."""
    opening = history.opening
    if opening is None:
        return EVERYTHING
    relied = list(filter(history.is_relied_on, history.corrections_of(opening)))
    if not relied:
        return words_of(opening.body.scope)
    try:
        return _words_in(corrected_values(opening, relied))
    except CorrectionInvalidError:  # one rests on another that is disputed: the original stands
        return words_of(opening.body.scope)


def words_of(scope: Scope) -> frozenset[str]:
    """Return what a scope is of: its labels, and the names of products without a code; empty is everything."""
    names = (f"{UNCODED}{product.name}" for product in scope.products if product.code is None)
    return frozenset((*scope.labels, *names))


def first_covering(found: Iterable[Told], labels: Iterable[str]) -> Told | None:
    """Return the entry from which on a matter is about anything that carries these labels; None: it is not."""
    wanted = list(labels)
    return next((each for each in found if overlap(each.scope, wanted)), None)


def _told(history: History, field: str) -> Iterator[Told]:
    opening = history.opening
    if opening is None:
        return
    texts = frozenset({str(getattr(opening.body, field))} if field else ())
    known = Told(opening, words_of(opening.body.scope), texts)
    yield known
    corrections = history.corrections_of(opening)
    values = opening.body.model_dump() if corrections else {}
    for correction in corrections:
        values = _changed(values, correction)
        said = frozenset({values[field]} if isinstance(values.get(field), str) else ())
        now = Told(correction, _wider(known.scope, values), known.texts | said)
        if (now.scope, now.texts) != (known.scope, known.texts):
            known = now
            yield known


def _changed(values: dict[str, Any], correction: PastEvent) -> dict[str, Any]:
    """Return values with a correction; one that is marked may lead nowhere, and changes nothing then."""
    changed = deepcopy(values)
    try:
        apply_changes(changed, correction.body.changes)
    except CorrectionInvalidError:
        return values
    return changed


def _wider(scope: frozenset[str], values: Mapping[str, Any]) -> frozenset[str]:
    now = _words_in(values)
    return EVERYTHING if EVERYTHING in (scope, now) else scope | now


def _words_in(values: Mapping[str, Any]) -> frozenset[str]:
    """Return what the scope in the values of a body is of; what is no text says nothing."""
    scope = values.get("scope")
    found = set()
    for kind, field, name in _LABELLED:
        listed = scope.get(field) if isinstance(scope, Mapping) else None
        for each in listed if isinstance(listed, list) else ():
            text = each.get(name) if isinstance(each, Mapping) else each
            if isinstance(text, str):
                found.add(f"{kind}/{text}")
            elif kind == "product" and isinstance(each, Mapping) and isinstance(each.get("name"), str):
                found.add(f"{UNCODED}{each['name']}")
    return frozenset(found)
