"""Secrets go through every call, once in a well gateway and once in a broken one: none in a log, error or alarm."""

import base64
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from infra.keys.key_files import KEYS_FILE, keys_folder, relationship_folder
from infra.keys.private_files import read_private
from infra.keys.ring import SEEDS
from infra.keys.sealed import unseal
from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds
from tests.attack.asking import Call, calls
from tests.attack.serving import Served, served
from tests.attack.two_partners import EVERYBODY, PASSPHRASE, TwoPartners
from tests.services.api.stepped import Person
from tests.services.cli.conftest import Cli

MARK = "scrt-51c2e0"  # another than what the second holder's things bear
CONTACT = f"{MARK}@contact.example"
KEY = f"{MARK}-idempotency-key"
PASSWORD = f"{MARK}-password"
SIGNS = f"{MARK}-signs-with-this"
DATABASE = f"postgresql+psycopg://gateway:{PASSWORD}@127.0.0.1:1/counterfoil"

MISTAKEN = f"token create --person {EVERYBODY} --role x"


class Broken:
    """The engine of a gateway whose store fails with every secret in its words."""

    def __init__(self, two: TwoPartners, words: str) -> None:
        self._gateway, self._words = two.gateway, words
        self.store = self.read_model = SimpleNamespace(reading=self._fail, writing=self._fail)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)

    def _fail(self) -> AbstractContextManager[None]:
        raise RuntimeError(self._words)


def seeds_of(two: TwoPartners) -> list[str]:
    """Every private key of both relationships, as text in the forms in which one could stand in a log."""
    found: list[bytes] = []
    with two.gateway.store.reading() as reading:
        for each in reading.relationships():
            path = relationship_folder(keys_folder(two.data), each.relationship, each.own_role) / KEYS_FILE
            purpose = f"keys of {each.relationship.origin(each.own_role)}"
            secret = unseal(read_private(path), purpose, PASSPHRASE.encode(), "")
            found += [base64.b64decode(secret[name]) for name in SEEDS]
    return [form for seed in found for form in (base64.b64encode(seed).decode(), seed.hex(), repr(seed)[2:-1])]


def ask_everything(server: Served, two: TwoPartners, person: Person) -> list[httpx.Response]:
    """Make every call well and badly; return the answers that are errors."""
    address = f"http://127.0.0.1:{server.port}"
    answers = []
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        for call in calls():
            answers += [client.request(**asked) for asked in ways(call, two, person)]
    return [answer for answer in answers if answer.status_code >= 400]


def ways(call: Call, two: TwoPartners, person: Person) -> Iterator[dict[str, Any]]:
    path = call.path_for(two.own)
    well = {**person.headers, "Idempotency-Key": KEY, "Content-Type": "application/json"}
    body = call.body(two.own) if call.model else None
    if body is not None and "signature" in body:
        body = {**body, "signature": {**body["signature"], "confirmation": {"password": SIGNS}}}
    secret = {"name": "x", "contact": CONTACT, "passphrase": PASSPHRASE, "password": PASSWORD}
    dry = {"dry_run": "true"} if "dry_run" in call.parameters else {}
    for headers, content in (
        (well, body),
        (well, {**(body or {}), "contact": CONTACT, "name": {"contact": CONTACT}}),
        (well, [secret]),
        ({**well, "Authorization": f"Basic {person.secret}"}, body),
        ({**well, "Authorization": f"Bearer {person.secret}x"}, secret),
        ({**well, "Idempotency-Key": f"{KEY} with a space"}, secret),
    ):
        yield {"method": call.method, "url": path, "headers": headers, "params": dry, "json": content}
    if body is not None and "signature" in body:
        yield {"method": call.method, "url": path, "headers": {**well, "Idempotency-Key": f"{KEY}-2"}, "json": body}
    yield {"method": call.method, "url": path, "headers": well, "params": {"as_of": PASSWORD, "limit": PASSWORD}}


def test_no_secret_is_in_a_log_line_an_error_or_an_alarm(two: TwoPartners, heard: io.StringIO) -> None:
    person = two.bound("admin", None, "person/admin")
    manager = two.bound("qa_manager", None)
    named = two.desk.as_("admin", "person/admin").post(
        "/v1/people/everybody/name", {"relationship": two.own.relationship, "name": "名", "contact": CONTACT}, key=KEY
    )
    two.desk.as_("admin", "person/admin").puts("/v1/people/everybody/signing-secret", {"password": SIGNS})
    words = f"{DATABASE} refused; Authorization: Bearer {person.secret}; passphrase={PASSPHRASE} token={manager.secret}"
    app = create_app(Broken(two, words))
    with served(two.desk.http.app, Bounds()) as server:
        errors = ask_everything(server, two, person) + ask_everything(server, two, manager)
        server.ask(f"GET / HTTP/1.1\r\nAuthorization: Bearer {person.secret}\r\nContent-Length: x\r\n\r\n".encode())
    with served(app, Bounds()) as server:
        broken = ask_everything(server, two, person)
    alarms = "".join(map(str, two.gateway.alarms.standing()))

    secrets = [person.secret, manager.secret, CONTACT, KEY, PASSWORD, SIGNS, PASSPHRASE, *seeds_of(two)]
    assert named.status_code == 201
    assert {answer.status_code for answer in errors} >= {400, 401, 403, 404, 409, 422}
    assert 500 in {answer.status_code for answer in broken}
    assert "unforeseen error" in heard.getvalue()
    for place in (heard.getvalue(), alarms, *(answer.text + str(answer.headers) for answer in errors + broken)):
        assert [secret for secret in secrets if secret in place] == []


@pytest.mark.parametrize("command", ["config show", "doctor", "token list", "keys list", "backup", "fsck", MISTAKEN])
def test_no_secret_is_told_by_a_command_that_fails_or_shows_settings(cli: Cli, command: str) -> None:
    said = cli(
        *command.split(),
        "--party",
        "cmo",
        COUNTERFOIL_STORE=DATABASE,
        COUNTERFOIL_PASSPHRASE=PASSPHRASE,
        COUNTERFOIL_ALARM_WEBHOOK=f"https://hook.example/{PASSWORD}",
    )

    assert said.out + said.err
    assert MARK not in said.out + said.err
    assert PASSPHRASE not in said.out + said.err
