"""What the interface says of itself: every call, every problem, every schema, and a page that asks nobody outside."""

import re

import pytest
from fastapi.routing import iter_route_contexts
from jsonschema import Draft202012Validator

from domain.errors import DomainError
from events.catalogue.registry import all_event_types
from events.errors import EvidenceError
from infra.errors import InfraError
from services.gateway.access.errors import AccessError
from services.gateway.api.edge.failures import problem_of
from services.gateway.api.problems import PROBLEM_TYPES
from services.gateway.api.routes.docs import plain
from services.gateway.exchange.errors import EngineError, RefusedByRuleError
from services.gateway.ports.alarms import Alarm
from tests.services.api.stepped import Pair, Person


def leaves(family: type[Exception]) -> list[type[Exception]]:
    below = [leaf for each in family.__subclasses__() for leaf in leaves(each)]
    return [family, *below]


@pytest.mark.parametrize("family", [AccessError, DomainError, EngineError, InfraError])
def test_every_error_of_the_rooms_below_has_its_problem_type(family: type[Exception]) -> None:
    for leaf in leaves(family):
        error = leaf.__new__(leaf)
        error.detail = "what is wrong"  # type: ignore[attr-defined] # every error of these families has one
        error.refusal = error.field = ""  # type: ignore[attr-defined] # some have
        slug = getattr(leaf, "slug", None)
        assert slug is None or slug in PROBLEM_TYPES, leaf
        problem = problem_of(error)
        assert problem.slug in PROBLEM_TYPES
        assert (problem.status >= 500) is (problem.slug in {"unavailable", "partner-unreachable", "storage-full"})


@pytest.mark.parametrize(
    ("error", "slug", "code"),
    [
        (RefusedByRuleError("no", "entry.not_permitted"), "not-permitted", "entry.not_permitted"),
        (RefusedByRuleError("no", "entry.wrong_subject"), "state-transition", "entry.wrong_subject"),
        (EvidenceError("entry.schema_invalid", "title: is missing"), "validation", "entry.schema_invalid"),
    ],
)
def test_codes_of_the_wire_are_told_as_problems(error: Exception, slug: str, code: str) -> None:
    problem = problem_of(error)

    assert (problem.slug, problem.code) == (slug, code)


def test_a_detail_that_names_its_field_is_told_as_a_field() -> None:
    (named,) = problem_of(EvidenceError("entry.schema_invalid", "title: is missing")).errors

    assert (named.field, named.detail) == ("title", "is missing")


def test_every_problem_has_a_page_in_both_languages(strangers: Pair) -> None:
    for slug, type_ in PROBLEM_TYPES.items():
        page = strangers.cmo.http.get(f"/problems/{slug}")
        told = strangers.cmo.http.get(f"/problems/{slug}", headers={"Accept": "application/json"})
        assert type_.title_zh in page.text
        assert type_.about_en.split("`")[0] in page.text
        assert told.json()["slug"] == slug
    assert strangers.cmo.http.get("/problems/nothing").status_code == 404


def test_every_served_route_is_described(strangers: Pair) -> None:
    document = strangers.cmo.http.get("/openapi.json").json()

    for route in iter_route_contexts(strangers.cmo.http.app.routes):
        for method in route.methods or ():
            assert method.lower() in document["paths"][str(route.path)], (method, route.path)


def test_every_call_that_writes_says_its_body_its_key_and_its_problems(strangers: Pair) -> None:
    document = strangers.cmo.http.get("/openapi.json").json()

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"]
            assert {"4XX", "5XX"} <= operation["responses"].keys()
            if method == "post":
                key = next(each for each in operation["parameters"] if each["name"] == "Idempotency-Key")
                assert (key["required"], "requestBody" in operation) == (True, True), path
    ids = [operation["operationId"] for each in document["paths"].values() for operation in each.values()]
    assert len(ids) == len(set(ids))


def test_every_schema_of_the_catalogue_is_served_and_valid(strangers: Pair) -> None:
    names = strangers.cmo.http.get("/schemas").json()["data"]

    assert set(names) == {"head.v1", "shared_row.v1", *(each.name for each in all_event_types())}
    for name in names:
        Draft202012Validator.check_schema(strangers.cmo.http.get(f"/schemas/{name}").json())
    assert strangers.cmo.http.get("/schemas/nothing.v1").status_code == 404
    assert strangers.cmo.http.get("/asyncapi.json").json()["asyncapi"] == "3.0.0"


def test_the_documentation_asks_no_address_outside(strangers: Pair) -> None:
    page = strangers.cmo.http.get("/docs")

    asked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert asked
    for path in asked:
        answer = strangers.cmo.http.get(path)
        assert (answer.status_code, path[0]) == (200, "/")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert strangers.cmo.http.get("/docs/openapi.json").json()["openapi"] == "3.0.3"
    assert strangers.cmo.http.get("/docs/assets/..%2f..%2fapp.py").status_code in (404, 422)


def test_the_older_form_of_the_description_knows_no_null() -> None:
    shown = plain({"openapi": "3.1.0", "a": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "b": {"const": 1}})

    assert shown == {"openapi": "3.0.3", "a": {"nullable": True, "type": "string"}, "b": {"enum": [1]}}


def test_who_calls_is_told_what_the_token_may_do(clerk: Person) -> None:
    told = clerk.get("/v1/me").json()

    assert (told["actor"], told["role"], told["party"]["role"]) == ("person/li.na", "qa_manager", "cmo")
    assert "deviation.closed.v1" in told["records"]
    assert told["relationships"]


def test_words_are_told_in_both_languages(clerk: Person) -> None:
    terms = clerk.get("/v1/vocabulary").json()["data"]["deviation_classes"]

    assert {term["code"]: term["zh"] for term in terms}["major"] == "重大"
    assert clerk.get("/v1/vocabulary/roles").json()["data"][0]["en"]
    assert clerk.get("/v1/vocabulary/nothing").status_code == 404


def test_health_is_degraded_by_an_alarm_and_tells_a_stranger_no_more_than_its_code(pair: Pair, clerk: Person) -> None:
    fine = pair.cmo.http.get("/readyz").json()
    pair.cmo.gateway.alarms.report(Alarm("partner.silent", "A/B", "no receipt", "2026-11-22T09:30:44.000000Z"))

    health = pair.cmo.http.get("/v1/health")

    assert fine == {"status": "ok"}
    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert health.json()["alarms"] == ["partner.silent"]
    assert "A/B" not in health.text
    assert clerk.get("/v1/alarms").json()["data"][0]["detail"] == "no receipt"


def test_a_store_that_does_not_answer_is_not_ready(pair: Pair) -> None:
    pair.cmo.gateway.side.store.database.reading_engine.dispose()
    pair.cmo.gateway.read_model = Unreachable()  # type: ignore[assignment] # a fake at the edge

    answers = [pair.cmo.http.get(path) for path in ("/readyz", "/healthz", "/v1/health")]

    assert [answer.status_code for answer in answers] == [503] * 3
    assert pair.cmo.http.get("/livez").status_code == 200


class Unreachable:
    """A read model that cannot be reached."""

    def reading(self) -> object:
        raise InfraError("gone")


def test_an_error_that_nobody_foresaw_tells_a_stranger_nothing(clerk: Person) -> None:
    clerk.desk.gateway.read_model = None  # type: ignore[assignment] # broken on purpose

    answer = clerk.get("/v1/communications")

    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal")
    assert "NoneType" not in answer.text
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"]
