"""Nothing but health and documentation is open; each role does what its row of the table says, and no more."""

import io
import logging
from datetime import timedelta
from typing import Any

import pytest
import structlog
from fastapi.routing import iter_route_contexts

from domain.rights import RIGHT_OF
from services.gateway.access.roles import PERMISSIONS
from tests.services.api.stepped import Desk, Pair, Person

OPEN = {
    "/livez",
    "/readyz",
    "/healthz",
    "/v1/health",
    "/openapi.json",
    "/asyncapi.json",
    "/schemas",
    "/schemas/{type_name}",
    "/problems",
    "/problems/{slug}",
    "/docs",
    "/docs/start.js",
    "/docs/openapi.json",
    "/docs/assets/{name}",
}
VALUES = {
    "mah": "91310115MA1H7XY23X",
    "cmo": "91320594MA1X8YY4PX",
    "role": "cmo",
    "first": "0",
    "number": "1",
    "person": "zhao",
    "name": "roles",
}
ITEM = "01890a5d-ac96-774b-bcce-b302099a8057"


def served(desk: Desk) -> list[tuple[str, str]]:
    found = []
    for route in iter_route_contexts(desk.http.app.routes):
        found += [(method, str(route.path)) for method in route.methods or () if method != "HEAD"]
    return found


def filled(path: str) -> str:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return path.format(**{name: VALUES.get(name, ITEM) for name in names})


def test_everything_but_health_and_documentation_asks_for_a_token(strangers: Pair) -> None:
    for method, path in served(strangers.cmo):
        answer = strangers.cmo.http.request(method, filled(path))
        if path not in OPEN:
            assert answer.status_code == 401, path
            assert answer.json()["type"] == "/problems/unauthenticated"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("scheme", ["Basic {}", "Bearer", "Bearer ", "bearer x{}", "Bearer {} ", "Bearer {}x", "{}"])
def test_a_header_that_is_no_token_of_ours_is_refused(strangers: Pair, scheme: str) -> None:
    secret = strangers.cmo.token("qa_manager")

    answer = strangers.cmo.http.get("/v1/me", headers={"Authorization": scheme.format(secret).strip()})

    assert answer.status_code == (200 if scheme.strip() == "Bearer {}" else 401)


def test_a_token_ends_with_its_expiry_and_with_its_revocation(strangers: Pair) -> None:
    admin, short, revoked = (strangers.cmo.as_("admin", f"person/{name}") for name in ("a", "b", "c"))
    identity = revoked.get("/v1/me").json()
    listed = admin.get("/v1/tokens").json()["data"]
    token = next(row["id"] for row in listed if row["actor"] == identity["actor"])

    admin.delete(f"/v1/tokens/{token}")
    strangers.world.clock.at += timedelta(hours=23)
    before_expiry = short.get("/v1/me").status_code
    strangers.world.clock.at += timedelta(hours=2)

    assert (revoked.get("/v1/me").status_code, before_expiry, short.get("/v1/me").status_code) == (401, 200, 401)


def test_a_made_token_works_and_its_secret_is_never_listed(strangers: Pair) -> None:
    admin = strangers.cmo.as_("admin", "person/admin")

    made = admin.does("/v1/tokens", {"actor": "system/mes", "role": "integrator", "label": "MES", "days": 30})

    mes = Person(strangers.cmo, made["token"])
    assert mes.get("/v1/me").json()["actor"] == "system/mes"
    assert made["token"] not in admin.get("/v1/tokens").text
    assert admin.delete(f"/v1/tokens/{ITEM}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"actor": "li.na"}, "actor"),
        ({"role": "king"}, "role"),
        ({"days": 0}, "days"),
        ({"days": 10_000}, "days"),
        ({"label": "\n"}, "label"),
    ],
)
def test_a_token_that_cannot_be_is_refused_with_the_field(strangers: Pair, wrong: dict[str, Any], field: str) -> None:
    admin = strangers.cmo.as_("admin", "person/admin")

    answer = admin.post("/v1/tokens", {"actor": "person/x", "role": "auditor", **wrong})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


MATRIX = {
    ("GET", "/v1/communications"): {*PERMISSIONS} - {"admin"},
    ("GET", "/v1/journals"): {*PERMISSIONS} - {"admin"},
    ("GET", "/v1/tokens"): {"admin"},
    ("GET", "/v1/quarantine"): {"qa_manager", "operator", "admin"},
    ("GET", "/v1/refusals"): {*PERMISSIONS} - {"admin"},
    ("GET", "/v1/alarms"): {"qa_manager", "operator", "admin"},
    ("GET", "/v1/people"): {*PERMISSIONS},
    ("GET", "/v1/me"): {*PERMISSIONS},
    ("GET", "/v1/partners"): {*PERMISSIONS},
    ("POST", "/v1/imports"): {"qa_staff", "qa_manager", "integrator"},
    ("POST", "/v1/partners/invitations"): {"operator", "admin"},
    ("POST", "/v1/deviations"): {*RIGHT_OF["deviation.opened.v1"].roles},
    ("POST", "/v1/agreements"): {*RIGHT_OF["agreement.drafted.v1"].roles},
    ("POST", f"/v1/agreements/{ITEM}/signatures"): {*RIGHT_OF["agreement.signed.v1"].roles},
    ("POST", f"/v1/deviations/{ITEM}/closure"): {*RIGHT_OF["deviation.closed.v1"].roles},
    ("POST", f"/v1/communications/{ITEM}/closure-approval"): {*RIGHT_OF["deviation_review.closure_approved.v1"].roles},
    ("POST", "/v1/communications/acknowledgements"): {*RIGHT_OF["deviation_review.acknowledged.v1"].roles},
    ("POST", "/v1/people/zhao/authorisations"): {*RIGHT_OF["person.authorised.v1"].roles},
    ("POST", "/v1/calendars"): {*RIGHT_OF["calendar.published.v1"].roles},
}


@pytest.mark.parametrize("call", MATRIX, ids=" ".join)
def test_each_role_may_call_what_the_table_says(strangers: Pair, call: tuple[str, str]) -> None:
    method, path = call
    allowed = set()
    for role in PERMISSIONS:
        person = strangers.cmo.as_(role, "person/x")
        answer = person.get(path) if method == "GET" else person.post(path, {})
        if answer.status_code not in (401, 403):
            allowed.add(role)

    assert allowed == MATRIX[call]


def test_a_secret_stands_in_no_answer_and_in_no_log(
    pair: Pair, clerk: Person, caplog: pytest.LogCaptureFixture
) -> None:
    heard = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(heard))
    caplog.set_level(logging.DEBUG)
    try:
        answers = [
            clerk.post("/v1/deviations", {"title": clerk.secret}, key=clerk.secret),
            clerk.post("/v1/deviations", {clerk.secret: 1}),
            clerk.get("/v1/communications", sort=clerk.secret),
            pair.cmo.http.get("/v1/me", headers={"Authorization": f"Basic {clerk.secret}"}),
            clerk.get(f"/v1/events/{ITEM}"),
        ]
        pair.cmo.gateway.store.close()
        broken = clerk.get("/v1/communications")
    finally:
        structlog.reset_defaults()

    assert {answer.status_code // 100 for answer in answers} == {4}
    assert broken.status_code // 100 in (2, 5)
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]  # not the client
    assert clerk.secret not in heard.getvalue() + "".join(logged)
    assert all(clerk.secret not in answer.text for answer in (*answers[:1], *answers[2:], broken))
