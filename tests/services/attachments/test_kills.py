"""`kill -9` of a gateway in the middle of an upload, and of its partner in the middle of the transfer."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from events.encoding.identifiers import Role
from tests.attack.serving import wait_until
from tests.attack.two_partners import desk_of, paired, running
from tests.services.attachments.process import Killable
from tests.services.attachments.test_uploads import made

MIB = 1024**2
NUMBER = 8


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_a_file_survives_the_death_of_either_gateway_on_its_way(tmp_path: Path, ending: ExitStack) -> None:
    file, name = made(tmp_path / "large", 64)
    size, path = file.stat().st_size, f"/v1/blobs/{name}"
    wire = f"embedded:{tmp_path / 'wire.sqlite'}"
    with running(tmp_path, Role.CMO, NUMBER, wire) as cmo, running(tmp_path, Role.MAH, NUMBER, wire) as mah:
        paired(desk_of(cmo), desk_of(mah))
        attached = {"sha256": name, "name": "x", "size": size}
        body = {"title": "x", "detected_at": "2026-11-22", "attachments": [attached]}
        desk_of(cmo).as_("qa_manager", "system/eqms").does("/v1/deviations", body)
        wait_until(lambda: mah.files.is_named(1, name))
    author, partner = (Killable(tmp_path, role, NUMBER, wire) for role in (Role.CMO, Role.MAH))
    for each in (author, partner):
        each.start()
        ending.callback(each.kill)

    with socket.create_connection(("127.0.0.1", author.port)) as upload, file.open("rb") as source:
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {author.secret}\r\nContent-Length: {size}\r\n\r\n"
        )
        upload.sendall(head.encode() + source.read(40 * MIB))
        wait_until(lambda: offset(author, path) >= 24 * MIB)
        author.kill()
    author.start()
    have = offset(author, path)
    answer = go_on(author, path, file, have)
    wait_until(lambda: offset(partner, path) >= 8 * MIB)
    partner.kill()
    partner.start()
    wait_until(lambda: offset(partner, path) == size)

    with partner.client() as asking:
        content = asking.get(path, timeout=60.0).content
    assert 24 * MIB <= have <= 40 * MIB
    assert have % (8 * MIB) == 0
    assert answer.status_code == 201
    assert sha256(content).hexdigest() == name


def offset(gateway: Killable, path: str) -> int:
    with gateway.client() as asking:
        return int(asking.head(path).headers.get("Upload-Offset", "0"))


def go_on(gateway: Killable, path: str, file: Path, have: int) -> httpx.Response:
    size = file.stat().st_size
    with gateway.client() as asking, file.open("rb") as source:
        source.seek(have)
        said = {"Content-Range": f"bytes {have}-{size - 1}/{size}"}
        return asking.put(path, content=source.read(), headers=said, timeout=60.0)
