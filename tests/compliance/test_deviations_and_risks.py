"""Deviations recorded, told and handled; risks met jointly; manufacturing stopped by a major one: (V), (XXII)."""

from typing import Any

import pytest

from tests.compliance.citing import cites
from tests.compliance.contract import product, reference, scope_of
from tests.services.api.quality.making import SIGNED, batch, types
from tests.services.api.stepped import Pair, Person

DETECTED = "2026-11-22T18:00:00+08:00"
DEVIATION = {"title": "压片机转速超出范围", "detected_at": DETECTED}
INVESTIGATION = {"cause": "参数漂移", "impact": "一批", "conclusion": "已校准"}
RISK = {"title": "灭菌柜温度分布不均", "identified_at": DETECTED}
MAJOR = {"level": "major", "risk_kind": "quality", "rationale": "无菌保证"}
MEASURE = {"measure": "停用灭菌柜", "taken_at": "2026-11-22"}
STOPPED = {"reason": "重大质量风险", "stopped_at": "2026-11-22T19:00:00+08:00"}
ORDER = {
    "authority": "某省药品监督管理局",
    "decision_number": "2026-18",
    "document": "a" * 64,
    "received_at": "2026-11-22",
}


def raised(pair: Pair, by: Person, code: str, **more: Any) -> dict[str, Any]:
    risk = by.does("/v1/risks", {**RISK, "scope": scope_of(code), **more})
    pair.settle()
    return risk


def start(clerk: Person, documents: dict[str, Any], code: str, number: str = "B-1") -> Any:
    """Try to authorise a batch of a product."""
    return clerk.post("/v1/batches", batch(documents, f"{code}-{number}", product=product(code)))


@pytest.mark.usefixtures("agreed")
@cites(
    "(V)",
    "Any deviation shall be promptly recorded, handled, and the MAHs shall be promptly notified of such deviation",
)
def test_a_deviation_reaches_the_holder_and_a_clock_says_whether_it_was_told_in_time(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    item = clerk.does("/v1/deviations", {**DEVIATION, "class": "minor", "rationale": "已放行前发现"})["item"]
    pair.settle()
    pair.beat()

    told = [person.get(f"/v1/communications/{item}/clocks").json()["data"] for person in (clerk, holder)]
    clocks = [{row["name"]: row["state"] for row in rows} for rows in told]
    assert clocks[0] == clocks[1]
    assert (clocks[0]["notify"], clocks[0]["handle"]) == ("met", "running")


@cites("(V)", "the MAHs shall be promptly notified of such deviation")
def test_a_named_person_of_the_holder_takes_note_of_a_deviation_and_no_machine_does(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    item = clerk.does("/v1/deviations", DEVIATION)["item"]
    pair.settle()
    at = f"/v1/deviations/{item}/acknowledgement"
    machine = pair.mah.as_("qa_manager", "system/eqms").post(at, {}, dry_run="true")

    holder.does(at, {})
    pair.settle()

    assert machine.json()["events"][0]["violates"] is True
    assert clerk.get(f"/v1/communications/{item}").json()["acknowledged"]["by"] == "person/wang.wei"


@cites("(V)", "Any deviation shall be promptly recorded, handled")
def test_a_deviation_that_was_never_investigated_is_not_closed(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", {**DEVIATION, "class": "minor", "rationale": "轻微"})["item"]

    early = clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNED})

    assert (early.status_code, early.json()["code"]) == (409, "deviation.wrong_state")
    assert clerk.get(f"/v1/communications/{item}").json()["state"] != "closed"


@cites("(V)", "Any deviation shall be promptly recorded, handled")
def test_what_was_decided_on_a_deviation_is_closed_only_once_it_was_done_and_found_effective(
    pair: Pair, clerk: Person, colleague: Person, holder: Person
) -> None:
    deviation = reference(clerk.does("/v1/deviations", DEVIATION))
    planned = {"text": "更换传感器", "owner": "设备部", "due": "2026-12-01"}
    opening = {"title": "防止复发", "opened_at": "2026-11-22", "actions": [planned], "cause": deviation}
    item = clerk.does("/v1/capas", opening)["item"]
    at = f"/v1/capas/{item}"
    clerk.does(f"{at}/completed-actions", {"action": 1, "result": "完成", "completed_at": "2026-11-22"})
    doubted = colleague.does(f"{at}/effectiveness-checks", {"effective": False, "conclusion": "再次发生"})
    closing = {"residual_risk_accepted_by": "li.na", "signature": SIGNED}
    early = clerk.post(f"{at}/closure", {**closing, "effectiveness": reference(doubted)})
    check = colleague.does(f"{at}/effectiveness-checks", {"effective": True, "conclusion": "有效"})

    clerk.does(f"{at}/closure", {**closing, "effectiveness": reference(check)})
    pair.settle()

    assert (early.status_code, early.json()["code"]) == (409, "capa.not_effective")
    assert holder.get(f"/v1/communications/{item}").json()["state"] == "closed"


@cites("(V)", "effective risk control measures shall be taken jointly with the MAHs")
@cites("(XV)", "strictly perform the obligations and responsibilities agreed in the agreements")
def test_a_major_deviation_is_closed_only_after_the_holder_approved_it(
    pair: Pair, clerk: Person, colleague: Person, holder: Person
) -> None:
    item = clerk.does("/v1/deviations", {**DEVIATION, "class": "major", "rationale": "无菌保证"})["item"]
    colleague.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)
    pair.settle()
    early = clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNED})
    holder.does(f"/v1/deviations/{item}/closure-approval", {"signature": SIGNED})
    pair.beat()

    closed = clerk.does(f"/v1/deviations/{item}/closure", {"signature": SIGNED})

    assert (early.status_code, early.json()["code"]) == (409, "deviation.closure_not_approved")
    assert types(closed) == ["deviation.closed.v1"]


@cites(
    "(V)",
    "if any quality risk or compliance risk is identified, effective risk control measures shall be taken jointly",
)
def test_a_risk_is_closed_only_on_measures_that_both_parties_signed(pair: Pair, clerk: Person, holder: Person) -> None:
    at = f"/v1/risks/{raised(pair, clerk, 'R-1')['item']}"
    clerk.does(f"{at}/classification", {**MAJOR, "level": "minor"})
    measures = {"measures": [reference(clerk.does(f"{at}/measures", MEASURE))], "signature": SIGNED}
    clerk.does(f"{at}/measures-signature", measures)
    early = clerk.post(f"{at}/closure", measures)
    pair.settle()
    holder.does(f"{at}/measures-signature", measures)
    pair.settle()

    closed = clerk.does(f"{at}/closure", measures)

    assert (early.status_code, early.json()["code"]) == (409, "risk.measures_not_signed")
    assert types(closed) == ["risk.closed.v1"]


@pytest.mark.parametrize("party", ["cmo", "mah"])
@cites("(V)", "in case of major quality risks or compliance risks, manufacturing shall be immediately suspended")
def test_a_risk_that_either_party_calls_major_stops_the_next_batch_of_its_product_at_once(
    pair: Pair, clerk: Person, holder: Person, documents: dict[str, Any], party: str
) -> None:
    code = f"R-2-{party}"
    risk = raised(pair, clerk, code)
    before = clerk.post("/v1/batches", batch(documents, f"{code}-0", product=product(code)), dry_run="true")
    by = clerk if party == "cmo" else holder
    by.does(f"/v1/risks/{risk['item']}/classification", MAJOR)
    pair.settle()

    stopped = start(clerk, documents, code)

    assert before.status_code == 200
    assert (stopped.status_code, stopped.json()["code"]) == (409, "suspension.active")
    assert start(clerk, documents, f"not-{code}").status_code == 201


@cites("(V)", "in case of major quality risks or compliance risks, manufacturing shall be immediately suspended")
def test_a_major_risk_is_closed_and_its_product_made_again_only_after_both_signed_that_the_stop_is_lifted(
    pair: Pair, clerk: Person, holder: Person, documents: dict[str, Any]
) -> None:
    risk = raised(pair, clerk, "R-3")
    at = f"/v1/risks/{risk['item']}"
    clerk.does(f"{at}/classification", MAJOR)
    measures = {"measures": [reference(clerk.does(f"{at}/measures", MEASURE))], "signature": SIGNED}
    pair.settle()
    for person in (clerk, holder):
        person.does(f"{at}/measures-signature", measures)
    pair.settle()
    early, stopped = clerk.post(f"{at}/closure", measures), start(clerk, documents, "R-3")
    suspension = clerk.does("/v1/suspensions", {**STOPPED, "risk": reference(risk), "scope": scope_of("R-3")})["item"]
    pair.settle()
    for person in (clerk, holder):
        person.does(f"/v1/suspensions/{suspension}/lifting", {"signature": SIGNED})
        pair.settle()

    closed = clerk.does(f"{at}/closure", measures)

    assert (early.status_code, early.json()["code"]) == (409, "risk.not_lifted")
    assert (stopped.status_code, stopped.json()["code"]) == (409, "suspension.active")
    assert types(closed) == ["risk.closed.v1"]
    assert start(clerk, documents, "R-3").status_code == 201


@cites("(V)", "in case of major quality risks or compliance risks, manufacturing shall be immediately suspended")
def test_a_word_that_is_corrected_to_major_stops_the_next_batch_too(
    pair: Pair, clerk: Person, documents: dict[str, Any]
) -> None:
    risk = raised(pair, clerk, "R-4")
    at = f"/v1/risks/{risk['item']}"
    word = reference(clerk.does(f"{at}/classification", {**MAJOR, "level": "minor"}))

    change = {"field": "level", "before": "minor", "after": "major"}
    clerk.does(f"{at}/corrections", {"entry": word, "changes": [change], "reason": "录入有误"})
    stopped = start(clerk, documents, "R-4")

    assert (stopped.status_code, stopped.json()["code"]) == (409, "suspension.active")


@cites("(V)", "manufacturing shall be immediately suspended")
def test_the_holder_demands_a_stop_the_manufacturer_stops_and_it_lasts_until_both_have_signed(
    pair: Pair, clerk: Person, holder: Person, documents: dict[str, Any]
) -> None:
    demand = holder.does("/v1/suspensions/demands", {"reason": "重大质量风险", "scope": scope_of("S-1")})
    pair.settle()
    at = f"/v1/suspensions/{demand['item']}"
    followed = clerk.does(f"{at}/start", {"demand": reference(demand), "stopped_at": STOPPED["stopped_at"]})
    clerk.does(f"{at}/lifting", {"signature": SIGNED})
    pair.settle()
    by_one = start(clerk, documents, "S-1")
    holder.does(f"{at}/lifting", {"signature": SIGNED})
    pair.settle()

    assert types(followed) == ["suspension_review.started.v1"]
    assert (by_one.status_code, by_one.json()["code"]) == (409, "suspension.active")
    assert start(clerk, documents, "S-1").status_code == 201


@cites("(V)", "manufacturing shall be immediately suspended")
@cites("(XIII)", "shall not conceal the real situation or provide false materials")
def test_a_batch_that_was_started_all_the_same_is_recorded_as_a_violation_and_opens_a_deviation(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    clerk.does("/v1/suspensions", {**STOPPED, "scope": scope_of("S-2")})
    started = batch({}, "S-2-B-1", product=product("S-2"), started_at=STOPPED["stopped_at"])
    del started["signature"]

    told = clerk.does("/v1/batches/started", started)
    worked = {"quantity": {"amount": "1000", "unit": "支"}, "completed_at": "2026-11-22"}
    made = clerk.does(f"/v1/batches/{told['item']}/manufacturing", worked)
    pair.settle()

    assert [(event["type"], event["violates"]) for event in told["events"]] == [
        ("batch.started.v1", True),
        ("deviation.opened.v1", False),
    ]
    assert made["events"][0]["violates"] is True
    assert holder.get(f"/v1/communications/{told['item']}").json()["violates"] is True


@cites("(V)", "effective risk control measures shall be taken jointly with the MAHs")
@cites("(XXII)", "risk control measures such as suspension of manufacturing and sales may be further taken")
def test_a_regulators_suspension_binds_both_parties_until_the_regulators_own_document_ends_it(
    pair: Pair, clerk: Person, holder: Person, documents: dict[str, Any]
) -> None:
    suspension = clerk.does("/v1/suspensions", {**STOPPED, "scope": scope_of("M-1")})["item"]
    ordered = {**ORDER, "measure": "suspend_manufacturing", "scope": scope_of("M-1")}
    measure = holder.does("/v1/regulatory-measures", ordered)["item"]
    pair.settle()
    lifting = clerk.post(f"/v1/suspensions/{suspension}/lifting", {"signature": SIGNED})
    stopped = start(clerk, documents, "M-1")
    ended = {"ended_at": "2026-11-22", "signature": SIGNED}
    same = holder.post(f"/v1/regulatory-measures/{measure}/end", {**ended, "document": ORDER["document"]})
    holder.does(f"/v1/regulatory-measures/{measure}/end", {**ended, "document": "b" * 64})
    pair.settle()
    for person in (clerk, holder):
        person.does(f"/v1/suspensions/{suspension}/lifting", {"signature": SIGNED})
        pair.settle()

    assert lifting.status_code == stopped.status_code == same.status_code == 409
    assert (lifting.json()["code"], same.json()["code"]) == ("regulatory_measure.in_force",) * 2
    assert start(clerk, documents, "M-1").status_code == 201


@cites("(XXII)", "they may take measures such as interviews, warnings, and rectification within a specified time limit")
def test_a_regulators_interview_or_warning_is_on_both_sides_list(pair: Pair, clerk: Person, holder: Person) -> None:
    told = {
        clerk.does("/v1/regulatory-measures", {**ORDER, "measure": measure, "scope": scope_of("M-2")})["item"]
        for measure in ("interview", "warning", "rectification")
    }
    pair.settle()

    listed = [{row["item"] for row in each.get("/v1/communications").json()["data"]} for each in (clerk, holder)]
    assert [told <= items for items in listed] == [True, True]
