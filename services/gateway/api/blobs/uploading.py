"""A body on its way to the disk: a few pieces of it in memory at most, and the next is read while one is written.

What comes of a body that breaks off is kept, and the upload goes on there; of one that is not the file, nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from infra.blobs.errors import FileDiffersError, WrongOffsetError
from services.gateway.api.blobs.ranges import Upload
from services.gateway.api.problems import Problem, validation
from services.gateway.ports.blobs import Blobs, Intake

PIECE_BYTES = 1024 * 1024
OFFSET_HEADER, LENGTH_HEADER = "Upload-Offset", "Upload-Length"


async def take_in(request: Request, blobs: Blobs, relationship: int, sha256: str, upload: Upload) -> tuple[int, bool]:
    """Take in the body of an upload; return how many bytes of the file have come, and whether it is whole.

    Raises:
        Problem: `upload-offset`: it goes on elsewhere; `malformed`: it broke off; `validation`: it is longer than said.
        InfraError: the file is another, too large, being taken in by somebody else, or the disk refuses.
    """
    begin = partial(blobs.receive, relationship, sha256, upload.offset, upload.total)
    try:
        intake = await run_in_threadpool(begin)
    except WrongOffsetError as error:
        headers = {OFFSET_HEADER: str(error.have)}
        raise Problem("upload-offset", error.detail, code=error.code, headers=headers) from error
    try:
        await _fill(request, intake, upload)
        is_whole = upload.total is None or intake.have >= upload.total
        if is_whole:
            await run_in_threadpool(intake.finish)
        return intake.have, is_whole
    finally:
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(intake.close)


async def _fill(request: Request, intake: Intake, upload: Upload) -> None:
    writing: asyncio.Task[None] | None = None
    left = upload.length
    try:
        async for piece in _pieces(request):
            left = None if left is None else left - len(piece)
            if left is not None and left < 0:
                raise validation("Content-Range", "the body is longer than it says")
            if writing is not None:
                await writing
            writing = asyncio.create_task(run_in_threadpool(intake.write, piece))
    finally:
        if writing is not None:
            await asyncio.wait([writing])
    if writing is not None:
        await writing
    if left:
        _check_whole_body(upload)


def _check_whole_body(upload: Upload) -> None:
    """Say what is wrong with a body that is shorter than it said; a server that counts lets none through."""
    if upload.offset or upload.total != upload.length:
        raise validation("Content-Range", "the body is shorter than it says")
    raise FileDiffersError("the body is shorter than it says")


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """Yield a body in pieces that are worth a thread's while."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            parts.append(part)
            size += len(part)
            if size >= PIECE_BYTES:
                yield b"".join(parts)
                parts, size = [], 0
    except ClientDisconnect as gone:
        if parts:
            yield b"".join(parts)
        raise Problem("malformed", "the body ended before its end") from gone
    if parts:
        yield b"".join(parts)
