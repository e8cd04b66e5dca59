"""The registers of a relationship through the interface: what is approved, owed and provided, and by whom."""

from typing import Any

import pytest

from tests.services.api.stepped import Pair, Person
from tests.services.api.test_documents import AGREEMENT

SIGNATURE = {"meaning": "approved", "reason": "核对无误"}
SCOPE = {"products": [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}]}
VERSION = {
    "title": "注射用头孢曲松钠",
    "version": "3.0",
    "document": "a" * 64,
    "effective_from": "2026-12-01",
    "scope": {**SCOPE, "sites": ["二车间"]},
    "signature": SIGNATURE,
}
PRESCRIPTION = {"number": "RX-1", "version": "2.1", "document": "c" * 64}


MORE: dict[str, dict[str, Any]] = {
    "process-versions": {"state": "commercial", "prescription": PRESCRIPTION},
    "standard-versions": {"pharmacopoeia": "中国药典 2025 年版"},
}


@pytest.mark.parametrize(
    ("plural", "number"), [("process-versions", "PRV-2026-0001"), ("standard-versions", "STV-2026-0001")]
)
def test_the_holder_approves_a_version_and_withdraws_it(
    pair: Pair, clerk: Person, holder: Person, plural: str, number: str
) -> None:
    stated = {**VERSION, **MORE[plural]}
    item = holder.does(f"/v1/{plural}", stated)["item"]
    pair.settle()
    approved = clerk.get(f"/v1/communications/{item}").json()
    early = clerk.post(f"/v1/{plural}", stated)
    holder.does(f"/v1/{plural}/{item}/withdrawal", {"reason": "新版生效", "until": "2027-01-31"})
    pair.settle()
    withdrawn = clerk.get(f"/v1/communications/{item}").json()

    assert (approved["number"], approved["category"], approved["state"]) == (
        number,
        plural.replace("-", "_"),
        "approved",
    )
    assert (approved["product"]["code"], approved["site"]) == ("CRO-1G", "二车间")
    assert (early.status_code, early.json()["code"]) == (403, "entry.wrong_author")
    assert (withdrawn["state"], withdrawn["closed"]["by"]) == ("withdrawn", "person/wang.wei")


AGREED = {**AGREEMENT, "terms": [{"clause": "7.1", "text": "偏差 24 小时内通知持有人"}]}
OBLIGATION = {"title": "偏差及时通知", "clause": "7.1", "term": "偏差 24 小时内通知持有人", "obliged": "cmo"}
LINE = {"kind": "line", "name": "粉针2线", "description": "无菌粉针分装线"}
PROFILE = {"title": "受托生产能力档案", "elements": [LINE], "valid_until": "2027-12-31"}


def ref(told: dict[str, Any]) -> dict[str, Any]:
    """The reference to the entry that a command led to."""
    return {name: told["events"][-1][name] for name in ("journal", "position", "leaf")}


def test_an_obligation_is_registered_fulfilled_with_evidence_and_superseded(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    draft = ref(clerk.does("/v1/agreements", AGREED))
    first = clerk.does("/v1/obligations", {**OBLIGATION, "agreement": draft})
    done = {"text": "全部按时通知", "fulfilled_at": "2026-11-22", "evidence": [draft]}
    without = clerk.post(f"/v1/obligations/{first['item']}/fulfilments", {**done, "evidence": []})
    clerk.does(f"/v1/obligations/{first['item']}/fulfilments", done)
    second = clerk.does("/v1/obligations", {**OBLIGATION, "agreement": draft})
    clerk.does(f"/v1/obligations/{first['item']}/supersession", {"successor": ref(second), "reason": "第 2 版"})
    pair.settle()

    rows = holder.get("/v1/communications", category="obligations", sort="number").json()["data"]
    assert (without.status_code, without.json()["type"]) == (422, "/problems/validation")
    assert [(row["number"], row["state"], row["class"]) for row in rows] == [
        ("OBL-2026-0001", "superseded", "cmo"),
        ("OBL-2026-0002", "registered", "cmo"),
    ]


def test_a_change_of_the_capability_is_an_item_that_the_holder_takes_note_of(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    profile = clerk.does("/v1/capability-profiles", PROFILE)
    change = {"change": "changed", "element": {**LINE, "description": "更换分装机"}}
    told = {"title": "更换分装机", "changes": [change], "reason": "设备老化", "effective_from": "2026-12-15"}
    changed = clerk.does("/v1/capability-profiles/changes", {**told, "profile": ref(profile)})
    pair.settle()
    holder.does(f"/v1/capability-profiles/{changed['item']}/acknowledgement", {"entry": ref(changed)})
    pair.settle()

    rows = clerk.get("/v1/communications", category="capability_profiles", sort="number").json()["data"]
    assert [(row["state"], row["acknowledged"] is not None) for row in rows] == [
        ("published", False),
        ("changed", True),
    ]
    assert holder.post("/v1/capability-profiles", PROFILE).json()["code"] == "entry.wrong_author"


def test_the_manufacturer_designates_a_liaison_and_both_register_their_key_persons(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    liaison = {
        "person": "li.na",
        "name": "李娜",
        "deputy": "zhao.min",
        "deputy_name": "赵敏",
        "responsibilities": "衔接",
    }
    person = {"person": "wang.wei", "name": "王伟", "post": "qualified_person", "qualification": "执业药师"}
    designated = clerk.does("/v1/liaisons", {**liaison, "from": "2026-11-22"})
    key = clerk.does("/v1/key-persons", {**person, "from": "2026-01-01"})["item"]
    deputy = {"deputy": "chen.gang", "deputy_name": "陈刚", "qualification": "执业药师", "reason": "休假"}
    clerk.does(f"/v1/key-persons/{key}/delegations", {**deputy, "from": "2026-12-01", "to": "2026-12-14"})
    clerk.does(f"/v1/key-persons/{key}/withdrawal", {"reason": "离任", "from": "2027-03-01"})
    pair.settle()
    holder.does("/v1/key-persons", {**person, "from": "2026-01-01", "to": None})

    assert designated["events"][0]["type"] == "liaison.designated.v1"
    assert holder.post("/v1/liaisons", {**liaison, "from": "2026-11-22"}).json()["code"] == "entry.wrong_author"
    assert clerk.get("/v1/communications").json()["data"] == []
