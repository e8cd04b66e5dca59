"""What a command about a matter sends, and what it says of the answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from events.encoding.base64 import encode_base64
from events.encoding.entry import leaf_of_line
from tests.services.cli.conftest import Cli
from tests.services.cli.fake_gateway import FakeGateway, Said

ITEM = "0198c0de-0000-7000-8000-000000000001"
OTHER = "0198c0de-0000-7000-8000-000000000002"
RELATIONSHIP = "91330100MA5EX00013/91320100MA5EX0001Y"
BETWEEN = ("--relationship", RELATIONSHIP)
LINE = '{"a":1}'
LEAF = encode_base64(leaf_of_line(LINE.encode()))
MADE = {
    "item": ITEM,
    "events": [{"id": "e", "type": "risk.raised.v1", "subject": f"risk/{ITEM}", "journal": "cmo", "position": 7}],
}
WRONG_STATE = {
    "type": "/problems/release-blocked",
    "title": "The release is blocked",
    "status": 409,
    "detail": "open: oos OOS-2026-0001",
    "code": "release.factory_blocked",
    "state": "tested",
    "allowed": ["rejection", "hold"],
}


def sent(gateway: FakeGateway) -> Any:
    return next(asked.body for asked in gateway.asked if asked.method == "POST")


def with_entries(gateway: FakeGateway) -> None:
    others = ("91330100MA5EX00021/91320100MA5EX0001Y", RELATIONSHIP)
    origins = [{"origin": f"counterfoil/{each}/{role}"} for each in others for role in ("mah", "cmo")]
    gateway.on("GET", "/v1/journals", Said(200, {"data": origins}))
    gateway.on("GET", f"/v1/journals/{RELATIONSHIP}/cmo/entries", Said(200, LINE + "\n", "text/plain"))
    gateway.on("GET", f"/v1/communications/{ITEM}", Said(200, {"relationship": RELATIONSHIP}))


def test_single_fields_stand_beside_the_file_and_before_it(cli: Cli, gateway: FakeGateway, tmp_path: Path) -> None:
    gateway.on("POST", "/v1/risks", Said(201, MADE))
    (tmp_path / "risk.json").write_text('{"title": "t", "scope": {"sites": ["one"]}}')
    fields = ("title=", "scope.products.0.name=a=b", "scope.products.0.code=C", "scope.sites.1=two", "scope.lines:=[]")
    given = [word for field in fields for word in ("--set", field)]

    told = cli("risk", "open", "risk.json", *given, "--key", "k", "--dry-run", "--url", gateway.url)

    scope = {"sites": ["one", "two"], "products": [{"name": "a=b", "code": "C"}], "lines": []}
    assert sent(gateway) == {"title": "", "scope": scope}
    assert (gateway.asked[0].headers["idempotency-key"], gateway.asked[0].query) == ("k", {"dry_run": "true"})
    assert told.out.split() == ["risk.raised.v1", f"risk/{ITEM}", "cmo:7"]
    assert f"counterfoil risk steps {ITEM}" in told.err


@pytest.mark.parametrize("wrong", ["title", "=x", "title:={", "scope.2=x", "title.a=x", "list.1=x"])
def test_a_field_that_fits_nothing_is_wrong_usage_and_nothing_is_sent(
    cli: Cli, gateway: FakeGateway, wrong: str
) -> None:
    base = ("--set", "title=t", "--set", "scope.0=s")
    assert cli("risk", "open", *base, "--set", wrong, "--url", gateway.url).code == 2
    assert gateway.asked == []


def test_where_an_entry_is_meant_its_place_is_enough(cli: Cli, gateway: FakeGateway) -> None:
    with_entries(gateway)
    gateway.on("POST", f"/v1/risks/{ITEM}/closure", Said(201, MADE))
    fields = ("--set", "measures.0=cmo:3", "--set", "note=cmo:3")

    assert cli("risk", "closure", ITEM, *fields, "--url", gateway.url).code == 0
    assert sent(gateway) == {"measures": [{"journal": "cmo", "position": 3, "leaf": LEAF}], "note": "cmo:3"}


def test_the_number_of_an_item_stands_for_the_entry_that_opened_it(cli: Cli, gateway: FakeGateway) -> None:
    opening = {"journal": "mah", "position": 3, "leaf": LEAF}
    rows = [
        {"item": ITEM, "number": "RSK-2026-0001", "opened_by": opening},
        {"item": OTHER, "number": "RSK-2026-00011"},
    ]
    gateway.on("GET", "/v1/communications", Said(200, {"data": rows}))
    gateway.on("GET", f"/v1/communications/{ITEM}", Said(200, rows[0]))
    gateway.on("POST", "/v1/suspensions", Said(201, MADE))
    for written in ("RSK-2026-0001", ITEM):
        assert cli("suspension", "open", "--set", f"risk={written}", "--url", gateway.url).code == 0
    unknown = cli("suspension", "open", "--set", "risk=RSK-2026-0009", "--url", gateway.url)

    assert [asked.body for asked in gateway.asked if asked.method == "POST"] == [{"risk": opening}] * 2
    assert unknown.code == 1


def test_an_entry_deep_in_the_package_of_a_release_is_looked_up_too(cli: Cli, gateway: FakeGateway) -> None:
    with_entries(gateway)
    gateway.on("POST", f"/v1/batches/{ITEM}/factory-release", Said(201, MADE))
    field = "package.manifest.0.about=cmo:3"

    assert cli("batch", "factory-release", ITEM, "--set", field, "--url", gateway.url).code == 0
    assert sent(gateway)["package"]["manifest"][0]["about"]["leaf"] == LEAF


@pytest.mark.parametrize(
    ("command", "path", "body"),
    [
        (("oos", "invalidation"), "oos-results", {"signature": {"meaning": "approved", "reason": "r"}}),
        (("batch", "marketing-release"), "batches", {"signature": {"meaning": "released", "reason": "r"}}),
        (("batch", "reviews"), "batches", {"signature": {"meaning": "reviewed", "reason": "r"}}),
        (("oos", "decision"), "oos-results", {"signature": {"meaning": "approved", "reason": "r"}}),
        (("batch", "hold"), "batches", {"reason": "r"}),
        (("key-person", "withdrawal"), "key-persons", {"reason": "r"}),
    ],
)
def test_the_reason_goes_where_the_step_has_one(
    cli: Cli, gateway: FakeGateway, command: tuple[str, str], path: str, body: dict[str, Any]
) -> None:
    gateway.on("POST", f"/v1/{path}/{ITEM}/{command[1]}", Said(201, MADE))

    assert cli(*command, ITEM, "--reason", "r", "--url", gateway.url).code == 0
    assert sent(gateway) == body


def test_the_reason_is_the_one_that_is_typed_and_the_meaning_that_of_the_file(
    cli: Cli, gateway: FakeGateway, tmp_path: Path
) -> None:
    gateway.on("POST", f"/v1/oos-results/{ITEM}/decision", Said(201, MADE))
    (tmp_path / "decision.json").write_text('{"signature": {"meaning": "noted", "reason": ""}}')

    assert cli("oos", "decision", ITEM, "decision.json", "--reason", "r", "--url", gateway.url).code == 0
    assert sent(gateway)["signature"] == {"meaning": "noted", "reason": "r"}


def test_a_reason_that_nothing_takes_is_wrong_usage(cli: Cli, gateway: FakeGateway) -> None:
    assert cli("risk", "open", "--reason", "r", "--url", gateway.url).code == 2


def test_an_item_is_known_by_its_number_if_only_one_has_it(cli: Cli, gateway: FakeGateway) -> None:
    rows = [{"item": ITEM, "number": "RSK-2026-0001"}, {"item": OTHER, "number": "RSK-2026-00011"}]
    gateway.on("GET", "/v1/communications", Said(200, {"data": rows}))
    gateway.on("GET", f"/v1/communications/{ITEM}", Said(200, {"number": "n", "state": "raised", "steps": []}))
    assert cli("risk", "steps", "RSK-2026-0001", "--url", gateway.url).code == 0
    assert gateway.asked[0].query["category"] == "risks"

    gateway.on("GET", "/v1/communications", Said(200, {"data": [rows[0], {**rows[0], "item": OTHER}]}))
    several = cli("risk", "steps", "RSK-2026-0001", "--url", gateway.url)
    none = cli("risk", "steps", "RSK-2026-0009", "--url", gateway.url)

    assert (several.code, none.code) == (1, 1)
    assert f"{ITEM} {OTHER}" in several.err


def test_somebody_of_a_register_is_known_by_the_person(cli: Cli, gateway: FakeGateway) -> None:
    first = {"data": [{"item": OTHER, "person": "li.na"}], "next_cursor": "c"}
    second = {"data": [{"item": ITEM, "person": "zhou.qp"}]}
    gateway.on("GET", "/v1/key-persons", Said(200, first), Said(200, second))
    gateway.on("POST", f"/v1/key-persons/{ITEM}/withdrawal", Said(201, MADE))

    assert cli("key-person", "withdrawal", "zhou.qp", "--url", gateway.url).code == 0
    assert gateway.asked[1].query == {"cursor": "c"}


def test_steps_say_what_is_open_and_why_the_others_are_not(cli: Cli, gateway: FakeGateway) -> None:
    steps = [
        {"noun": "start", "allowed": True, "violates": True, "why": "the batch was started already"},
        {"noun": "joins", "allowed": None, "violates": False, "why": "it depends on what it names"},
        {"noun": "closure", "allowed": False, "violates": False, "why": "nothing was measured"},
    ]
    gateway.on("GET", f"/v1/communications/{ITEM}", Said(200, {"number": "N", "state": "tested", "steps": steps}))

    shown = cli("batch", "steps", ITEM, "--url", gateway.url).out.splitlines()[-3:]

    assert [line.split()[:3] for line in shown] == [
        ["start", "yes", "yes"],
        ["joins", "depends", "it"],
        ["closure", "no", "nothing"],
    ]


def test_a_wrong_state_is_told_with_its_name_the_state_and_what_would_be_allowed(
    cli: Cli, gateway: FakeGateway
) -> None:
    gateway.on("POST", f"/v1/batches/{ITEM}/hold", Said(409, WRONG_STATE))

    said = cli("batch", "hold", ITEM, "--url", gateway.url)
    told = cli("batch", "hold", ITEM, "--json", "--url", gateway.url)

    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        f"The release is blocked: open: oos OOS-2026-0001; try: counterfoil batch steps {ITEM}",
        "problem: release-blocked release.factory_blocked",
        "state: tested; allowed now: rejection hold",
    ]
    assert json.loads(told.err)["error"]["problem"] == WRONG_STATE


def test_a_request_that_is_not_right_points_to_its_template(cli: Cli, gateway: FakeGateway) -> None:
    problem = {"type": "/problems/validation", "title": "The request is not right", "status": 422}
    gateway.on("POST", f"/v1/batches/{ITEM}/hold", Said(422, problem))

    assert cli("batch", "hold", ITEM, "--url", gateway.url).err.strip().endswith("counterfoil batch template hold")


def test_a_register_is_filtered_and_shown_on_lines(cli: Cli, gateway: FakeGateway) -> None:
    entry = {"journal": "mah", "position": 3, "leaf": LEAF}
    scope = {"products": [{"name": "n", "code": "C"}], "sites": ["s"], "lines": []}
    row: dict[str, Any] = {"item": ITEM, "scope": scope, "elements": [1, 2], "empty": None, "none": [], "entry": entry}
    gateway.on("GET", "/v1/process-versions", Said(200, {"data": [row]}))

    shown = cli("process-version", "list", "--product", "C", "--on", "2026-12-01", *BETWEEN, "--url", gateway.url)

    assert [line.split() for line in shown.out.splitlines()] == [
        ["item", "scope", "elements", "entry"],
        [ITEM, "C", "s", "2", "mah:3"],
    ]
    assert gateway.asked[0].query == {"product": "C", "on": "2026-12-01", "relationship": RELATIONSHIP}


def test_series_tell_missing_numbers_and_those_that_look_alike(cli: Cli, gateway: FakeGateway) -> None:
    gaps = [{"after": "B1", "before": "B4", "missing": ["B2", "B3"]}]
    gateway.on("GET", "/v1/batches/series", Said(200, {"data": [{"gaps": gaps, "look_alikes": [["B1", "BI"]]}]}))

    shown = cli("batch", "series", *BETWEEN, "--url", gateway.url).out.splitlines()

    assert [shown[1].split(), shown[3].split()] == [["B2", "B3", "B1", "B4"], ["B1", "BI"]]
    assert gateway.asked[0].query == {"relationship": RELATIONSHIP}


def test_a_matter_is_listed_by_its_category(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/communications", Said(200, {"data": [{"number": "REG-2026-0001", "item": ITEM}]}))

    shown = cli("regulatory-measure", "list", "--state", "open", *BETWEEN, "--url", gateway.url)

    asked = {"category": "regulatory_inspections", "state": "open", "relationship": RELATIONSHIP, "limit": "50"}
    assert gateway.asked[0].query == asked
    assert "REG-2026-0001" in shown.out


def test_a_template_is_filled_in_from_a_file_and_explained_beside_it(cli: Cli, gateway: FakeGateway) -> None:
    body = {"type": "object", "required": ["phase"], "properties": {"phase": {"enum": ["a", "b"]}, "text": {}}}
    post = {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/X"}}}}}
    paths = {"/v1/oos-results/{item}/phases": {"post": post}}
    gateway.on("GET", "/openapi.json", Said(200, {"paths": paths, "components": {"schemas": {"X": body}}}))

    shown = cli("oos", "template", "phases", "--url", gateway.url)

    assert json.loads(shown.out) == {"phase": "a|b"}
    assert ["phase", "yes", "a", "|", "b"] in [line.split() for line in shown.err.splitlines()]
    assert cli("oos", "template", "invalidation", "--url", gateway.url).code == 1
    assert cli("oos", "template", "nonsense", "--url", gateway.url).code == 2


def test_in_the_demo_one_acts_as_whom_one_says(cli: Cli, gateway: FakeGateway, tmp_path: Path) -> None:
    gateway.on("GET", "/v1/batches/series", Said(200, {"data": []}))
    people = {"qualified_person": {"person": "zhou", "token": "q", "signing_password": "p"}}
    one = {"url": gateway.url, "token": "m", "signing_password": "p", "people": people}
    (tmp_path / ".demo").mkdir()
    (tmp_path / ".demo" / "demo.json").write_text(json.dumps({"cmo": one}))

    for acting in ("cmo", "cmo:qualified_person"):
        assert cli("batch", "series", "--demo", acting).code == 0
    nobody = cli("batch", "series", "--demo", "cmo:nobody")

    assert [asked.headers["authorization"] for asked in gateway.asked] == ["Bearer m", "Bearer q"]
    assert (nobody.code, "qualified_person" in nobody.err) == (2, True)
