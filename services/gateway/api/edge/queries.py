"""Query parameters that a call does not know, or that come twice, are refused: a misspelt filter filters nothing."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from services.gateway.api.problems import FieldError, Problem

Text = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
"""A name or a number that is asked for as it stands in a row."""

_MOST_NAMED = 20
_LONGEST_NAME = 60

_known: dict[int, frozenset[str]] = {}  # by the identity of a route's dependant, which lives as long as the app


async def only_known_queries(request: Request) -> None:
    """Refuse parameters that the call does not have.

    Raises:
        Problem: `validation`, with each of them.
    """
    if not request.scope.get("query_string"):
        return
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if dependant is None:
        return
    known = names_of(dependant)
    counted = Counter(name for name, _ in request.query_params.multi_items())
    wrong = [FieldError(name[:_LONGEST_NAME], "no parameter of this call") for name in counted if name not in known]
    wrong += [FieldError(name, "given twice") for name, count in counted.items() if name in known and count > 1]
    if wrong:
        told = "; ".join(f"{each.field}: {each.detail}" for each in wrong[:_MOST_NAMED])
        raise Problem("validation", told, errors=wrong[:_MOST_NAMED])


def names_of(dependant: Dependant) -> frozenset[str]:
    """Return the query parameters of a call."""
    found = _known.get(id(dependant))
    if found is None:
        found = _known[id(dependant)] = frozenset(_names(dependant))
    return found


def _names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (field.alias or name for name, field in kind.model_fields.items())
        else:
            yield parameter.alias
    for each in dependant.dependencies:
        yield from _names(each)
