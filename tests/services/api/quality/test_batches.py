"""Batches through the interface, from authorisation to the market, and everything that stops them on the way."""

from typing import Any

from tests.services.api.quality.making import (
    DEVIATION,
    ITEMS,
    PRODUCT,
    QUANTITY,
    RECORD,
    RELEASED,
    REVIEWED,
    SIGNED,
    batch,
    factory_release,
    make,
    package,
    ref,
    sends,
    types,
)
from tests.services.api.stepped import Pair, Person


def test_a_batch_goes_from_its_start_to_the_market_with_its_package(
    pair: Pair, clerk: Person, holder: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    item = make(pair, clerk, documents)
    released = qualified[0].does(f"/v1/batches/{item}/factory-release", factory_release())
    pair.settle()
    for each in ITEMS:
        holder.does(f"/v1/batches/{item}/reviews", {"item": each, "verdict": "satisfactory", "signature": REVIEWED})
    early = qualified[0].post(f"/v1/batches/{item}/dispatch", {"quantity": QUANTITY, "shipped_at": "2026-11-22"})
    without = qualified[1].post(f"/v1/batches/{item}/marketing-release", {"signature": RELEASED})
    sends(holder)
    marketed = qualified[1].does(f"/v1/batches/{item}/marketing-release", {"signature": RELEASED})
    holder.does(f"/v1/batches/{item}/dispatch-permission", {"signature": SIGNED})
    pair.settle()
    shipped = clerk.does(f"/v1/batches/{item}/dispatch", {"quantity": QUANTITY, "shipped_at": "2026-11-22"})
    pair.settle()

    assert types(released) == ["batch.factory_released.v1", "release_package.submitted.v1"]
    assert early.status_code == 403
    assert (without.status_code, without.json()["type"]) == (409, "/problems/blob-missing")
    assert RECORD in without.json()["detail"]
    assert types(marketed) == ["batch_review.marketing_released.v1"]
    assert [event["violates"] for event in shipped["events"]] == [False]
    rows = [person.get(f"/v1/communications/{item}").json() for person in (clerk, holder)]
    assert [(row["category"], row["state"], row["class"], row["violates"]) for row in rows] == [
        ("batches", "dispatched", "commercial", False)
    ] * 2
    told = [row["type"] for row in holder.get(f"/v1/communications/{item}/timeline").json()["data"]]
    assert "release_package.submitted.v1" in told


def test_a_number_that_is_written_otherwise_is_the_same_batch_to_what_shuts(
    pair: Pair, clerk: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    item = make(pair, clerk, documents)
    clerk.does("/v1/deviations", {**DEVIATION, "batches": [{"number": "b2026‐001 "}]})
    pair.settle()

    again = clerk.post("/v1/batches", batch(documents, "b2026-001"))
    refused = qualified[0].post(f"/v1/batches/{item}/factory-release", factory_release())

    assert (again.status_code, again.json()["code"]) == (409, "batch.wrong_state")
    assert (refused.status_code, refused.json()["code"]) == (409, "release.factory_blocked")
    assert "deviation" in refused.json()["detail"]


def test_a_deviation_that_leads_to_a_major_risk_stops_start_and_releases_until_both_sides_lift(
    pair: Pair, clerk: Person, holder: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    item = make(pair, clerk, documents)
    deviation = clerk.does("/v1/deviations", DEVIATION)
    in_it = {"title": "无菌保证不足", "identified_at": "2026-11-22T08:30:00+08:00", "scope": {"products": [PRODUCT]}}
    risk = clerk.does("/v1/risks", {**in_it, "deviation": ref(deviation)})
    pair.settle()
    holder.does(
        f"/v1/risks/{risk['item']}/classification", {"level": "major", "risk_kind": "quality", "rationale": "r"}
    )
    pair.settle()
    stopped = {
        "risk": ref(risk),
        "reason": "重大质量风险",
        "stopped_at": "2026-11-22",
        "scope": {"products": [PRODUCT]},
    }
    suspension = clerk.does("/v1/suspensions", stopped)
    pair.settle()

    start = clerk.post("/v1/batches", batch(documents, "B2026-002"))
    release = qualified[0].post(f"/v1/batches/{item}/factory-release", factory_release())
    all_the_same = {**batch({}, "B2026-003"), "started_at": "2026-11-22T10:00:00+08:00"}
    del all_the_same["signature"]
    made = clerk.does("/v1/batches/started", all_the_same)
    pair.settle()

    for refused in (start, release):
        assert (refused.status_code, refused.json()["code"]) == (409, "suspension.active")
        assert "SUS-2026-0001" in refused.json()["detail"]
        assert "RSK-2026-0001" in refused.json()["detail"]
    assert [(event["type"], event["violates"]) for event in made["events"]] == [
        ("batch.started.v1", True),
        ("deviation.opened.v1", False),
    ]
    opened = holder.get(f"/v1/events/{made['events'][1]['id']}").text
    assert f'"cause":"{made["events"][0]["id"]}"' in opened
    assert "gate.suspension" in opened

    for person in (clerk, holder):
        person.does(f"/v1/suspensions/{suspension['item']}/lifting", {"signature": SIGNED})
    pair.settle()
    assert types(clerk.does("/v1/batches", batch(documents, "B2026-002"))) == ["batch.authorised.v1"]
    assert types(qualified[0].does(f"/v1/batches/{item}/factory-release", factory_release()))[0] == (
        "batch.factory_released.v1"
    )


def test_a_result_out_of_specification_shuts_both_releases_until_it_is_invalidated_with_cause(
    pair: Pair, clerk: Person, holder: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    colleague = clerk.desk.as_("qa_manager", "person/wang.wei")
    item = make(pair, clerk, documents)
    suspected = {
        "title": "含量",
        "result_kind": "oos",
        "test": "含量",
        "result": "94.80",
        "limits": "95.0–105.0",
        "suspected_at": "2026-11-22",
        "scope": {"batches": [{"number": "B2026-001"}]},
    }
    result = clerk.does("/v1/oos-results", suspected)["item"]

    early = qualified[0].post(f"/v1/batches/{item}/factory-release", factory_release())
    phase = {"phase": "laboratory", "conclusion": "实验室原因", "cause": "称量错误"}
    found = colleague.does(f"/v1/oos-results/{result}/phases", phase)
    invalidation = {"phase": ref(found), "cause": "称量错误", "signature": SIGNED}
    invalidated = clerk.does(f"/v1/oos-results/{result}/invalidation", invalidation)
    released = qualified[0].does(f"/v1/batches/{item}/factory-release", factory_release())
    pair.settle()
    again = {**suspected, "title": "有关物质"}
    holder.does("/v1/oos-results", again)
    for each in ITEMS:
        holder.does(f"/v1/batches/{item}/reviews", {"item": each, "verdict": "satisfactory", "signature": REVIEWED})
    sends(holder)
    late = qualified[1].post(f"/v1/batches/{item}/marketing-release", {"signature": RELEASED})

    assert (early.status_code, early.json()["type"]) == (409, "/problems/release-blocked")
    assert "oos OOS-2026-0001" in early.json()["detail"]
    body = clerk.get(f"/v1/events/{released['events'][0]['id']}").text
    assert f'"position":{invalidated["events"][0]["position"]}' in body
    assert (late.status_code, late.json()["code"]) == (409, "release.marketing_blocked")
    assert "oos OOS-2026-0001" in late.json()["detail"]


def test_a_package_that_is_not_whole_is_told_before_anything_is_signed(
    pair: Pair, clerk: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    item = make(pair, clerk, documents)
    lacking = factory_release(no_deviations=None)
    answer = qualified[0].post(f"/v1/batches/{item}/factory-release", lacking)
    row = clerk.get(f"/v1/communications/{item}").json()

    assert (answer.status_code, answer.json()["code"]) == (409, "release.package_incomplete")
    assert "deviation_investigation" in answer.json()["detail"]
    assert row["state"] == "tested"


def test_a_later_version_of_the_package_says_why_it_came(
    pair: Pair, clerk: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    item = make(pair, clerk, documents)
    qualified[0].does(f"/v1/batches/{item}/factory-release", factory_release())
    without = qualified[0].post(f"/v1/batches/{item}/record-package", package())
    told = qualified[0].does(f"/v1/batches/{item}/record-package", {**package(), "reason": "补充记录"})

    assert without.status_code == 422
    assert [(event["type"], event["violates"]) for event in told["events"]] == [("release_package.submitted.v1", False)]


def test_a_lot_belongs_to_the_holder_and_is_used_for_nothing_else(clerk: Person, documents: dict[str, Any]) -> None:
    lot = {
        "number": "M-1",
        "material": "头孢曲松钠",
        "lot_kind": "key_material",
        "generic_name": "注射用头孢曲松钠",
        "product": {"name": "别的产品", "code": "OTHER"},
        "signature": SIGNED,
    }
    allocated = clerk.does("/v1/lots", lot)
    foreign = clerk.post("/v1/lots", {**lot, "number": "M-2", "owner": "91000000000000003W"})
    mixed = clerk.post("/v1/batches", batch(documents, lots=[ref(allocated)]))
    same = clerk.does("/v1/lots", {**lot, "product": PRODUCT})

    assert (foreign.status_code, foreign.json()["code"]) == (409, "segregation.breach")
    assert (mixed.status_code, mixed.json()["code"]) == (409, "segregation.breach")
    assert same["item"] == allocated["item"]
    assert types(clerk.does("/v1/batches", batch(documents, lots=[ref(same)]))) == ["batch.authorised.v1"]


def test_a_batch_needs_its_number_and_is_entered_once(clerk: Person, documents: dict[str, Any]) -> None:
    body = batch(documents)
    without = clerk.post("/v1/batches", {name: value for name, value in body.items() if name != "number"})
    clerk.does("/v1/batches", body)
    again = clerk.post("/v1/batches", body)

    assert without.status_code == 422
    assert (again.status_code, again.json()["code"]) == (409, "batch.wrong_state")
    assert "B2026-001" in again.json()["detail"]


def test_the_holder_holds_and_rejects(pair: Pair, clerk: Person, holder: Person, documents: dict[str, Any]) -> None:
    item = make(pair, clerk, documents)
    holder.does(f"/v1/batches/{item}/hold", {"reason": "核查投诉"})
    held = holder.get(f"/v1/communications/{item}").json()["state"]
    holder.does(f"/v1/batches/{item}/hold-lifting", {"signature": SIGNED})
    lifted = holder.get(f"/v1/communications/{item}").json()["state"]
    holder.does(f"/v1/batches/{item}/rejection", {"reason": "记录不完整"})

    assert (held, lifted) == ("held", "tested")
    assert holder.get(f"/v1/communications/{item}").json()["state"] == "rejected"


def test_numbers_that_are_missing_or_look_alike_are_told(clerk: Person, documents: dict[str, Any]) -> None:
    for number in ("B2026-001", "B2026-003", "B2O26-003"):
        clerk.does("/v1/batches", batch(documents, number))

    told = clerk.get("/v1/batches/series").json()["data"][0]
    assert told == {
        "gaps": [{"after": "B2026-001", "before": "B2026-003", "missing": ["B2026-002"]}],
        "look_alikes": [["B2026-003", "B2O26-003"]],
    }


def test_numbers_that_are_missing_when_a_batch_is_released_are_an_item_until_somebody_explains_them(
    pair: Pair, clerk: Person, holder: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    clerk.does("/v1/batches", batch(documents, "G-001"))
    late, later = (make(pair, clerk, documents, number=number) for number in ("G-004", "G-006"))
    released = qualified[0].does(f"/v1/batches/{late}/factory-release", factory_release())
    again = qualified[0].does(f"/v1/batches/{later}/factory-release", factory_release())
    pair.settle()
    missing = make(pair, clerk, documents, number="G-003")
    refused = qualified[0].post(f"/v1/batches/{missing}/factory-release", factory_release())

    assert types(released) == ["batch.factory_released.v1", "release_package.submitted.v1", "deviation.opened.v1"]
    query = {"category": "deviations", "text": "batch.numbers_missing", "sort": "number"}
    for person in (clerk, holder):
        rows = person.get("/v1/communications", **query).json()["data"]
        assert [(row["title"], row["state"], [each["number"] for each in row["batches"]]) for row in rows] == [
            ("batch.numbers_missing: G-004", "opened", ["G-002", "G-003"]),
            ("batch.numbers_missing: G-006", "opened", ["G-005"]),
        ]
    assert types(again)[-1] == "deviation.opened.v1"
    assert (refused.status_code, refused.json()["code"]) == (409, "release.factory_blocked")


def test_nothing_is_authorised_on_old_news_of_the_partner(pair: Pair, documents: dict[str, Any]) -> None:
    pair.world.clock.move(25 * 3600)
    clerk = pair.cmo.as_("qa_manager")
    silent = clerk.post("/v1/batches", batch(documents))
    pair.beat()

    assert silent.json()["type"] == "/problems/partner-silent"
    assert types(clerk.does("/v1/batches", batch(documents))) == ["batch.authorised.v1"]
