"""Bodies: read with a limit, strictly, into the model of the request; OpenAPI learns the model from here."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from services.gateway.api.edge.failures import wrong_fields
from services.gateway.api.edge.strict_json import read_object
from services.gateway.api.problems import Problem

MAX_BODY_BYTES = 1024 * 1024
MAX_IMPORT_BYTES = 8 * 1024 * 1024

MODEL_ATTRIBUTE = "counterfoil_model"
"""Where a reader of bodies says which model it reads."""

_Model = TypeVar("_Model", bound=BaseModel)


class RequestModel(BaseModel):
    """What a body holds: no unknown fields, no conversions."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Given(Generic[_Model]):
    """A body as it was understood, and its canonical bytes, which tell one request from another."""

    value: _Model
    canonical: bytes


def body(model: type[_Model], limit: int = MAX_BODY_BYTES) -> Any:  # noqa: ANN401 - what FastAPI's Depends is
    """Return the dependency that reads a body of this model."""

    async def read(request: Request) -> Given[_Model]:
        _check_content_type(request.headers.get("Content-Type", ""))
        raw = await read_bytes(request, limit)
        if len(raw) <= _SMALL:
            return understand(model, raw)
        return await run_in_threadpool(understand, model, raw)

    setattr(read, MODEL_ATTRIBUTE, model)
    return Depends(read)


async def read_bytes(request: Request, limit: int) -> bytes:
    """Read a body as it comes, and not beyond its limit.

    Raises:
        Problem: `body-too-large`.
    """
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:_LONGEST_LENGTH]) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            parts.append(part)
    except ClientDisconnect as gone:
        raise Problem("malformed", "the body ended before its end") from gone
    return b"".join(parts)


_LONGEST_LENGTH = 18
_SMALL = 65536  # bytes that are understood in the loop itself


def understand(model: type[_Model], raw: bytes) -> Given[_Model]:
    """Read the bytes of a body strictly into a model.

    Raises:
        Problem: `malformed` or `validation`, with the fields.
    """
    found = read_object(raw)
    try:
        return Given(model.model_validate(found.value, by_alias=True, by_name=False), found.canonical)
    except ValidationError as error:
        raise wrong_fields(error.errors(include_url=False, include_input=False, include_context=False)) from error


def _check_content_type(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem("unsupported-media-type", "send the header Content-Type: application/json")


def _too_large(limit: int) -> Problem:
    return Problem("body-too-large", f"the body has more than {limit} bytes")
