"""Uploads through the real server: cut off anywhere, slow, endless, large; and downloads cut off anywhere."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from services.gateway.api.server.bounds import Bounds
from tests.attack.serving import Served, head_of, served, until_closed, wait_until
from tests.services.api.stepped import Pair, Person
from tests.services.attachments.memory import peak_memory
from tests.sizes import size

CONTENT = os.urandom(12 * 1024**2)
NAME = sha256(CONTENT).hexdigest()
PATH = f"/v1/blobs/{NAME}"
LARGE_MIB = size("attachment_mib", small=300, campaign=2_000)
MOST_MEMORY = 32 * 1024**2


@pytest.fixture
def server(pair: Pair) -> Iterator[Served]:
    with served(pair.cmo.http.app, Bounds(header_seconds=0.5)) as running:
        yield running


def head(person: Person, path: str, length: int, *fields: str) -> bytes:
    lines = [f"PUT {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {person.secret}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *fields, "", ""]).encode()


def client(server: Served, person: Person) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=person.headers, trust_env=False)


def go_on(asking: httpx.Client) -> tuple[int, httpx.Response]:
    """Upload what has not come yet, as soon as nobody else does; return from where on, and the answer."""
    tried: list[tuple[int, httpx.Response]] = []

    def is_done() -> bool:
        told = asking.head(PATH)
        have = 0 if told.status_code == 404 else int(told.headers["Upload-Offset"])
        said = f"bytes {have}-{len(CONTENT) - 1}/{len(CONTENT)}"
        tried.append((have, asking.put(PATH, content=CONTENT[have:], headers={"Content-Range": said})))
        return tried[-1][1].status_code != 409

    wait_until(is_done)
    return tried[-1]


@pytest.mark.parametrize("cut", [0, 1, 100_000, 1024**2, 8 * 1024**2, 9 * 1024**2 + 7, len(CONTENT) - 1])
def test_an_upload_cut_off_anywhere_goes_on_where_it_was(server: Served, clerk: Person, pair: Pair, cut: int) -> None:
    with server.connect() as broken:
        broken.sendall(head(clerk, PATH, len(CONTENT)) + CONTENT[:cut])
    kept = max(0, cut - 2 * 1024**2)  # a busy machine has yet to take it from the socket
    wait_until(lambda: pair.cmo.gateway.files.blobs.progress(1, NAME).have >= kept)

    with client(server, clerk) as asking:
        have, answer = go_on(asking)

    assert kept <= have <= cut
    assert answer.status_code == 201
    assert b"".join(pair.cmo.gateway.files.blobs.read(1, NAME, 0, len(CONTENT))) == CONTENT


def test_an_upload_that_comes_too_slowly_is_ended_and_goes_on(server: Served, clerk: Person, pair: Pair) -> None:
    with server.connect() as slow:
        slow.sendall(head(clerk, PATH, len(CONTENT)) + CONTENT[:1000])
        status, _ = head_of(until_closed(slow))

    assert status == 408
    wait_until(lambda: pair.cmo.gateway.files.blobs.progress(1, NAME).have == 1000)


def test_only_files_may_be_large_and_only_of_whoever_may_upload(server: Served, clerk: Person, pair: Pair) -> None:
    beyond = 17 * 1024**2
    stranger = Person(pair.cmo, "nobody")

    answers = [
        _answer_to(server, head(stranger, PATH, beyond)),
        _answer_to(server, head(pair.cmo.as_("auditor"), PATH, beyond)),
        _answer_to(server, head(clerk, "/v1/deviations", beyond)),
        _answer_to(server, head(clerk, PATH, 5 * 1024**3 + 1)),
    ]

    assert answers == [401, 403, 405, 413]


def test_a_body_without_an_end_ends_at_the_most(server: Served, clerk: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.blobs.intake.MAX_FILE_BYTES", 3 * 1024**2)
    raw = head(clerk, PATH, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")

    status = _answer_to(server, raw + b"800000\r\n" + CONTENT[:0x800000] + b"\r\n")

    assert status == 413


@pytest.mark.campaign
def test_a_large_file_takes_little_memory_both_ways(server: Served, clerk: Person, pair: Pair, tmp_path: Path) -> None:
    file, name = made(tmp_path / "large", LARGE_MIB)
    path = f"/v1/blobs/{name}"
    opening = {"title": "x", "detected_at": "2026-11-22"}
    attached = {"sha256": name, "name": "../../x", "size": file.stat().st_size}
    clerk.does("/v1/deviations", {**opening, "attachments": [attached]})

    with peak_memory() as sending, server.connect() as made_connection, file.open("rb") as source:
        made_connection.sendall(head(clerk, path, file.stat().st_size))
        made_connection.sendfile(source)
        status, _ = head_of(made_connection.recv(65536))
    with peak_memory() as reading, client(server, clerk) as asking, asking.stream("GET", path) as answer:
        digest = sha256()
        for piece in answer.iter_bytes(65536):
            digest.update(piece)

    assert (status, digest.hexdigest()) == (201, name)
    assert sending.grown < MOST_MEMORY, sending.grown
    assert reading.grown < MOST_MEMORY, reading.grown
    assert pair.cmo.gateway.files.holds(1, name, file.stat().st_size)


def made(file: Path, mib: int) -> tuple[Path, str]:
    """A file of so many MiB, and its SHA-256."""
    digest, block = sha256(), os.urandom(1024**2)
    with file.open("wb") as target:
        for number in range(mib):
            piece = number.to_bytes(8, "big") + block[8:]
            digest.update(piece)
            target.write(piece)
    return file, digest.hexdigest()


def _answer_to(server: Served, raw: bytes) -> int:
    return head_of(server.ask(raw))[0]
