"""Documentation to look at, served from here: no address outside is ever asked."""

import re
from functools import lru_cache
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped] # the package has no types

from services.gateway.api.problems import Problem
from services.gateway.api.shapes import Shape


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0]


router = APIRouter(tags=["about"])

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
_TEXT = {"schema": {"type": "string"}}
_SCRIPT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/javascript": _TEXT}}}
_FILES: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys(map(_kind, _ASSETS.values()), _TEXT)}}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Counterfoil</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<div id="ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></html>
"""
_START = 'SwaggerUIBundle({url: "/docs/openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null});\n'
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"


@router.get("/docs", response_class=HTMLResponse)
async def read_docs() -> Response:
    """Show the interface with all its calls."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/start.js", responses=_SCRIPT)
async def read_start() -> Response:
    """Return the few lines that start the page."""
    return Response(_START, media_type="text/javascript; charset=utf-8")


@router.get("/docs/openapi.json", responses={200: {"model": Shape}})
async def read_plain(request: Request) -> Response:
    """Return the interface's description in the older form that the page understands."""
    return Response(orjson.dumps(plain(request.app.openapi())), media_type="application/json")


@router.get("/docs/assets/{name}", responses=_FILES)
def read_asset(name: Annotated[str, Path(max_length=64)]) -> Response:
    """Return a file of the page."""
    kind = _ASSETS.get(name)
    if kind is None:
        raise Problem("not-found", "no such file")
    return Response(_asset(name), headers={"Cache-Control": "max-age=86400"}, media_type=kind)


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document as 3.0.3, as far as reading it goes: null becomes `nullable`."""
    shown: dict[str, Any] = _without_null(document)
    return {**shown, "openapi": "3.0.3"}


def _without_null(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    if not isinstance(value, dict):
        return value
    members = {name: _without_null(each) for name, each in value.items()}
    choices = members.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [each for each in choices if each != {"type": "null"}]
        del members["anyOf"]
        members |= {"nullable": True} | (rest[0] if len(rest) == 1 else {"anyOf": rest})
    if "const" in members:
        members["enum"] = [members.pop("const")]
    return members


@lru_cache(maxsize=len(_ASSETS))
def _asset(name: str) -> bytes:
    raw: bytes = (swagger_ui_path / name).read_bytes()
    return re.sub(rb"\n//# sourceMappingURL=.*", b"", raw)
