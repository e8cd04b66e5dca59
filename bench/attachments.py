"""P11: a file uploaded to a gateway over HTTP until it is whole, beside a bare copy with fsync of the same file.

Both begin with the file in the page cache and end once it is durable under its name, on the same disk.
"""

import multiprocessing
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from bench.rows import Measured, Servers, Sizes
from infra.keys.party import Party, write_party
from services.cmo_gateway.profile import PROFILE
from services.gateway.access.tokens import TokenRequest, create_token
from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds
from services.gateway.api.server.running import serve_on
from services.gateway.assembly import build
from services.gateway.settings import load_settings

_PIECE = 1024 * 1024
_PATIENCE_SECONDS = 120.0
_CMO, _MAH = "91320100MA5EX0001Y", "91330100MA5EX00013"

_spawning = multiprocessing.get_context("spawn")


def measure_p11(_servers: Servers, sizes: Sizes) -> Measured:
    """MiB a second, of the upload and of the copy."""
    measured = Measured()
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as name:
        folder = Path(name)
        with _gateway(folder) as (port, token):
            for number in range(sizes.repeats):
                file, digest = _made(folder / f"source-{number}", sizes.attachment_mib)
                measured.limit.append([sizes.attachment_mib / _copy(file, folder / "copy")])
                measured.product.append([sizes.attachment_mib / _upload(file, digest, port, token)])
                file.unlink()
    return measured


def _copy(source: Path, target: Path) -> float:
    """Copy a file, sync it and its folder; return how many seconds that took."""
    started = monotonic()
    with source.open("rb", buffering=0) as read, target.open("wb", buffering=0) as written:
        while piece := read.read(_PIECE):
            written.write(piece)
        os.fsync(written.fileno())
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    taken = monotonic() - started
    target.unlink()
    return taken


def _upload(source: Path, digest: str, port: int, token: str) -> float:
    """Upload a file; return how many seconds passed until the answer."""
    head = f"PUT /v1/blobs/{digest} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    head += f"Content-Length: {source.stat().st_size}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS) as made, source.open("rb") as read:
        started = monotonic()
        made.sendall(head.encode())
        made.sendfile(read)
        answer = made.recv(65536)
        taken = monotonic() - started
    if b" 201 " not in answer.partition(b"\r\n")[0]:
        raise RuntimeError(f"the upload was not taken in: {answer[:500]!r}")
    return taken


def _made(file: Path, mib: int) -> tuple[Path, str]:
    block, digest = os.urandom(_PIECE), sha256()
    with file.open("wb") as target:
        for number in range(mib):
            piece = number.to_bytes(8, "big") + block[8:]
            digest.update(piece)
            target.write(piece)
        os.fsync(target.fileno())
    return file, digest.hexdigest()


@contextmanager
def _gateway(folder: Path) -> Iterator[tuple[int, str]]:
    """Run a gateway in a process of its own; give its port and a token."""
    near, far = _spawning.Pipe()
    process = _spawning.Process(target=_serve, args=(far, str(folder / "gateway")), daemon=True)
    process.start()
    try:
        if not near.poll(_PATIENCE_SECONDS):
            raise TimeoutError("the gateway does not start")
        yield near.recv()
    finally:
        process.terminate()
        process.join(_PATIENCE_SECONDS)


def _serve(connection: Connection, data: str) -> None:
    settings = load_settings({"COUNTERFOIL_DATA": data, "COUNTERFOIL_PASSPHRASE": secrets.token_hex(16)})
    write_party(Path(data), Party(_CMO, "示例 cmo"))
    gateway = build(settings, PROFILE)
    gateway.start()
    gateway.invite(_MAH)
    request = TokenRequest("system/bench", "qa_staff", "bench", timedelta(days=1))
    token = create_token(gateway.store, request, gateway.clock.now(), gateway.chance).secret
    listener = socket.create_server(("127.0.0.1", 0))
    connection.send((listener.getsockname()[1], token))
    serve_on(listener, create_app(gateway), Bounds())
    gateway.stop()
