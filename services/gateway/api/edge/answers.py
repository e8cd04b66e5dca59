"""Commands: the key that makes them safe to repeat, and the answer that waits until the rows show what was done."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response

from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem
from services.gateway.exchange.jobs import Answer, CommandJob

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def idempotency_key(
    key: Annotated[
        str | None, Header(alias=KEY_HEADER, description="the same for the same request; 1 to 255 visible characters")
    ] = None,
) -> str:
    """Return the key under which a command is done once.

    Raises:
        Problem: `idempotency-key-missing`; `validation` for one that is no key.
    """
    if not key:
        raise Problem("idempotency-key-missing", f"send the header {KEY_HEADER} with a fresh UUID for each request")
    if _KEY.fullmatch(key) is None:
        raise Problem("validation", f"{KEY_HEADER}: 1 to 255 visible ASCII characters")
    return key


Key = Annotated[str, Depends(idempotency_key)]
DryRun = Annotated[bool, Query(description="say what would happen, and write nothing")]
Wait = Annotated[int, Query(ge=0, le=30, description="seconds to wait until lists show what was done")]
DEFAULT_WAIT = 5


def digest_of(request: Request, canonical: bytes) -> bytes:
    """Return what tells one request from another under the same key."""
    parts = (request.method, request.url.path, request.query_params.get("dry_run", ""))
    return sha256("\n".join(parts).encode() + b"\n" + canonical).digest()


def submit(gateway: Gateway, job: CommandJob, wait: int = DEFAULT_WAIT) -> Response:
    """Have a job done, and answer once the rows show it or the time to wait is over."""
    answer = gateway.submit(job)
    if wait and not answer.replayed:
        _await_rows(gateway, answer.body, wait)
    return respond_once(answer)


def respond_once(answer: Answer) -> Response:
    """Write the answer of a job, and whether it was given before."""
    headers = {REPLAYED_HEADER: "true"} if answer.replayed else {}
    return Response(answer.body, answer.status, headers, "application/json")


def respond_json(value: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Write a JSON answer that is not to be kept by anybody."""
    return Response(orjson.dumps(value), status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


def _await_rows(gateway: Gateway, body: bytes, seconds: int) -> None:
    sequence = orjson.loads(body).get("sequence")
    if type(sequence) is int:
        gateway.wait_projected(sequence, float(seconds))
