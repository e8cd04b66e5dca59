"""An upload of a file that is here already: its body is compared with its name and kept nowhere."""

from hashlib import sha256

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from events.stored.files import MAX_FILE_BYTES
from infra.blobs.errors import FileDiffersError, FileTooLargeError
from services.gateway.api.blobs.ranges import Upload
from services.gateway.api.problems import Problem


async def compare(request: Request, name: str, size: int, upload: Upload) -> None:
    """Read a body to its end; one that is said to be the whole file must be it.

    Raises:
        Problem: `malformed`: it broke off. FileDiffersError: it is another file. FileTooLargeError: it does not end.
    """
    digest, read = sha256(), 0
    try:
        async for part in request.stream():
            read += len(part)
            if read > MAX_FILE_BYTES:
                raise FileTooLargeError(f"more than {MAX_FILE_BYTES} bytes")
            await run_in_threadpool(digest.update, part)
    except ClientDisconnect as gone:
        raise Problem("malformed", "the body ended before its end") from gone
    is_all = upload.offset == 0 and upload.length == upload.total
    if (is_all and digest.hexdigest() != name) or upload.total not in (None, size):
        raise FileDiffersError(f"{read} bytes of SHA-256 {digest.hexdigest()} came, not {name}")
