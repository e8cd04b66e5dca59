"""The HTTP interface of a gateway as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.access.signing.confirming import Confirming, Enrolling
from services.gateway.api.addresses import ADDRESSES
from services.gateway.api.blobs import routes as blobs
from services.gateway.api.edge.failures import install
from services.gateway.api.edge.once import Once
from services.gateway.api.edge.queries import only_known_queries
from services.gateway.api.edge.request_ids import HEADER, request_id_of
from services.gateway.api.gateway import Gateway
from services.gateway.api.late import LateRoutes
from services.gateway.api.openapi import describe
from services.gateway.api.routes import (
    bulk,
    calendars,
    communications,
    deviations,
    docs,
    documents,
    events,
    exports,
    health,
    imports,
    journals,
    meta,
    partners,
    people,
    projections,
    quarantine,
    refusals,
    reviews,
    stream,
    tokens,
)
from services.gateway.api.routes.access import signing
from services.gateway.api.routes.overview import counts
from services.gateway.exchange.software import SOFTWARE

WORKERS = 128
"""Requests that may be in a thread at once; commands wait there for the writer, which commits them together."""

_LATE_TOO = ("/v1/timeline", "/v1/my-work", "/v1/notices")  # beside the matters and registers

_NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False}


def create_app(
    gateway: Gateway,
    max_streams: int = stream.DEFAULT_STREAMS,
    confirming: Confirming | None = None,
    enrolling: Enrolling | None = None,
) -> FastAPI:
    """Return the application of a running gateway; it neither starts nor stops it.

    Without `confirming` nobody can sign, without `enrolling` nobody is given anything to sign with.
    """
    app = FastAPI(
        title=f"Counterfoil · {gateway.profile.title_zh} · {gateway.profile.title_en}",
        version=SOFTWARE,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_known_queries)],
        telemetry=_NO_TELEMETRY,  # type: ignore[arg-type] # a TypedDict of the library
        lifespan=_lifespan,
    )
    app.state.gateway = gateway
    app.state.once = Once()
    app.state.confirming, app.state.enrolling = confirming, enrolling
    app.state.hub = stream.Hub(gateway, max_streams)
    install(app)
    _include(app)
    app.add_middleware(RequestIds)
    app.openapi = partial(_described, app)  # type: ignore[method-assign] # FastAPI's own way to extend it
    return app


class RequestIds:
    """Gives every answer the id of its request, and tells browsers not to guess content types."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(HTTPConnection(scope))

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[HEADER] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self._app(scope, receive, with_id)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = WORKERS
    yield
    app.state.hub.close()


def _include(app: FastAPI) -> None:
    for router in (
        health.router,
        health.alarms,
        meta.router,
        docs.router,
        exports.router,
        bulk.router,
        counts.router,
        communications.router,
        deviations.router,
        imports.router,
        events.router,
        blobs.router,
        journals.router,
        partners.router,
        partners.clock,
        documents.agreements,
        documents.lists,
        people.router,
        calendars.router,
        signing.router,
        tokens.router,
        quarantine.router,
        refusals.router,
        projections.router,
        stream.router,
    ):
        app.include_router(router)
    late = LateRoutes(app, [*(f"/v1/{address.plural}" for address in ADDRESSES), *_LATE_TOO], _made_late)
    app.state.late = late
    app.router.routes.append(late)
    for prefix in ("/v1/deviations", "/v1/communications"):
        app.include_router(deviations.steps, prefix=prefix)
        app.include_router(reviews.steps, prefix=prefix)


def _made_late() -> list[APIRouter]:
    """Return what few calls ask for: it is loaded with the first of them, so that a gateway is ready sooner."""
    rooms = "services.gateway.api.routes"
    alone = ("quality.releases", "registers.shown", "overview.timelines", "overview.work", "overview.notices")
    return [
        *(import_module(f"{rooms}.{name}").router for name in alone),
        *import_module(f"{rooms}.quality.matters").routers(),
    ]


def _described(app: FastAPI) -> dict[str, object]:
    if app.openapi_schema is None:
        app.state.late.add()
        app.openapi_schema = describe(app)
    return app.openapi_schema
