"""Signatures at the interface: confirmed by password or one-time code, with a lock, and told to nobody."""

from base64 import b32decode
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from services.gateway.access.signing.confirming import MOST_FAILURES, Policy
from services.gateway.access.signing.secrets import STEP_SECONDS, code_at
from tests.services.api.acting.asked import DEVIATION, INVESTIGATION, PHASE, RESULT, SIGNATURE, ref
from tests.services.api.stepped import Desk, Pair, Person, app_of

PASSWORD = "sesame-opens-nothing"
MINOR = {**DEVIATION, "class": "minor", "rationale": "r"}


@pytest.fixture
def strict(pair: Pair) -> Pair:
    """The same two gateways as they are in earnest: everybody who signs confirms it."""
    for desk in pair.desks:
        desk.http.app = app_of(desk.gateway, Policy.REQUIRED)
    return pair


@pytest.fixture
def signer(strict: Pair) -> Person:
    """Somebody at the manufacturer who signs."""
    return strict.cmo.as_("qa_manager")


@pytest.fixture
def item(strict: Pair, signer: Person) -> str:
    """A minor deviation that somebody else investigated: it waits for the closing."""
    told = signer.does("/v1/deviations", MINOR)["item"]
    strict.cmo.as_("qa_manager", "person/wang.wei").does(f"/v1/deviations/{told}/investigation", INVESTIGATION)
    strict.settle()
    return str(told)


def enrol(desk: Desk, body: dict[str, Any], person: str = "li.na") -> dict[str, Any]:
    told = desk.as_("admin", "person/admin").puts(f"/v1/people/{person}/signing-secret", body)
    assert told.status_code == 200, told.text
    found: dict[str, Any] = told.json()
    return found


def secret_in(address: str) -> bytes:
    text = parse_qs(urlparse(address).query)["secret"][0]
    return b32decode(text + "=" * (-len(text) % 8))


def signed(**confirmation: str) -> dict[str, Any]:
    return {"signature": {**SIGNATURE, **({"confirmation": confirmation} if confirmation else {})}}


def codes(desk: Desk, secret: bytes) -> str:
    """What an authenticator shows now."""
    return code_at(secret, desk.gateway.clock.now().timestamp())


def test_who_has_nothing_to_sign_with_signs_nothing(signer: Person, item: str) -> None:
    answer = signer.post(f"/v1/deviations/{item}/closure", signed())

    assert (answer.json()["type"], answer.json()["code"]) == ("/problems/signature-required", "signature.not_enrolled")


def test_a_password_confirms_a_signature(strict: Pair, signer: Person, item: str) -> None:
    enrol(strict.cmo, {"password": PASSWORD})

    without = signer.post(f"/v1/deviations/{item}/closure", signed())
    wrong = signer.post(f"/v1/deviations/{item}/closure", signed(password=PASSWORD + "!"))
    right = signer.does(f"/v1/deviations/{item}/closure", signed(password=PASSWORD))

    assert without.json()["code"] == "signature.confirmation_missing"
    assert (wrong.json()["type"], wrong.json()["code"]) == ("/problems/signature-invalid", "signature.refused")
    assert right["events"][0]["type"] == "deviation.closed.v1"
    body = signer.get(f"/v1/events/{right['events'][0]['id']}").text
    assert "confirmation" not in body
    assert PASSWORD not in body


def test_a_code_confirms_one_signature(strict: Pair, signer: Person, item: str) -> None:
    secret = secret_in(enrol(strict.cmo, {"codes": True})["address"])
    code = codes(strict.cmo, secret)
    other = signer.does("/v1/deviations", MINOR)["item"]
    strict.cmo.as_("qa_manager", "person/wang.wei").does(f"/v1/deviations/{other}/investigation", INVESTIGATION)

    signer.does(f"/v1/deviations/{item}/closure", signed(code=code))
    again = signer.post(f"/v1/deviations/{other}/closure", signed(code=code))
    strict.cmo.gateway.side.clock.move(STEP_SECONDS)
    strict.beat()
    signer.does(f"/v1/deviations/{other}/closure", signed(code=codes(strict.cmo, secret)))

    assert again.json()["code"] == "signature.refused"


def test_a_request_that_is_sent_again_needs_no_other_code(strict: Pair, signer: Person, item: str) -> None:
    code = codes(strict.cmo, secret_in(enrol(strict.cmo, {"codes": True})["address"]))
    first = signer.post(f"/v1/deviations/{item}/closure", signed(code=code), key="k-1")
    again = signer.post(f"/v1/deviations/{item}/closure", signed(code=code), key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")


def test_a_dry_run_signs_nothing_and_asks_for_no_confirmation(signer: Person, item: str) -> None:
    assert signer.post(f"/v1/deviations/{item}/closure", signed(), dry_run="true").status_code == 200


def test_too_many_failures_lock_a_person_until_an_administrator_or_time_lets_go(
    strict: Pair, signer: Person, item: str
) -> None:
    enrol(strict.cmo, {"password": PASSWORD})
    for _ in range(MOST_FAILURES):
        signer.post(f"/v1/deviations/{item}/closure", signed(password="not the password"))

    locked = signer.post(f"/v1/deviations/{item}/closure", signed(password=PASSWORD))
    strict.cmo.http.app = app_of(strict.cmo.gateway, Policy.REQUIRED)  # another process, the same store
    still = signer.post(f"/v1/deviations/{item}/closure", signed(password=PASSWORD))
    strict.cmo.gateway.side.clock.move(15 * 60)
    strict.beat()

    assert (locked.json()["type"], locked.json()["code"]) == ("/problems/signature-invalid", "signature.locked")
    assert still.json()["code"] == "signature.locked"
    assert signer.post(f"/v1/deviations/{item}/closure", signed(password=PASSWORD)).status_code == 201


def test_what_a_person_signs_with_is_renewed_by_what_it_has(strict: Pair, signer: Person, item: str) -> None:
    enrol(strict.cmo, {"password": PASSWORD})
    stolen = signer.puts("/v1/me/signing-secret", {"password": "another-password", "confirmation": {"password": "x"}})
    renewal = {"password": "another-password", "confirmation": {"password": PASSWORD}}
    renewed = signer.puts("/v1/me/signing-secret", renewal)

    assert (stolen.json()["code"], renewed.status_code) == ("signature.refused", 200)
    assert signer.post(f"/v1/deviations/{item}/closure", signed(password=PASSWORD)).status_code == 422
    signer.does(f"/v1/deviations/{item}/closure", signed(password="another-password"))


def test_only_an_administrator_gives_people_what_they_sign_with(signer: Person) -> None:
    answer = signer.puts("/v1/people/li.na/signing-secret", {"password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "token.role")


@pytest.mark.parametrize("wrong", [{"password": "short"}, {}, {"password": PASSWORD, "codes": True}])
def test_what_is_no_password_is_refused(strict: Pair, wrong: dict[str, Any]) -> None:
    assert strict.cmo.as_("admin", "person/admin").puts("/v1/people/li.na/signing-secret", wrong).status_code == 422


def test_what_confirms_is_in_no_row_and_in_no_digest(strict: Pair, signer: Person, item: str) -> None:
    address = enrol(strict.cmo, {"codes": True})["address"]
    secret = secret_in(address)
    enrol(strict.cmo, {"password": PASSWORD}, "wang.wei")
    first = signer.post(f"/v1/deviations/{item}/closure", signed(code=codes(strict.cmo, secret)), key="k-1")
    other = signer.post(f"/v1/deviations/{item}/closure", signed(code="000000"), key="k-1")

    with strict.cmo.gateway.store.reading() as reading:
        rows = [reading.signing_secret(person) for person in ("li.na", "wang.wei")]
    stored = b"".join(each.password + each.code_secret for each in rows if each is not None)
    assert (first.status_code, other.json()) == (201, first.json())
    assert secret not in stored
    assert PASSWORD.encode() not in stored
    assert PASSWORD not in repr(rows)


def test_of_two_approvals_at_once_one_wins(pair: Pair, clerk: Person, holder: Person) -> None:
    told = clerk.does("/v1/deviations", {**DEVIATION, "class": "major", "rationale": "r"})["item"]
    clerk.does(f"/v1/deviations/{told}/investigation", INVESTIGATION)
    pair.settle()
    approvers = [holder, pair.mah.as_("qa_manager")]
    answers: list[Any] = []
    ready = Barrier(len(approvers))

    def approve(person: Person) -> None:
        ready.wait()
        answers.append(person.post(f"/v1/deviations/{told}/closure-approval", {"signature": SIGNATURE}))

    threads = [Thread(target=approve, args=[person]) for person in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (lost["code"], lost["state"]) == ("deviation.wrong_state", "closure_approved")
    assert "closure-approval" not in lost["allowed"]


@pytest.mark.parametrize("meaning", ["noted", "released", "drafted"])
def test_an_act_that_is_signed_with_another_meaning_is_refused(clerk: Person, colleague: Person, meaning: str) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    phase = colleague.does(f"/v1/oos-results/{item}/phases", PHASE)
    asked = {"phase": ref(phase), "cause": "称量错误", "signature": {**SIGNATURE, "meaning": meaning}}

    answer = clerk.post(f"/v1/oos-results/{item}/invalidation", asked)

    assert (answer.json()["type"], answer.json()["code"]) == ("/problems/signature-invalid", "signature.wrong_meaning")


def test_who_investigated_closes_nothing_alone(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", MINOR)["item"]
    clerk.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)

    answer = clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE})

    assert (answer.status_code, answer.json()["code"]) == (403, "signature.self_approval")
