"""Where each event is asked for over HTTP: read from the routes of the application themselves.

A route says by its dependency (`records`) which events its callers may record; the review of a document has the route
of its owner's step, where the address alone does not say who signs.
"""

from collections.abc import Iterator
from functools import cache
from inspect import getclosurevars
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from events.catalogue.event_types import REVIEW
from services.cmo_gateway.profile import PROFILE
from services.gateway.api.app import create_app
from services.gateway.api.edge.callers import records

_GENERIC = "/v1/communications/"
"""The same steps once more, whatever the matter: the matter's own address is shown."""


def endpoints_of(event_type: str) -> tuple[str, ...]:
    """Return the calls that ask for an event, `POST /v1/...`; none for what the gateway writes by itself."""
    table = _table()
    owners = event_type.replace(f"{REVIEW}.", ".")
    return table.get(event_type) or table.get(owners) or ()


@cache
def application() -> FastAPI:
    """Return the whole application, of which only the routes are looked at."""
    gateway: Any = SimpleNamespace(profile=PROFILE)
    app = create_app(gateway)
    app.state.late.add()
    return app


@cache
def paths() -> frozenset[str]:
    """Return every call of the interface, as `GET /v1/...`."""
    return frozenset(f"{method} {path}" for method, path, _ in _routes())


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found = dict[str, list[str]]()
    for method, path, dependant in _routes():
        for name in _recorded_by(dependant):
            found.setdefault(name, []).append(f"{method} {path}")
    return {name: tuple(_own(calls)) for name, calls in found.items()}


@cache
def _routes() -> tuple[tuple[str, str, Dependant], ...]:
    return tuple(
        (method, str(getattr(route, "path_format", "")), dependant)
        for route in iter_route_contexts(application().routes)
        if (dependant := getattr(route, "dependant", None)) is not None
        for method in sorted(getattr(route, "methods", None) or ())
    )


def _recorded_by(dependant: Dependant) -> Iterator[str]:
    call = dependant.call
    if getattr(call, "__qualname__", "").startswith(f"{records.__name__}.") and callable(call):
        yield from getclosurevars(call).nonlocals["types"]
    for each in dependant.dependencies:
        yield from _recorded_by(each)


def _own(calls: list[str]) -> list[str]:
    own = [call for call in dict.fromkeys(calls) if _GENERIC not in call]
    return own or list(dict.fromkeys(calls))
