"""The interface's description (OpenAPI 3.1): what FastAPI knows, and what it cannot: strictly read bodies, problems."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.gateway.api.edge.answers import KEY_HEADER
from services.gateway.api.edge.bodies import MODEL_ATTRIBUTE
from services.gateway.api.problems import CONTENT_TYPE
from services.gateway.api.shapes import ProblemDetails

_SCHEMAS = "#/components/schemas/"
_PROBLEMS = {
    "4XX": "what was asked is not right, not permitted, or not possible now",
    "5XX": "the gateway cannot answer now; a command may be repeated with the same idempotency key",
}
_DROPPED = ("HTTPValidationError", "ValidationError")
_DESCRIPTION = (
    "质量记录的交换网关。The gateway of one party: records, the partner's answers, and the evidence for both. "
    "Times are UTC; `Idempotency-Key` makes every command safe to repeat."
)


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an app."""
    document = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    bodies = dict(_bodies(app))
    schemas.update(_schemas_of([*bodies.values(), ProblemDetails]))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, bodies.get((path, method)))
    for name in _DROPPED:
        schemas.pop(name, None)
    return document


def _complete(operation: dict[str, Any], body: type[BaseModel] | None) -> None:
    """Say which body is read, that the key is needed, and that every refusal is a problem."""
    if body is not None:
        content = {"application/json": {"schema": {"$ref": _SCHEMAS + body.__name__}}}
        operation["requestBody"] = {"required": True, "content": content}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == KEY_HEADER:
            parameter |= {"required": True, "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"}}
    responses = operation["responses"]
    responses.pop("422", None)
    for status, description in _PROBLEMS.items():
        content = {CONTENT_TYPE: {"schema": {"$ref": _SCHEMAS + ProblemDetails.__name__}}}
        responses.setdefault(status, {"description": description, "content": content})


def _schemas_of(models: list[type[BaseModel]]) -> dict[str, Any]:
    wanted = [(model, "validation") for model in dict.fromkeys(models)]
    _, found = models_json_schema(wanted, by_alias=True, ref_template=_SCHEMAS + "{model}")  # type: ignore[arg-type] # the mode is one of its literals
    definitions: dict[str, Any] = found.get("$defs", {})
    return definitions


def _bodies(app: FastAPI) -> Iterator[tuple[tuple[str, str], type[BaseModel]]]:
    """Return the model of the body that each call reads."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        model = None if dependant is None else _body_read_by(dependant)
        if model is not None:
            for method in getattr(route, "methods", None) or ():
                yield (str(getattr(route, "path_format", "")), method.lower()), model


def _body_read_by(dependant: Dependant) -> type[BaseModel] | None:
    model = getattr(dependant.call, MODEL_ATTRIBUTE, None)
    if model is not None:
        return model  # type: ignore[no-any-return] # set by `body` alone
    return next((found for each in dependant.dependencies if (found := _body_read_by(each)) is not None), None)
