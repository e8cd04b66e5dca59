"""`counterfoil signer`, and the confirmation that is sent with a signature when the gateway asks for it."""

import json
from pathlib import Path

import httpx
import pytest

from services.gateway.cli.client import Client
from services.gateway.cli.problems import ProblemError
from tests.services.cli.conftest import Cli

PASSPHRASE = {"COUNTERFOIL_PASSPHRASE": "a passphrase"}
PASSWORD = "opens-nothing-else"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


def test_a_person_gets_a_password_that_is_kept_as_a_hash(cli: Cli, file: Path, tmp_path: Path) -> None:
    said = cli("signer", "enrol", "li.na", "--password-file", str(file), "--json", **PASSPHRASE)

    assert json.loads(said.out) == {"person": "li.na", "kind": "password", "address": None}
    kept = [each.read_bytes() for each in (tmp_path / "data").rglob("*") if each.is_file()]
    assert all(PASSWORD.encode() not in each for each in kept)


def test_a_short_password_is_refused_and_not_repeated(cli: Cli, file: Path) -> None:
    file.write_text("too-short")
    failed = cli("signer", "enrol", "li.na", "--password-file", str(file), **PASSPHRASE)

    assert failed.code == 2
    assert "too-short" not in failed.out + failed.err


def test_codes_are_sealed_by_a_key_that_needs_the_passphrase(cli: Cli) -> None:
    assert cli("init", "--party", "cmo", "--uscc", "91320100MA5EX0001Y", "--name", "n", **PASSPHRASE).code == 0
    shown = cli("signer", "enrol", "li.na", "--codes", **PASSPHRASE)
    wrong = cli("signer", "enrol", "li.na", "--codes", COUNTERFOIL_PASSPHRASE="another")

    assert shown.out.startswith("otpauth://totp/Counterfoil%20n:li.na?secret=")
    assert wrong.code == 2


class Asked:
    """A gateway that asks for a confirmation and remembers what it was sent."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, dict[str, object]]] = []
        self.keys: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        self.keys.append(request.headers["Idempotency-Key"])
        if "confirmation" in body["signature"]:
            return httpx.Response(201, json={"events": []})
        problem = {"type": "/problems/signature-required", "title": "A signature is required", "status": 422}
        return httpx.Response(422, json=problem)


def test_a_signature_is_confirmed_once_the_gateway_asks_for_it_under_the_same_key() -> None:
    gateway = Asked()
    confirmation = {"password": PASSWORD}
    client = Client("http://gateway", "t", transport=httpx.MockTransport(gateway), confirm=lambda: confirmation)

    client.post("/v1/deviations/x/closure", {"signature": {"meaning": "approved"}})

    assert [body["signature"].get("confirmation") for body in gateway.bodies] == [None, confirmation]
    assert len(set(gateway.keys)) == 1


def test_where_nobody_can_be_asked_the_refusal_stands() -> None:
    client = Client("http://gateway", "t", transport=httpx.MockTransport(Asked()), confirm=lambda: None)

    with pytest.raises(ProblemError) as refused:
        client.post("/v1/deviations/x/closure", {"signature": {"meaning": "approved"}})
    assert refused.value.slug == "signature-required"
