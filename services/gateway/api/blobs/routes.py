"""Files by their SHA-256: uploaded by whoever records, downloaded by whoever may read an entry that names them.

A file belongs to the relationship in which it was uploaded or received. One that no accepted entry of a visible
relationship names answers like one that does not exist.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from events.catalogue.registry import ANNOUNCED
from events.stored.relationship import StoredRelationship
from services.gateway.access.errors import TokenRoleError
from services.gateway.access.roles import Permission, may, may_record
from services.gateway.api.blobs.ranges import part_of, upload_of
from services.gateway.api.blobs.repeating import compare
from services.gateway.api.blobs.uploading import LENGTH_HEADER, OFFSET_HEADER, take_in
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import AnyCaller, Caller, Reader, TheGateway
from services.gateway.api.edge.relationships import RelationshipName, chosen, one
from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem
from services.gateway.api.shapes import KeptFile

router = APIRouter(prefix="/v1/blobs", tags=["attachments"])

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="the file's SHA-256, in small hexadecimal digits")]
_OCTETS: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_OFFSETS = {
    OFFSET_HEADER: {"description": "bytes that have come", "schema": {"type": "string"}},
    LENGTH_HEADER: {"description": "bytes of the whole file, where known", "schema": {"type": "string"}},
}
_KEPT = {
    200: {"model": KeptFile, "description": "it was here already"},
    201: {"model": KeptFile, "description": "it is whole"},
    202: {"model": KeptFile, "description": "it has come so far; go on there with Content-Range"},
}
_GIVEN = {200: {**_OCTETS, "description": "the file"}, 206: {**_OCTETS, "description": "the part asked for"}}
_TOLD = {
    200: {"description": "it is whole", "headers": _OFFSETS},
    204: {"description": "it has come so far", "headers": _OFFSETS},
}


def _may_upload(role: str) -> bool:
    return may(role, Permission.READ) and may_record(role, *ANNOUNCED)


async def uploader(caller: AnyCaller) -> Caller:
    """Let callers pass whose role may record anything."""
    if not _may_upload(caller.token.role):
        raise TokenRoleError(f"a token of the role {caller.token.role} may not record anything")
    return caller


def _chosen_one(gateway: TheGateway, relationship: RelationshipName = None) -> StoredRelationship:
    with gateway.store.reading() as reading:
        return one(reading, relationship)


@router.put(
    "/{sha256}",
    status_code=201,
    responses=_KEPT,  # type: ignore[arg-type] # FastAPI's own type is wider
    openapi_extra={"requestBody": {"required": True, **_OCTETS}},
)
async def upload(
    request: Request,
    _caller: Annotated[Caller, Depends(uploader)],
    gateway: TheGateway,
    stored: Annotated[StoredRelationship, Depends(_chosen_one)],
    sha256: Sha256,
    content_range: Annotated[str | None, Header(description="bytes first-last/total, to go on")] = None,
) -> Response:
    """Take in a file, whole or from where it has come to; again and again, to the same end."""
    wanted = upload_of(content_range, request.headers.get("Content-Length"))
    files, number = gateway.files, stored.number
    known = await run_in_threadpool(files.progress, number, sha256)
    if known.whole:
        await compare(request, sha256, known.have, wanted)
        return _kept(sha256, known.have, 200)
    have, is_whole = await take_in(request, files.blobs, number, sha256, wanted)
    if is_whole:
        await run_in_threadpool(files.note_held, number, sha256)
    return _kept(sha256, have, 201 if is_whole else 202, wanted.total)


@router.head("/{sha256}", responses=_TOLD)  # type: ignore[arg-type] # as above
def look(caller: Reader, gateway: TheGateway, sha256: Sha256, relationship: RelationshipName = None) -> Response:
    """Say how far a file has come: one that an entry names, or one that the caller may upload."""
    found = _visible(gateway, sha256, relationship, also_unnamed=_may_upload(caller.token.role))
    progress = max((gateway.files.progress(number, sha256) for number in found), key=lambda each: each.have)
    told = {OFFSET_HEADER: str(progress.have)}
    if progress.total is not None:
        told[LENGTH_HEADER] = str(progress.total)
    if not progress.whole:
        return Response(status_code=204, headers=told)
    headers = {**_headers(sha256), **told, "Content-Length": str(progress.have)}
    return Response(status_code=200, headers=headers, media_type="application/octet-stream")


@router.get("/{sha256}", responses=_GIVEN, response_class=StreamingResponse)  # type: ignore[arg-type] # as above
def download(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    sha256: Sha256,
    relationship: RelationshipName = None,
    wanted: Annotated[str | None, Header(alias="Range", description="bytes=first-last, of one range")] = None,
) -> Response:
    """Hand a file out, whole or in part, as bytes to be kept and never shown."""
    named = _visible(gateway, sha256, relationship)
    number = next((each for each in named if gateway.files.holds(each, sha256)), None)
    if number is None:
        have = max(gateway.files.progress(each, sha256).have for each in named)
        raise Problem("blob-missing", f"{have} bytes of it have come", headers={OFFSET_HEADER: str(have)})
    size = gateway.files.progress(number, sha256).have
    headers = _headers(sha256)
    is_other = request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]
    part = None if is_other else part_of(wanted, size)
    start, length = (0, size) if part is None else (part.start, part.length)
    headers["Content-Length"] = str(length)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    content = gateway.files.blobs.read(number, sha256, start, length)
    return StreamingResponse(content, 200 if part is None else 206, headers, "application/octet-stream")


def _visible(gateway: Gateway, sha256: str, relationship: str | None, *, also_unnamed: bool = False) -> list[int]:
    """Return the relationships of the caller in which a file may be asked for.

    Raises:
        Problem: `not-found`: there is none, whether or not the file exists elsewhere.
    """
    with gateway.store.reading() as reading:
        numbers = [each.number for each in chosen(reading, relationship)]
    files = gateway.files
    found = [
        number
        for number in numbers
        if files.is_named(number, sha256) or (also_unnamed and files.progress(number, sha256).total is not None)
    ]
    if not found:
        raise Problem("not-found", "there is no such file")
    return found


def _headers(sha256: str) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{sha256}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def _kept(sha256: str, have: int, status: int, total: int | None = None) -> Response:
    told = {"sha256": sha256, "received": have, "size": have if total is None else total, "whole": status != 202}  # noqa: PLR2004 - accepted
    headers = {OFFSET_HEADER: str(have), LENGTH_HEADER: str(told["size"])}
    return respond_json(told, status, headers)
