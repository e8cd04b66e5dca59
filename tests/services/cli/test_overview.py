"""`counterfoil my-work`, `counts`, `notices`, `timeline`: what stands across items, as the gateway tells it."""

import json

from tests.services.cli.conftest import Cli
from tests.services.cli.fake_gateway import FakeGateway, Said

STEP = {"noun": "closure", "address": "/v1/deviations/x/closure"}
ROW = {"item": "x", "number": "DEV-2026-0001", "title": "t", "state": "opened", "due_at": "2026-12-01", "stage": 80}
COUNT = {"category": "deviations", "total": 3, "open": 2, "due": 1, "overdue": 1}
ENTRY = {"item": "x", "recorded": "2026-11-22", "actor": "person/a", "type": "deviation.opened.v1", "text": "t"}


def test_my_work_is_listed_with_what_can_be_done(cli: Cli, gateway: FakeGateway) -> None:
    page = {"data": [{**ROW, "steps": [STEP]}], "next_cursor": None, "has_more": False}
    gateway.on("GET", "/v1/my-work", Said(200, page))

    shown = cli("my-work", "--limit", "5", "--url", gateway.url)
    told = json.loads(cli("my-work", "--json", "--url", gateway.url).out)

    assert "DEV-2026-0001" in shown.out
    assert "closure" in shown.out
    assert told["data"][0]["steps"] == [STEP]
    assert gateway.asked[0].query["limit"] == "5"


def test_my_work_is_asked_for_as_of_a_moment(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/my-work", Said(200, {"data": [], "next_cursor": None, "has_more": False}))

    cli("my-work", "--as-of", "seq:7", "--url", gateway.url)

    assert gateway.asked[0].query["as_of"] == "seq:7"


def test_notices_say_which_partner_was_not_told(cli: Cli, gateway: FakeGateway) -> None:
    row = {"relationship": "r", "partner": "91310115MA1H7XY23B", "named_by": 3}
    told = [{**row, "notices": [], "missing": True}, {**row, "notices": [{"number": "SUS-7"}], "missing": False}]
    gateway.on("GET", "/v1/notices", Said(200, {"data": told, "at": "2026-11-22"}))

    shown = cli("notices", "L-1", "--record", "INV-7", "--url", gateway.url)

    first, second = (line for line in shown.out.splitlines() if "91310115MA1H7XY23B" in line)
    assert ("SUS-7" in first, "SUS-7" in second) == (False, True)
    assert gateway.asked[0].query == {"concerning": "L-1", "category": "suspensions", "record": "INV-7"}


def test_whoever_signed_is_told_with_the_posts_held_then_or_with_none(cli: Cli, gateway: FakeGateway) -> None:
    signed = [{**ENTRY, "posts": []}, {**ENTRY, "posts": [{"post": "qualified_person"}]}]
    told = {"data": signed, "items": [{"item": "x", "number": "DEV-2026-0001"}], "complete": True}
    gateway.on("GET", "/v1/timeline", Said(200, told))

    shown = cli("timeline", "--batch", "B1", "--url", gateway.url).out

    assert "person/a (-)" in shown
    assert "person/a (qualified_person)" in shown


def test_counts_are_told_by_category(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/communications/counts", Said(200, {"data": [COUNT], "all": COUNT, "at": "2026-11-22"}))

    shown = cli("counts", "--due-within", "48", "--as-of", "seq:7", "--url", gateway.url)

    assert "deviations" in shown.out
    assert gateway.asked[0].query == {"due_within_hours": "48", "as_of": "seq:7"}


def test_the_timeline_of_a_batch_names_each_entrys_item(cli: Cli, gateway: FakeGateway) -> None:
    told = {"data": [ENTRY], "items": [{"item": "x", "number": "DEV-2026-0001"}], "complete": True}
    gateway.on("GET", "/v1/timeline", Said(200, told))

    shown = cli("timeline", "--batch", "B1", "--url", gateway.url)

    assert "DEV-2026-0001" in shown.out
    assert gateway.asked[0].query == {"batch": "B1"}
