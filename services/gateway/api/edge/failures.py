"""Every error ends here, in problem details; what nobody foresaw is a 500 that tells a stranger nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request

from domain.errors import DomainError
from events.errors import EvidenceError
from infra.errors import InfraError
from services.gateway.access.errors import AccessError, TokenRequestError
from services.gateway.api.edge.request_ids import HEADER, language_of, request_id_of
from services.gateway.api.problems import (
    CONTENT_TYPE,
    PROBLEM_TYPES,
    RETRY_AFTER_SECONDS,
    SLUG_OF_CODE,
    FieldError,
    Problem,
    document,
)
from services.gateway.exchange.errors import EngineError, RefusedByRuleError

FAMILIES: tuple[type[Exception], ...] = (AccessError, DomainError, EngineError, EvidenceError, InfraError)
"""The errors of the rooms below; each of their leaves has a code."""

_SLUG_OF_FAMILY = {EvidenceError: "validation", InfraError: "unavailable"}
_SLUG_OF_STATUS = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "body-too-large",
    415: "unsupported-media-type",
}
_AGAIN = frozenset({429, 503, 507})
_BEARER = {"WWW-Authenticate": 'Bearer realm="counterfoil"'}

_log = structlog.get_logger()


def problem_of(error: Exception) -> Problem:
    """Return what an error of a room below is to a caller."""
    code, detail = str(getattr(error, "refusal", "") or ""), getattr(error, "detail", "")
    if not isinstance(error, RefusedByRuleError):
        code = str(getattr(error, "code", ""))
    slug = SLUG_OF_CODE.get(code) or getattr(error, "slug", "") or _slug_of_family(error)
    if slug not in PROBLEM_TYPES:
        slug = _slug_of_family(error)
    errors = (FieldError(error.field, detail),) if isinstance(error, TokenRequestError) else _fields_in(slug, detail)
    return Problem(slug, detail, code=code, errors=errors, headers=_headers_of(slug, error))


def wrong_fields(found: Sequence[Mapping[str, Any] | ErrorDetails], *, skip: int = 0) -> Problem:
    """Return the problem of what pydantic found; `skip` leaves out the first parts of each place."""
    errors = [FieldError(".".join(map(str, each["loc"][skip:])), _words(each)) for each in found]
    shown = "; ".join(f"{each.field}: {each.detail}" for each in errors[:_MOST_SHOWN])
    return Problem("validation", shown, errors=errors[:_MOST_NAMED])


def respond(request: Request, problem: Problem) -> Response:
    """Write the answer of a problem."""
    request_id = request_id_of(request)
    headers = {"Content-Language": language_of(request), HEADER: request_id, **problem.headers}
    body = orjson.dumps(document(problem, language_of(request), request_id))
    return Response(body, problem.status, headers, CONTENT_TYPE)


def install(app: FastAPI) -> None:
    """Have an app answer every error with problem details."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_wrong_parameters)
    app.add_exception_handler(HTTPException, _on_http)
    for family in FAMILIES:
        app.add_exception_handler(family, _on_family)
    app.add_exception_handler(Exception, _on_unforeseen)


_MOST_SHOWN = 5
_MOST_NAMED = 100
_LONGEST_WORDS = 300


def _words(found: Mapping[str, Any] | ErrorDetails) -> str:
    """Say what would be right, without repeating what was sent (it may be long, or a secret)."""
    return str(found["msg"]).removeprefix("Value error, ")[:_LONGEST_WORDS]


def _slug_of_family(error: Exception) -> str:
    return next((slug for family, slug in _SLUG_OF_FAMILY.items() if isinstance(error, family)), "state-transition")


def _fields_in(slug: str, detail: str) -> tuple[FieldError, ...]:
    """Return the field that a detail of the form `field: what is wrong` names."""
    field, colon, words = detail.partition(": ")
    named = slug == "validation" and colon and " " not in field
    return (FieldError(field, words),) if named else ()


def _headers_of(slug: str, error: Exception) -> dict[str, str]:
    status = PROBLEM_TYPES[slug].status
    if slug == "unauthenticated":
        return _BEARER
    if status in _AGAIN:
        seconds = getattr(error, "retry_after", None) or RETRY_AFTER_SECONDS
        return {"Retry-After": str(int(seconds))}
    return {}


def _on_problem(request: Request, error: Exception) -> Response:
    return respond(request, error if isinstance(error, Problem) else Problem("internal"))


def _on_family(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status >= 500:  # noqa: PLR2004 - server errors
        _log.warning("request failed", request_id=request_id_of(request), code=problem.code, slug=problem.slug)
    return respond(request, problem)


def _on_wrong_parameters(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return respond(request, wrong_fields(found, skip=1))


def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    slug = _SLUG_OF_STATUS.get(status, "internal" if status >= 500 else "validation")  # noqa: PLR2004 - server errors
    return respond(request, Problem(slug, headers=headers))


def _on_unforeseen(request: Request, error: Exception) -> Response:
    _log.error("unforeseen error", request_id=request_id_of(request), error=type(error).__name__, exc_info=error)
    return respond(request, Problem("internal"))
