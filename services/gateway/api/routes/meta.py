"""What the interface says of itself: who calls, the words of the trade, schemas, AsyncAPI, pages of problems."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from domain.rights import RIGHT_OF
from events.catalogue.registry import all_event_types, event_type
from events.schemas.asyncapi import asyncapi_document
from events.schemas.bodies import body_schema
from events.schemas.head import head_schema
from events.schemas.shared_rows import SHARED_ROW, shared_row_schema
from services.gateway.access.roles import PERMISSIONS, may_record
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import AnyCaller, TheGateway, WholeGateway
from services.gateway.api.edge.request_ids import language_of
from services.gateway.api.problems import PROBLEM_TYPES, Problem, ProblemType
from services.gateway.api.shapes import Shape
from services.gateway.api.vocabulary import vocabularies

router = APIRouter(tags=["about"])

_SCHEMA_TYPE = "application/schema+json"
_HEAD = "head.v1"
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<h1>{title_zh}</h1><p>{about_zh}</p>
<h1 lang="en">{title_en}</h1><p lang="en">{about_en}</p>
<p><code>/problems/{slug}</code> · HTTP {status}</p></html>
"""

Slug = Annotated[str, Path(pattern="^[a-z][a-z-]{0,60}$")]
TypeName = Annotated[str, Path(max_length=128, pattern=r"^[a-z0-9_.]+$")]
VocabularyName = Annotated[str, Path(max_length=64, pattern=r"^[a-z_]+$")]


@router.get("/v1/me", responses={200: {"model": Shape}})
def read_me(caller: AnyCaller, gateway: TheGateway) -> Response:
    """Say who calls, what the token may do, and whose gateway this is."""
    token = caller.token
    return respond_json(
        {
            "actor": token.actor,
            "role": token.role,
            "label": token.label,
            "expires_at": token.expires_at,
            "permissions": sorted(PERMISSIONS.get(token.role, ())),
            "records": sorted(name for name in RIGHT_OF if may_record(token.role, name)),
            "party": {"uscc": gateway.party.uscc, "name": gateway.party.name, "role": gateway.party.role.value},
            "gateway": gateway.profile.name,
            "relationships": [each.relationship for each in gateway.status()],
        }
    )


@router.get("/v1/vocabulary", responses={200: {"model": Shape}})
async def read_vocabularies(_caller: AnyCaller) -> Response:
    """Return the codes of all vocabularies with their labels in Chinese and English."""
    return respond_json({"data": vocabularies()})


@router.get("/v1/vocabulary/{name}", responses={200: {"model": Shape}})
async def read_vocabulary(_caller: AnyCaller, name: VocabularyName) -> Response:
    """Return one vocabulary."""
    found = vocabularies().get(name)
    if found is None:
        raise Problem("not-found", f"no vocabulary is called {name}")
    return respond_json({"data": found})


@router.get("/schemas", responses={200: {"model": Shape}})
async def list_schemas() -> Response:
    """List the events of the catalogue that have a schema."""
    return respond_json({"data": [_HEAD, SHARED_ROW, *sorted(each.name for each in all_event_types())]})


@router.get("/schemas/{type_name}", responses={200: {"content": {_SCHEMA_TYPE: {"schema": {"type": "object"}}}}})
async def read_schema(type_name: TypeName) -> Response:
    """Return the JSON Schema of an event's body, of a head (`head.v1`), or of a shared row (`shared_row.v1`)."""
    if type_name == _HEAD:
        return Response(orjson.dumps(head_schema()), media_type=_SCHEMA_TYPE)
    if type_name == SHARED_ROW:
        return Response(orjson.dumps(shared_row_schema()), media_type=_SCHEMA_TYPE)
    type_ = event_type(type_name)
    if type_ is None:
        raise Problem("not-found", "the closed catalogue has no such event; try: /schemas")
    return Response(orjson.dumps(body_schema(type_)), media_type=_SCHEMA_TYPE)


@router.get("/openapi.json", responses={200: {"model": Shape}})
async def read_openapi(request: Request) -> Response:
    """Return the OpenAPI document of this interface."""
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")


@router.get("/asyncapi.json", responses={200: {"model": Shape}})
async def read_asyncapi(gateway: WholeGateway) -> Response:
    """Return the AsyncAPI 3.0 document of this gateway's topics."""
    return Response(orjson.dumps(asyncapi_document(gateway.profile.role)), media_type="application/json")


@router.get("/problems", responses={200: {"model": Shape}})
async def list_problems() -> Response:
    """List all types of problems."""
    return respond_json({"data": [_problem_row(each) for each in PROBLEM_TYPES.values()]})


@router.get(
    "/problems/{slug}",
    responses={200: {"model": Shape, "content": {"text/html": {"schema": {"type": "string"}}}}},
)
async def read_problem(request: Request, slug: Slug) -> Response:
    """Explain a type of problem, in Chinese and English."""
    found = PROBLEM_TYPES.get(slug)
    if found is None:
        raise Problem("not-found", f"no problem is called {slug}; try: /problems")
    if "application/json" in request.headers.get("Accept", ""):
        return respond_json(_problem_row(found))
    language = language_of(request)
    return HTMLResponse(_PAGE.format(language=language, title=found.title(language), **_problem_row(found)))


def _problem_row(found: ProblemType) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ProblemType.__dataclass_fields__}
