"""The registers as they are read: what holds on a day, with its evidence, and what is to be reviewed for them."""

from tests.services.api.registers.test_registers import (
    AGREED,
    LINE,
    MORE,
    OBLIGATION,
    PROFILE,
    SCOPE,
    SIGNATURE,
    VERSION,
    ref,
)
from tests.services.api.stepped import Pair, Person
from tests.services.api.test_documents import in_force


def test_versions_are_found_by_product_site_and_day(pair: Pair, clerk: Person, holder: Person) -> None:
    item = holder.does("/v1/process-versions", {**VERSION, **MORE["process-versions"]})["item"]
    holder.does(f"/v1/process-versions/{item}/withdrawal", {"reason": "新版生效", "until": "2027-01-31"})
    pair.settle()

    def found(**query: str) -> int:
        return len(clerk.get("/v1/process-versions", **query).json()["data"])

    assert clerk.get("/v1/process-versions").json()["data"][0]["last_day"] == "2027-01-31"
    assert [found(on=day) for day in ("2026-11-30", "2026-12-01", "2027-01-31", "2027-02-01")] == [0, 1, 1, 0]
    assert [found(product="CRO-1G", site="二车间"), found(product="X"), found(site="X")] == [1, 0, 0]
    assert clerk.get("/v1/standard-versions").json()["data"] == []
    assert clerk.get("/v1/process-versions", on="tomorrow").status_code == 422


def test_obligations_are_shown_with_their_evidence(pair: Pair, clerk: Person, holder: Person) -> None:
    draft = ref(clerk.does("/v1/agreements", AGREED))
    told = clerk.does("/v1/obligations", {**OBLIGATION, "agreement": draft})
    clerk.does("/v1/obligations", {**OBLIGATION, "agreement": draft})
    done = {"text": "全部按时通知", "fulfilled_at": "2026-11-22", "evidence": [draft]}
    clerk.does(f"/v1/obligations/{told['item']}/fulfilments", done)
    pair.settle()

    (row,) = holder.get("/v1/obligations", state="fulfilled").json()["data"]
    before = holder.get("/v1/obligations", limit=1).json()
    after = holder.get("/v1/obligations", limit=1, cursor=before["next_cursor"]).json()

    assert (row["clause"], row["obliged"], row["agreement"]) == ("7.1", "cmo", draft)
    assert [(each["text"], each["evidence"]) for each in row["fulfilments"]] == [("全部按时通知", [draft])]
    assert before["data"][0]["item"] != after["data"][0]["item"]
    assert after["has_more"] is False


def test_people_are_shown_on_a_day(pair: Pair, clerk: Person, holder: Person) -> None:
    liaison = {
        "person": "li.na",
        "name": "李娜",
        "deputy": "zhao.min",
        "deputy_name": "赵敏",
        "responsibilities": "衔接",
    }
    clerk.does("/v1/liaisons", {**liaison, "from": "2026-11-01"})
    person = {"person": "wang.wei", "name": "王伟", "post": "qualified_person", "qualification": "执业药师"}
    clerk.does("/v1/key-persons", {**person, "from": "2026-01-01", "to": "2026-12-31"})
    pair.settle()

    held = holder.get("/v1/key-persons", on="2026-12-31", post="qualified_person").json()["data"]
    assert [(row["party"], row["person"], row["qualification"]) for row in held] == [("cmo", "wang.wei", "执业药师")]
    assert holder.get("/v1/key-persons", on="2027-01-01").json()["data"] == []
    assert [row["in_office"] for row in holder.get("/v1/liaisons").json()["data"]] == [True]
    assert [row["in_office"] for row in holder.get("/v1/liaisons", on="2026-10-31").json()["data"]] == [False]


def test_an_agreement_is_to_be_reviewed_once_the_capability_changed(pair: Pair, clerk: Person, holder: Person) -> None:
    profile = clerk.does("/v1/capability-profiles", PROFILE)
    document = in_force(pair, clerk, holder, "/v1/agreements", AGREED)
    change = {"change": "changed", "element": {**LINE, "description": "更换分装机"}}
    told = {"title": "更换分装机", "changes": [change], "reason": "设备老化", "effective_from": "2026-12-15"}
    before = holder.get(f"/v1/agreements/{document}").json()
    changed = clerk.does("/v1/capability-profiles/changes", {**told, "profile": ref(profile)})
    pair.settle()

    rows = [each.get(f"/v1/agreements/{document}").json() for each in (clerk, holder)]
    assert before["review_required"] is False
    assert [row["review_required"] for row in rows] == [True, True]
    assert rows[0]["review_reasons"] == rows[1]["review_reasons"]
    assert rows[0]["review_reasons"][0]["entry"] == ref(changed)
    (shown,) = holder.get("/v1/capability-profiles").json()["data"]
    assert [element["description"] for element in shown["elements"]] == ["更换分装机"]


def test_an_agreement_is_to_be_reviewed_once_an_approved_change_was_implemented(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    document = in_force(pair, clerk, holder, "/v1/agreements", {**AGREED, "products": SCOPE["products"]})
    proposal = clerk.does("/v1/changes", {"title": "t", "description": "由甲换为乙", "scope": SCOPE})
    at = f"/v1/changes/{proposal['item']}"
    opinion = {"category": "approval", "major": True, "rationale": "依据指导原则"}
    own = clerk.does(f"{at}/category-opinion", opinion)
    pair.settle()
    partners = holder.does(f"{at}/category-opinion", opinion)
    approval = holder.does(f"{at}/approval", {"proposal": ref(proposal), "signature": SIGNATURE})
    certificate = {"step": "approval_certificate", "number": "2026B01234", "date": "2026-11-21", "document": "c" * 64}
    step = holder.does(f"{at}/regulatory-steps", certificate)
    pair.settle()
    opinions = {"opinions": [ref(own), ref(partners)], "basis": "一致", "signature": SIGNATURE}
    category = clerk.does(f"{at}/classification", {**opinions, "category": "approval"})
    rests_on = {"approval": ref(approval), "category": ref(category), "regulatory_step": ref(step)}
    done = clerk.does(f"{at}/implementation", {**rests_on, "effective_from": "2026-12-01", "signature": SIGNATURE})
    pair.settle()

    rows = [each.get(f"/v1/agreements/{document}").json()["review_reasons"] for each in (clerk, holder)]
    assert rows[0] == rows[1]
    assert [(row["type"], row["entry"]) for row in rows[0]] == [("change.implemented.v1", ref(done))]
