"""Every call, made with a token of one relationship about the things of another: 403 or 404, and nothing of it told."""

import re

import httpx
import pytest

from domain.matters import MATTERS
from services.gateway.access.errors import TokenRequestError
from services.gateway.access.roles import PERMISSIONS
from services.gateway.api.addresses import ADDRESSES
from services.gateway.api.app import create_app
from services.gateway.api.server.bounds import Bounds
from tests.attack.asking import ENDLESS, Call, calls
from tests.attack.serving import read_until, served
from tests.attack.two_partners import CANARY, TwoPartners
from tests.services.api.stepped import Person

CALLS = list(calls())
ABOUT_ONE = [call for call in CALLS if call.names_one()]
ABOUT_ALL = [call for call in CALLS if not call.names_one()]
ABOUT_THE_GATEWAY = "POST /v1/clock/confirmation"


@pytest.fixture(scope="module")
def bound(two: TwoPartners) -> dict[str, Person]:
    return {role: two.bound(role, two.own.relationship) for role in PERMISSIONS}


@pytest.fixture(scope="module")
def free(two: TwoPartners) -> dict[str, Person]:
    return {role: two.bound(role, None) for role in PERMISSIONS}


def code_of(answer: httpx.Response) -> str:
    if answer.request.method == "HEAD":  # which says nothing but its status
        return "token.role" if answer.status_code == 403 else ""
    is_problem = answer.headers.get("Content-Type", "").startswith("application/problem+json")
    return str(answer.json().get("code", "")) if is_problem else ""


def got_through(answer: httpx.Response) -> bool:
    """Tell whether a call found what it is about, whatever then came of it."""
    return answer.status_code not in (401, 404) and code_of(answer) not in ("token.role", "token.bound")


@pytest.mark.parametrize("call", ABOUT_ONE, ids=lambda call: call.name)
def test_a_token_of_one_relationship_reaches_nothing_of_another(
    call: Call, two: TwoPartners, bound: dict[str, Person], free: dict[str, Person]
) -> None:
    before = two.written()

    answers = {role: call.ask(person, two.other) for role, person in bound.items()}

    assert {role: answer.status_code for role, answer in answers.items() if answer.status_code not in (403, 404)} == {}
    assert [role for role, answer in answers.items() if CANARY in answer.text + str(answer.headers)] == []
    assert two.written() == before
    allowed = [role for role, person in free.items() if got_through(call.ask(person, two.other))]
    assert allowed, "no role gets through with a token that sees all: this call proves nothing"
    assert all(code_of(answers[role]) != "token.role" for role in allowed)


@pytest.mark.parametrize("call", ABOUT_ALL, ids=lambda call: call.name)
def test_what_is_told_of_all_relationships_is_told_of_the_own_alone(
    call: Call, two: TwoPartners, bound: dict[str, Person]
) -> None:
    for person in bound.values():
        answer = call.ask(person, two.own)

        assert answer.status_code < 500
        assert CANARY not in answer.text
        assert two.other.mah not in answer.text
        assert two.other.item not in answer.text


def test_lists_show_the_own_relationship(two: TwoPartners, bound: dict[str, Person]) -> None:
    manager, admin = bound["qa_manager"], bound["admin"]

    items = manager.get("/v1/communications", total=True).json()
    feed = manager.get("/v1/events", limit=500).json()["data"]
    tokens = admin.get("/v1/tokens").json()["data"]

    listed = {two.own.matters[address.plural] for address in ADDRESSES if address.kind in MATTERS}
    assert {row["item"] for row in items["data"]} == {two.own.item, *listed}
    assert items["total"] == len(items["data"])
    assert {row["relationship"] for row in feed} == {two.own.relationship}
    assert {row["relationship"] for row in tokens} == {two.own.relationship}
    assert manager.get(f"/v1/communications/{two.own.item}").status_code == 200
    assert manager.get("/v1/me").json()["relationships"] == [two.own.relationship]


def test_an_item_of_another_is_no_item_in_a_command_for_many(two: TwoPartners, bound: dict[str, Person]) -> None:
    body = {"relationship": two.own.relationship, "items": [{"item": two.other.item}]}
    before = two.written()

    answer = bound["qa_manager"].post("/v1/communications/acknowledgements", body)

    assert answer.json()["counts"]["recorded"] == 0
    assert CANARY not in answer.text
    assert two.written() == before


def test_a_moment_of_another_relationship_shows_nothing_of_what_came_later(
    two: TwoPartners, bound: dict[str, Person]
) -> None:
    with two.gateway.store.reading() as reading:
        names = {each.number: str(each.relationship) for each in reading.relationships()}
        entries = [(names[number], entry) for number, entry in reading.since(0, 500)]
    opened = next(entry.sequence for _, entry in entries if two.own.item in (entry.subject or ""))
    others = max(
        entry.sequence for name, entry in entries if name == two.other.relationship and entry.sequence < opened
    )

    shown = bound["qa_manager"].get("/v1/communications", as_of=f"seq:{others}")

    assert (shown.headers["As-Of-Seq"], shown.json()["data"]) == (str(others), [])


def test_a_file_of_another_relationship_is_as_if_there_were_none(two: TwoPartners, bound: dict[str, Person]) -> None:
    manager, free = bound["qa_manager"], two.bound("qa_manager", None)
    never = "0" * 64

    for method in ("GET", "HEAD"):
        answers = [
            two.desk.http.request(method, f"/v1/blobs/{name}", headers=manager.headers)
            for name in (two.other.file, never)
        ]
        told = [{**(each.json() if each.content else {}), "request_id": ""} for each in answers]

        assert [each.status_code for each in answers] == [404, 404]
        assert told[0] == told[1]
    assert manager.get(f"/v1/blobs/{two.own.file}").status_code == 200
    assert free.get(f"/v1/blobs/{two.other.file}").status_code == 200
    elsewhere = free.get(f"/v1/blobs/{two.other.file}", relationship=two.own.relationship)
    assert elsewhere.status_code == 404


def test_who_names_a_file_of_another_relationship_does_not_get_it(two: TwoPartners, bound: dict[str, Person]) -> None:
    manager = bound["qa_manager"]
    size = len(f"file {CANARY}".encode())
    attached = [{"sha256": two.other.file, "name": "x", "size": size}]
    opening = {"title": "x", "detected_at": "2026-11-22", "relationship": two.own.relationship}

    item = manager.does("/v1/deviations", {**opening, "attachments": attached}, wait=30)["item"]

    (row,) = manager.get(f"/v1/communications/{item}/timeline").json()["data"]
    answer = manager.get(f"/v1/blobs/{two.other.file}")
    uploaded = manager.put(f"/v1/blobs/{two.other.file}", b"guess")
    assert (row["attachments"][0]["state"], row["attachments"][0]["received"]) == ("missing", 0)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    assert uploaded.status_code == 422


def test_a_token_makes_none_that_sees_more_than_itself(two: TwoPartners, bound: dict[str, Person]) -> None:
    admin, wanted = bound["admin"], {"actor": "system/x", "role": "integrator"}

    inherited = admin.post("/v1/tokens", wanted)
    other = admin.post("/v1/tokens", {**wanted, "relationship": two.other.relationship})

    assert inherited.json()["relationship"] == two.own.relationship
    assert other.status_code == 404


def test_a_token_of_one_relationship_does_nothing_for_the_whole_gateway(bound: dict[str, Person]) -> None:
    assert ABOUT_THE_GATEWAY in {call.name for call in CALLS}
    answer = bound["operator"].post("/v1/clock/confirmation", {})

    assert (answer.status_code, answer.json()["code"]) == (403, "token.bound")


def test_the_live_stream_brings_the_own_relationship_alone(two: TwoPartners, bound: dict[str, Person]) -> None:
    with two.gateway.store.reading() as reading:
        names = {each.number: str(each.relationship) for each in reading.relationships()}
        found = [entry for number, entry in reading.since(0, 500) if names[number] == two.own.relationship]
    raw = f"GET {ENDLESS} HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 0\r\n"
    raw += f"Authorization: {bound['qa_manager'].headers['Authorization']}\r\n\r\n"
    with served(create_app(two.gateway), Bounds()) as server, server.connect() as stream:
        stream.sendall(raw.encode())
        told = read_until(stream, f"id: {found[-1].sequence}\n".encode())

    assert set(re.findall(rb'"relationship":"([^"]+)"', told)) == {two.own.relationship.encode()}
    assert CANARY.encode() not in told


def test_no_token_is_made_for_a_relationship_that_is_not_here(two: TwoPartners) -> None:
    with pytest.raises(TokenRequestError, match="no such relationship"):
        two.bound("auditor", f"{two.own.cmo}/{two.own.mah}")
