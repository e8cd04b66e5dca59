"""Whatever is sent: 4xx with the field named, and nothing written."""

import base64
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from services.gateway.api.edge.bodies import MAX_BODY_BYTES
from tests.services.api.conftest import employed
from tests.services.api.stepped import Pair, Person, pair_of
from tests.services.exchange.world import new_world

GOOD = {"title": "真空度报警", "detected_at": "2026-11-22"}
ITEM = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    world = new_world(Path(tmp_path_factory.mktemp("bad")))
    yield employed(pair_of(world))
    for side in world.sides:
        side.store.close()


@pytest.fixture(scope="module")
def sender(shared: Pair) -> Person:
    return shared.cmo.as_("qa_manager")


def nested(depth: int) -> bytes:
    return b'{"title":' + b"[" * depth + b"]" * depth + b"}"


MALFORMED = {
    "empty": b"",
    "no JSON": b"title=1",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a key twice": b'{"title":"a","title":"b","detected_at":"2026-11-22"}',
    "a key twice, within": b'{"title":"a","product":{"name":"x","name":"y"}}',
    "NaN": b'{"title":NaN}',
    "Infinity": b'{"title":-Infinity}',
    "invalid UTF-8": b'{"title":"\xff"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a lone surrogate": b'{"title":"\\ud800"}',
    "a key that is half a surrogate pair": b'{"\\udc00":1}',
    "too deep": nested(100_000),
    "a number of 5000 digits": b'{"title":' + b"9" * 5000 + b"}",
    "cut": b'{"title":"a"',
    "two values": b"{}{}",
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_strict_json_is_malformed(sender: Person, raw: bytes) -> None:
    answer = sender.post("/v1/deviations", raw)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed")
    assert answer.headers["Content-Type"] == "application/problem+json"


WRONG = {
    "missing": ({"detected_at": "2026-11-22"}, "title"),
    "a wrong type": ({**GOOD, "title": 7}, "title"),
    "null for a text": ({**GOOD, "title": None}, "title"),
    "blank": ({**GOOD, "title": " \u3000 "}, "title"),
    "NUL": ({**GOOD, "title": "a\0b"}, "title"),
    "an unknown field": ({**GOOD, "colour": "red"}, "colour"),
    "a key of another form": ({**GOOD, "Titel": "x"}, ""),
    "a float": ({**GOOD, "title": 1.5}, "title"),
    "an integer beyond 2^53": ({**GOOD, "title": 2**60}, "title"),
    "a date that is none": ({**GOOD, "detected_at": "2026-02-30"}, "detected_at"),
    "a time without its offset": ({**GOOD, "detected_at": "2026-11-22T08:00:00"}, "detected_at"),
    "another form of date": ({**GOOD, "detected_at": "22.11.2026"}, "detected_at"),
    "a time of the year 0": ({**GOOD, "detected_at": "0000-11-22T08:00:00Z"}, "detected_at"),
    "an unknown class": ({**GOOD, "class": "huge"}, "class"),
    "a batch without a number": ({**GOOD, "batches": [{"number": "B1"}, {}]}, "batches.1.number"),
    "a product that is a text": ({**GOOD, "product": "x"}, "product"),
    "too deep": ({**GOOD, "title": orjson.loads(b"[" * 40 + b"]" * 40)}, None),
    "a field that only tests know": ({**GOOD, "class_": "major"}, "class_"),
}


@pytest.mark.parametrize(("body", "field"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_is_named(sender: Person, body: object, field: str | None) -> None:
    answer = sender.post("/v1/deviations", body)

    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "/problems/validation")
    assert field is None or field in [each["field"] for each in told["errors"]]


def test_a_body_over_the_limit_is_refused_however_it_is_announced(shared: Pair, sender: Person) -> None:
    headers = {**sender.headers, "Idempotency-Key": "big", "Content-Type": "application/json"}

    async def parts() -> object:
        for _ in range(20):
            yield b" " * (MAX_BODY_BYTES // 10)

    announced = sender.post("/v1/deviations", b" " * (MAX_BODY_BYTES + 1))
    streamed = shared.cmo.http.post("/v1/deviations", content=parts(), headers=headers)

    assert {announced.status_code, streamed.status_code} == {413}
    assert streamed.json()["type"] == "/problems/body-too-large"


def test_an_entry_that_no_journal_can_carry_is_refused(sender: Person) -> None:
    answer = sender.post("/v1/deviations", {**GOOD, "title": "例" * 32_767, "description": "例" * 60_000})

    assert answer.status_code == 422


def test_another_content_type_is_refused(shared: Pair, sender: Person) -> None:
    headers = {**sender.headers, "Idempotency-Key": "x", "Content-Type": "text/plain"}

    answer = shared.cmo.http.post("/v1/deviations", content=b"{}", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")


@pytest.mark.parametrize("number", [-1, 2**53 + 1, 2**63, 2**64 - 1, 2**64, 10**400])
def test_a_cursor_with_a_number_that_no_row_has_is_refused(shared: Pair, number: int) -> None:
    cursor = base64.urlsafe_b64encode(f'["quarantine",{number}]'.encode()).decode().rstrip("=")

    answer = shared.cmo.as_("operator").get("/v1/quarantine", cursor=cursor)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize("number", [0, 201, 2**63, 2**64, 10**300])
@pytest.mark.parametrize("path", ["/v1/quarantine", "/v1/communications"])
def test_a_limit_that_is_none_is_refused(shared: Pair, path: str, number: int) -> None:
    answer = shared.cmo.as_("qa_manager").get(path, limit=number)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limit")


QUERIES = {
    "limit=0": "limit",
    "limit=1e3": "limit",
    "limit=99999999999999999999999": "limit",
    "sort=colour": "sort",
    "class=huge": "class",
    "historical=perhaps": "historical",
    "due_before=soon": "due_before",
    "due_before=9999-12-31T23:59:59-14:00": "due_before",
    "as_of=yesterday": "as_of",
    "as_of=seq:-1": "as_of",
    "as_of=2026-11-22": "as_of",
    "cursor=AAAA": "cursor",
    "cursor=%00": "cursor",
    "cursor=W10": "cursor",
    "batch=%00": "batch",
    "text=": "text",
    "relationship=x": "relationship",
    "colour=red": "colour",
}


@pytest.mark.parametrize(("query", "field"), QUERIES.items(), ids=QUERIES.keys())
def test_query_parameters_that_do_not_fit_are_named(sender: Person, query: str, field: str) -> None:
    answer = sender.get(f"/v1/communications?{query}")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/validation")
    assert [each["field"] for each in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("as_of", ["seq:999999999", "2126-11-22T00:00:00Z"])
def test_a_moment_that_is_not_known_yet_is_out_of_range(sender: Person, as_of: str) -> None:
    answer = sender.get("/v1/communications", as_of=as_of)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/as-of-out-of-range")


@pytest.mark.parametrize("item", ["x", ITEM.upper(), "%00", "..%2f..%2fetc", "0" * 5000])
def test_path_ids_that_are_none_are_refused(sender: Person, item: str) -> None:
    assert sender.get(f"/v1/communications/{item}").status_code in (404, 422)
    assert sender.get(f"/v1/events/{item}").status_code in (404, 422)


def test_what_is_not_served_is_not_found_and_a_wrong_method_not_allowed(sender: Person) -> None:
    gone, wrong = sender.get("/v1/nothing"), sender.delete("/v1/communications")

    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/not-found")
    assert (wrong.status_code, wrong.json()["type"]) == (405, "/problems/method-not-allowed")
    assert wrong.headers["Allow"]


def test_nothing_of_all_this_was_written(sender: Person) -> None:
    page = sender.get("/v1/communications", total=True).json()

    assert (page["data"], page["total"]) == ([], 0)


def test_problems_are_told_in_the_callers_language_with_the_requests_id(shared: Pair, sender: Person) -> None:
    headers = {**sender.headers, "Accept-Language": "zh-CN,zh;q=0.9", "X-Request-Id": "r-17"}

    answer = shared.cmo.http.get("/v1/nothing", headers=headers)

    assert answer.json()["title"] == "不存在"
    assert (answer.json()["request_id"], answer.headers["X-Request-Id"]) == ("r-17", "r-17")


def test_a_request_id_that_could_forge_a_log_line_is_replaced(shared: Pair) -> None:
    answer = shared.cmo.http.get("/livez", headers={"X-Request-Id": "a b"})

    assert answer.headers["X-Request-Id"] != "a b"
