"""`counterfoil attach` and `download`: files by their SHA-256; broken off, either goes on where it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Annotated

import typer

from services.gateway.cli.client import Client
from services.gateway.cli.errors import RefusedError, UnprovenError, UnreachableError, UsageError
from services.gateway.cli.output import Advance
from services.gateway.cli.problems import ProblemError
from services.gateway.cli.remote.items import Between
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

TOP = Room("", "")

_PATH = "/v1/blobs"
_PIECE = 1024 * 1024
_TRIES = 5  # in succession, in which nothing came
_CONFLICT = 409


@TOP.remote("attach")
def attach(
    session: Session, file: Annotated[Path, typer.Argument(metavar="FILE")], *, relationship: Between = None
) -> None:
    """Upload a file; the answer is what an event names it by, to be put into its attachments."""
    size = _size_of(file)
    with session.output.progress("bytes") as advance, file.open("rb") as source:
        digest = _digest_of(source)
        place = _Place(session.client, f"{_PATH}/{digest}", {"relationship": relationship})
        _upload(place, source, size, advance)
    named = {"sha256": digest, "name": file.name, "size": size}
    if session.as_json:
        session.output.json(named)
        return
    session.output.json({"attachments": [named]})
    session.output.hint("name it in an event; the partner gets it then")


@TOP.remote("download")
def download(
    session: Session,
    digest: Annotated[str, typer.Argument(metavar="SHA256", help="As the event names it.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Write it there; what is there of it already is kept.")],
) -> None:
    """Download a file that an event names, and compare it with its SHA-256."""
    with session.output.progress("bytes") as advance, out.open("a+b") as target:
        _download(session.client, target, f"{_PATH}/{digest}", advance)
        target.seek(0)
        found = _digest_of(target)
    if found != digest:
        raise UnprovenError("{file} is not the file of this SHA-256", hint="rm {file}", file=out)
    if session.as_json:
        session.output.json({"file": str(out), "bytes": _size_of(out)})
        return
    session.output.hint("{count} bytes in {file}", count=_size_of(out), file=out)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file is uploaded to."""

    client: Client
    path: str
    query: dict[str, str | None]


def _upload(place: _Place, source: IO[bytes], size: int, advance: Advance) -> None:
    client = place.client
    failures, before = 0, -1
    while True:
        have, is_whole = client.uploaded(place.path, place.query)
        if is_whole:
            return
        failures = failures + 1 if have == before else 0
        before = have
        source.seek(have)
        said = {"Content-Range": f"bytes {have}-{size - 1}/{size}"} if size else {}
        try:
            headers = {**said, "Content-Length": str(size - have)}
            client.upload(place.path, _pieces(source, have, size, advance), headers, place.query)
        except (UnreachableError, ProblemError) as error:
            is_final = isinstance(error, ProblemError) and error.status != _CONFLICT
            if is_final or failures >= _TRIES:
                raise
            client.rest(failures)
        else:
            return


def _download(client: Client, target: IO[bytes], path: str, advance: Advance) -> None:
    failures = 0
    while True:
        have = target.seek(0, 2)
        try:
            for piece, total in client.download(path, have):
                target.write(piece)
                advance(target.tell(), total)
        except UnreachableError:
            failures = failures + 1 if target.seek(0, 2) == have else 0
            if failures >= _TRIES:
                raise
            client.rest(failures)
        else:
            return


def _pieces(source: IO[bytes], have: int, size: int, advance: Advance) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        have += len(piece)
        yield piece
        advance(have, size)
    if have != size:
        raise RefusedError("the file changed while it was read", hint="counterfoil attach")


def _digest_of(source: IO[bytes]) -> str:
    digest = sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise UsageError("{name} cannot be read: {what}", hint="ls", name=file, what=error.strerror) from error
