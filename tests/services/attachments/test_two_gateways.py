"""Two running gateways on each wire: what is uploaded to one is downloaded from the other, with little memory."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds
from services.gateway.exchange.gateway import Gateway
from tests.attack.serving import head_of, served, wait_until
from tests.attack.two_partners import desk_of, paired, running
from tests.services.api.stepped import Desk, Person
from tests.services.attachments.memory import peak_memory
from tests.services.attachments.test_uploads import MOST_MEMORY, head, made
from tests.sizes import size

MIB = size("travelling_mib", small=64, campaign=1_000)
PATIENCE_SECONDS = 120.0


class Running:
    """One gateway that runs, and its people."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.desk: Desk = desk_of(gateway)

    def person(self) -> Person:
        return self.desk.as_("qa_manager", "system/eqms")


@pytest.fixture(params=["embedded", "kafka"])
def wire(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "kafka":
        return f"kafka:{request.getfixturevalue('kafka_address')}"
    return f"embedded:{tmp_path / 'wire.sqlite'}"


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def start(ending: ExitStack, folder: Path, role: Role, wire: str) -> Running:
    return Running(ending.enter_context(running(folder, role, 7, wire)))


def wait_long_until(holds: object) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            wait_until(holds)  # type: ignore[arg-type] # any question
        except TimeoutError:
            continue
        return
    raise TimeoutError


@pytest.mark.campaign
def test_a_file_goes_from_one_gateway_to_the_other_while_pages_go_on(
    wire: str, tmp_path: Path, ending: ExitStack
) -> None:
    cmo, mah = (start(ending, tmp_path, role, wire) for role in (Role.CMO, Role.MAH))
    paired(cmo.desk, mah.desk)
    file, name = made(tmp_path / "large", MIB)
    length = file.stat().st_size
    opening = {"title": "x", "detected_at": "2026-11-22"}
    attached = {"sha256": name, "name": "../../x", "size": length}
    person, holder = cmo.person(), mah.person()

    with served(create_app(cmo.gateway), Bounds()) as server, server.connect() as sending, file.open("rb") as source:
        sending.sendall(head(person, f"/v1/blobs/{name}", length))
        sending.sendfile(source)
        assert head_of(sending.recv(65536))[0] == 201
    with peak_memory() as travelling:
        item = person.does("/v1/deviations", {**opening, "attachments": [attached]}, wait=30)["item"]
        wait_long_until(lambda: mah.gateway.files.holds(1, name))

    (row,) = holder.get(f"/v1/communications/{item}/timeline").json()["data"]
    (told,) = holder.get("/v1/partners").json()["data"]
    digest = sha256()
    for piece in mah.gateway.files.blobs.read(1, name, 0, length):
        digest.update(piece)
    assert digest.hexdigest() == name
    assert row["attachments"] == [{**attached, "state": "held", "received": length}]
    assert told["missing_files"] == {"of_partner": 0, "own": 0}
    assert mah.gateway.alarms.standing() == ()
    assert travelling.grown < 2 * MOST_MEMORY, travelling.grown  # both gateways are in this process


def test_a_gateway_that_was_stopped_on_the_way_goes_on(wire: str, tmp_path: Path, ending: ExitStack) -> None:
    cmo = start(ending, tmp_path, Role.CMO, wire)
    file, name = made(tmp_path / "large", 40)
    with ExitStack() as stopping:
        mah = start(stopping, tmp_path, Role.MAH, wire)
        paired(cmo.desk, mah.desk)
        attached = {"sha256": name, "name": "x", "size": file.stat().st_size}
        intake = cmo.gateway.files.blobs.receive(1, name, 0, file.stat().st_size)
        intake.write(file.read_bytes())
        intake.finish()
        body = {"title": "x", "detected_at": "2026-11-22", "attachments": [attached]}
        cmo.person().does("/v1/deviations", body)
        wait_until(lambda: mah.gateway.files.progress(1, name).have >= 8 * 1024**2)

    again = start(ending, tmp_path, Role.MAH, wire)

    wait_long_until(lambda: again.gateway.files.holds(1, name))
    assert again.gateway.alarms.standing() == ()
