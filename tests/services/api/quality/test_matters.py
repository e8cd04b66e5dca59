"""The matters of the quality core through the interface: opened, taken step by step, refused too early on each side."""

import json
from typing import Any

import pytest

from tests.services.api.stepped import Desk, Pair, Person

SIGNATURE = {"meaning": "approved", "reason": "核对无误"}
SCOPE = {"products": [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}]}
RISK = {"title": "灭菌柜温度分布不均", "identified_at": "2026-11-22T08:30:00+08:00", "scope": SCOPE}
CHANGE = {"title": "更换胶塞供应商", "description": "由甲换为乙", "scope": SCOPE}
OPINION = {"major": False, "rationale": "依据指导原则"}
RESULT = {
    "title": "含量",
    "result_kind": "oos",
    "test": "含量测定 HPLC",
    "result": "94.80",
    "limits": "95.0–105.0",
    "suspected_at": "2026-11-22",
}


def ref(told: dict[str, Any], index: int = -1) -> dict[str, Any]:
    """The reference to an entry that a command led to."""
    event = told["events"][index]
    return {name: event[name] for name in ("journal", "position", "leaf")}


def test_a_risk_is_raised_classified_by_both_and_closed_on_measures_that_both_signed(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    raised = clerk.does("/v1/risks", RISK)
    assert raised["events"][0]["type"] == "risk.raised.v1"
    item = raised["item"]
    pair.settle()
    holder.does(f"/v1/risks/{item}/classification", {"level": "major", "risk_kind": "quality", "rationale": "无菌"})
    pair.settle()
    clerk.does(f"/v1/risks/{item}/classification", {"level": "minor", "risk_kind": "quality", "rationale": "轻微"})
    measure = clerk.does(f"/v1/risks/{item}/measures", {"measure": "停用", "taken_at": "2026-11-22"})
    named = {"measures": [ref(measure)], "signature": SIGNATURE}
    clerk.does(f"/v1/risks/{item}/measures-signature", named)

    early = clerk.post(f"/v1/risks/{item}/closure", named)
    pair.settle()
    holder.does(f"/v1/risks/{item}/measures-signature", named)
    pair.settle()
    major = clerk.post(f"/v1/risks/{item}/closure", named)
    stopped = {"risk": ref(raised), "reason": "重大质量风险", "stopped_at": "2026-11-22", "scope": SCOPE}
    suspension = clerk.does("/v1/suspensions", stopped)["item"]
    for person in (clerk, holder):
        pair.settle()
        person.does(f"/v1/suspensions/{suspension}/lifting", {"signature": SIGNATURE})
    pair.settle()
    closed = clerk.does(f"/v1/risks/{item}/closure", named)

    assert (major.status_code, major.json()["code"]) == (409, "risk.not_lifted")
    assert (early.status_code, early.json()["code"]) == (409, "risk.measures_not_signed")
    assert closed["events"][0]["violates"] is False


def test_a_suspension_is_demanded_followed_and_lifted_by_both(pair: Pair, clerk: Person, holder: Person) -> None:
    demand = holder.does("/v1/suspensions/demands", {"reason": "重大质量风险", "scope": SCOPE})
    pair.settle()
    item = demand["item"]
    followed = {"demand": ref(demand), "stopped_at": "2026-11-22T09:00:00+08:00"}
    started = clerk.does(f"/v1/suspensions/{item}/start", followed)
    clerk.does(f"/v1/suspensions/{item}/lifting", {"signature": SIGNATURE})
    pair.settle()
    lifted = holder.does(f"/v1/suspensions/{item}/lifting", {"signature": SIGNATURE})
    again = holder.post(f"/v1/suspensions/{item}/lifting", {"signature": SIGNATURE})

    assert started["events"][0]["type"] == "suspension_review.started.v1"
    assert lifted["events"][0]["type"] == "suspension.lift_signed.v1"
    assert (again.status_code, again.json()["code"]) == (409, "suspension.wrong_state")


def test_only_the_manufacturer_stops_and_only_the_holder_demands(clerk: Person, holder: Person) -> None:
    stopped = {"reason": "r", "stopped_at": "2026-11-22", "scope": SCOPE}
    assert holder.post("/v1/suspensions", stopped).json()["code"] == "entry.wrong_author"
    assert clerk.post("/v1/suspensions/demands", {"reason": "r", "scope": SCOPE}).json()["code"] == "entry.wrong_author"


def test_a_disputed_change_becomes_an_approval_matter_and_waits_for_certificate_and_approval(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    proposal = clerk.does("/v1/changes", CHANGE)
    item = proposal["item"]
    own = clerk.does(f"/v1/changes/{item}/category-opinion", {**OPINION, "category": "reporting"})
    pair.settle()
    partners = holder.does(f"/v1/changes/{item}/category-opinion", {**OPINION, "category": "approval"})
    pair.settle()
    opinions = {"opinions": [ref(own), ref(partners)], "basis": "意见不一致，从高", "signature": SIGNATURE}

    lower = clerk.post(f"/v1/changes/{item}/classification", {**opinions, "category": "reporting"})
    category = clerk.does(f"/v1/changes/{item}/classification", {**opinions, "category": "approval"})
    pair.settle()
    approval = holder.does(f"/v1/changes/{item}/approval", {"proposal": ref(proposal), "signature": SIGNATURE})
    pair.settle()
    rests_on = {"approval": ref(approval), "category": ref(category), "effective_from": "2026-12-01"}
    early = clerk.post(f"/v1/changes/{item}/implementation", {**rests_on, "signature": SIGNATURE})
    certificate = {"step": "approval_certificate", "number": "2026B01234", "date": "2026-11-21", "document": "c" * 64}
    step = holder.does(f"/v1/changes/{item}/regulatory-steps", certificate)
    pair.settle()
    whole = {**rests_on, "regulatory_step": ref(step), "signature": SIGNATURE}
    implemented = clerk.does(f"/v1/changes/{item}/implementation", whole)
    pair.settle()

    assert (lower.status_code, lower.json()["code"]) == (409, "change.wrong_category")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/change-not-approved")
    assert "approval_certificate" in early.json()["detail"]
    assert implemented["events"][0]["type"] == "change.implemented.v1"


def test_a_change_that_was_found_implemented_is_recorded_and_marked(clerk: Person) -> None:
    found = {"title": "t", "description": "现场已使用新胶塞", "implemented_at": "2026-11-20"}
    assert clerk.does("/v1/changes/found", found)["events"][0]["violates"] is True


def test_a_result_is_invalidated_with_cause(clerk: Person, colleague: Person) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    phase = {"phase": "laboratory", "conclusion": "实验室原因"}
    without = colleague.does(f"/v1/oos-results/{item}/phases", phase)
    signed = {"cause": "称量错误", "signature": SIGNATURE}

    early = clerk.post(f"/v1/oos-results/{item}/invalidation", {**signed, "phase": ref(without)})
    found = colleague.does(f"/v1/oos-results/{item}/phases", {**phase, "cause": "称量错误"})
    clerk.does(f"/v1/oos-results/{item}/invalidation", {**signed, "phase": ref(found)})

    assert (early.status_code, early.json()["code"]) == (409, "oos.no_cause_found")


def test_actions_are_planned_done_checked_and_closed(clerk: Person, colleague: Person) -> None:
    planned = {"text": "更换", "owner": "设备部", "due": "2026-12-01"}
    item = clerk.does("/v1/capas", {"title": "t", "opened_at": "2026-11-22", "actions": [planned]})["item"]
    done = {"action": 1, "result": "完成", "completed_at": "2026-11-22"}
    clerk.does(f"/v1/capas/{item}/completed-actions", done)
    check = colleague.does(f"/v1/capas/{item}/effectiveness-checks", {"effective": True, "conclusion": "有效"})
    closing = {"effectiveness": ref(check), "residual_risk_accepted_by": "li.na", "signature": SIGNATURE}

    assert clerk.does(f"/v1/capas/{item}/closure", closing)["events"][0]["type"] == "capa.closed.v1"


def test_a_regulators_measure_is_ended_by_another_document(clerk: Person) -> None:
    ordered = {
        "authority": "某省药品监督管理局",
        "measure": "suspend_manufacturing",
        "decision_number": "2026-18",
        "document": "a" * 64,
        "received_at": "2026-11-22",
        "scope": SCOPE,
    }
    item = clerk.does("/v1/regulatory-measures", ordered)["item"]
    ended = {"ended_at": "2026-11-22", "signature": SIGNATURE}

    same = clerk.post(f"/v1/regulatory-measures/{item}/end", {**ended, "document": "a" * 64})
    clerk.does(f"/v1/regulatory-measures/{item}/end", {**ended, "document": "b" * 64})

    assert (same.status_code, same.json()["code"]) == (409, "regulatory_measure.in_force")


def test_the_partner_asks_and_the_owner_answers(pair: Pair, clerk: Person, holder: Person) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    pair.settle()
    question = holder.does(f"/v1/oos-results/{item}/questions", {"text": "仪器状态？"})
    pair.settle()
    answered = clerk.does(f"/v1/oos-results/{item}/answers", {"question": ref(question), "text": "正常"})

    assert answered["events"][0]["type"] == "oos.answered.v1"


def test_matters_are_numbered_by_party_year_and_kind(clerk: Person, holder: Person) -> None:
    told = [(person, person.does("/v1/risks", RISK)) for person in (clerk, clerk, holder)]
    entries = [person.get(f"/v1/events/{each['events'][0]['id']}").text for person, each in told]
    numbers = [json.loads(entry.partition("\t")[2])["number"] for entry in entries]

    assert numbers == ["RSK-2026-0001", "RSK-2026-0002", "RSK-2026-0001"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**RISK, "identified_at": "30 November"}, "identified_at"),
        ({**RISK, "severity": "high"}, "severity"),
        ({"title": "t"}, "identified_at"),
        ({**RISK, "scope": {"products": [{"code": "P"}]}}, "scope.products.0.name"),
    ],
)
def test_what_is_wrong_in_a_request_is_named(clerk: Person, body: dict[str, Any], field: str) -> None:
    answer = clerk.post("/v1/risks", body)

    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_a_matter_that_is_not_there_and_a_step_of_the_other_party_are_told_so(clerk: Person) -> None:
    nowhere = clerk.post("/v1/oos-results/0193572e-0000-7000-8000-0000000000aa/retests", {"plan": "p"})
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    mine = clerk.post(f"/v1/oos-results/{item}/questions", {"text": "?"})

    assert nowhere.status_code == 404
    assert (mine.status_code, mine.json()["type"]) == (403, "/problems/not-permitted")


def test_a_clerk_without_the_right_signs_nothing(cmo: Desk, clerk: Person) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    phase = {"phase": "laboratory", "conclusion": "c", "cause": "称量错误"}
    found = clerk.does(f"/v1/oos-results/{item}/phases", phase)
    staff = cmo.as_("qa_staff", "person/zhao.min")

    answer = staff.post(
        f"/v1/oos-results/{item}/invalidation", {"cause": "c", "phase": ref(found), "signature": SIGNATURE}
    )

    assert answer.status_code == 403


LOCAL = ("sequence", "delivery")


def listed(person: Person, **query: Any) -> list[dict[str, Any]]:
    rows = person.get("/v1/communications", **query).json()["data"]
    shared = [{name: value for name, value in row.items() if name not in LOCAL} for row in rows]
    return sorted(shared, key=lambda row: str(row["item"]))


def test_both_sides_list_the_same_items_of_every_matter(pair: Pair, clerk: Person, holder: Person) -> None:
    clerk.does("/v1/risks", RISK)
    clerk.does("/v1/changes", CHANGE)
    holder.does("/v1/oos-results", RESULT)
    holder.does("/v1/suspensions/demands", {"reason": "重大质量风险", "scope": SCOPE})
    pair.settle()

    rows = listed(clerk)
    assert rows == listed(holder)
    assert {row["category"]: (row["state"], row["owner"]) for row in rows} == {
        "risks": ("raised", "cmo"),
        "changes": ("proposed", "cmo"),
        "oos_oot": ("suspected", "mah"),
        "suspensions": ("demanded", "mah"),
    }
    assert [row["title"] for row in listed(clerk, category="suspensions")] == ["重大质量风险"]


def test_a_matters_timeline_tells_who_did_what_in_the_one_order(
    pair: Pair, clerk: Person, colleague: Person, holder: Person
) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    pair.settle()
    holder.does(f"/v1/oos-results/{item}/questions", {"text": "仪器状态？"})
    pair.settle()
    found = colleague.does(
        f"/v1/oos-results/{item}/phases", {"phase": "laboratory", "conclusion": "c", "cause": "称量错误"}
    )
    clerk.does(f"/v1/oos-results/{item}/invalidation", {"cause": "c", "phase": ref(found), "signature": SIGNATURE})
    pair.settle()

    timelines = [person.get(f"/v1/communications/{item}/timeline").json()["data"] for person in (clerk, holder)]
    told = [[(row["type"], row["text"]) for row in rows] for rows in timelines]
    row = holder.get(f"/v1/communications/{item}").json()

    assert (
        told[0]
        == told[1]
        == [
            ("oos.suspected.v1", "含量"),
            ("oos_review.asked.v1", "仪器状态？"),
            ("oos.phase_completed.v1", "c"),
            ("oos.invalidated.v1", "核对无误"),
        ]
    )
    assert (row["state"], row["class"], row["open_questions"]) == ("invalidated", "oos", 1)
    assert row["closed"]["by"] == "person/li.na"
    assert len(holder.get(f"/v1/communications/{item}/events").json()["data"]) == 4


def test_what_was_known_at_an_earlier_moment_is_shown_as_it_was(clerk: Person) -> None:
    told = clerk.does("/v1/changes", CHANGE)
    clerk.does(f"/v1/changes/{told['item']}/withdrawal", {"reason": "不再需要"})

    now = clerk.get(f"/v1/communications/{told['item']}").json()
    before = clerk.get(f"/v1/communications/{told['item']}", as_of=f"seq:{told['sequence']}").json()
    assert (before["state"], now["state"]) == ("proposed", "withdrawn")
