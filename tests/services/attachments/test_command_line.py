"""`counterfoil attach` and `download` against the real server."""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from services.gateway.api.server.bounds import Bounds
from tests.attack.serving import Served, served
from tests.services.api.stepped import Pair, Person
from tests.services.cli.conftest import Cli

CONTENT = os.urandom(3 * 1024**2)
NAME = sha256(CONTENT).hexdigest()


@pytest.fixture
def server(pair: Pair, clerk: Person, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    del cli  # which clears the settings first
    with served(pair.cmo.http.app, Bounds()) as running:
        monkeypatch.setenv("COUNTERFOIL_URL", f"http://127.0.0.1:{running.port}")
        monkeypatch.setenv("COUNTERFOIL_TOKEN", clerk.secret)
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "报告.pdf"
    made.write_bytes(CONTENT)
    return made


@pytest.mark.usefixtures("server")
def test_what_was_attached_is_downloaded(cli: Cli, clerk: Person, file: Path, tmp_path: Path) -> None:
    attached = cli("attach", str(file), "--json")
    opening = {"title": "x", "detected_at": "2026-11-22", "attachments": [json.loads(attached.out)]}
    clerk.does("/v1/deviations", opening)

    came = cli("download", NAME, "--out", str(tmp_path / "out"))

    assert (attached.code, came.code) == (0, 0)
    assert json.loads(attached.out) == {"sha256": NAME, "name": "报告.pdf", "size": len(CONTENT)}
    assert (tmp_path / "out").read_bytes() == CONTENT


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("content", [b"", CONTENT], ids=["0 B", "3 MiB"])
def test_attaching_again_does_nothing_again(cli: Cli, file: Path, content: bytes) -> None:
    file.write_bytes(content)

    codes = [cli("attach", str(file)).code for _ in range(2)]

    assert codes == [0, 0]


@pytest.mark.usefixtures("server")
def test_attaching_goes_on_where_it_broke_off(cli: Cli, clerk: Person, file: Path) -> None:
    said = {"Content-Range": f"bytes 0-999999/{len(CONTENT)}"}
    clerk.put(f"/v1/blobs/{NAME}", CONTENT[:1_000_000], said)

    attached = cli("attach", str(file))

    assert attached.code == 0
    assert clerk.desk.gateway.files.holds(1, NAME, len(CONTENT))


@pytest.mark.usefixtures("server")
def test_downloading_goes_on_behind_what_is_there_and_finds_out_what_is_wrong(
    cli: Cli, clerk: Person, file: Path, tmp_path: Path
) -> None:
    attached = json.loads(cli("attach", str(file), "--json").out)
    clerk.does("/v1/deviations", {"title": "x", "detected_at": "2026-11-22", "attachments": [attached]})
    for name, there in (("part", CONTENT[:70_000]), ("whole", CONTENT), ("wrong", b"other")):
        (tmp_path / name).write_bytes(there)

    codes = {name: cli("download", NAME, "--out", str(tmp_path / name)).code for name in ("part", "whole", "wrong")}

    assert codes == {"part": 0, "whole": 0, "wrong": 4}
    assert (tmp_path / "part").read_bytes() == CONTENT


@pytest.mark.usefixtures("server")
def test_what_is_not_there_is_said(cli: Cli, tmp_path: Path) -> None:
    assert cli("attach", str(tmp_path / "none")).code == 2
    assert cli("download", "0" * 64, "--out", str(tmp_path / "out")).code == 1
