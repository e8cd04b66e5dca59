from typing import Any

from domain.communication_list.terms import AGREED_TERMS, DEVIATION_CLOCKS, LEGAL_CATEGORIES
from tests.services.api.stepped import Pair, Person

SIGNATURE = {"meaning": "approved", "reason": "双方一致"}
AGREEMENT = {
    "agreement_kind": "quality",
    "consult_right": True,
    "inspect_right": True,
    "products": [{"name": "注射用头孢曲松钠", "code": "P1"}],
}


def list_rows() -> list[dict[str, Any]]:
    """A complete list: every category with people and a number, deviations with one for each clock, all terms."""
    return [row(category) for category in dict.fromkeys((*LEGAL_CATEGORIES, *(term.category for term in AGREED_TERMS)))]


def row(category: str) -> dict[str, Any]:
    agreed = [term.name for term in AGREED_TERMS if term.category == category and term.name != "notify"]
    limits = [
        {
            "name": name,
            "start": term.start,
            "stop": term.stop,
            "party": "cmo" if term.sender_acts else "mah",
            "value": 24 if name == "notify" else 3,
            "unit": "hours" if name == "notify" else "working_days",
        }
        for name, term in DEVIATION_CLOCKS.items()
        if category == "deviations" or name == "notify"
    ]
    limits += [{**limits[0], "name": name} for name in agreed]
    people = {"senders": ["李娜"], "receivers": ["王伟"], "deputies": ["赵敏"]}
    told = {"responsibilities": "报告与接收", "method": "本网关"}
    return {"category": category, "direction": "cmo_to_mah", **people, **told, "limits": limits}


def in_force(pair: Pair, clerk: Person, holder: Person, path: str, body: dict[str, Any]) -> str:
    """Draft by the manufacturer, sign by both, activate."""
    document: str = clerk.does(path, body)["document"]
    clerk.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})
    pair.settle()
    holder.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})
    pair.beat()
    clerk.does(f"{path}/{document}/activation", {"effective_from": "2026-11-01", "signature": SIGNATURE})
    pair.settle()
    return document


def test_an_agreement_and_a_list_come_in_force_and_a_deviation_gets_its_clocks(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    agreement = in_force(pair, clerk, holder, "/v1/agreements", AGREEMENT)
    clerk.does("/v1/calendars", {"year": 2026})
    listing = in_force(pair, clerk, holder, "/v1/communication-lists", {"rows": list_rows()})
    opening = {"title": "x", "detected_at": "2026-11-22T18:00:00+08:00", "class": "minor"}
    item = clerk.does("/v1/deviations", opening)["item"]
    pair.settle()
    pair.beat()

    shown = holder.get(f"/v1/agreements/{agreement}").json()
    clocks = {row["name"]: row for row in holder.get(f"/v1/communications/{item}/clocks", explain=True).json()["data"]}

    assert (shown["state"], shown["versions"][0]["in_force"]) == ("activated", True)
    assert holder.get(f"/v1/communication-lists/{listing}").json()["state"] == "activated"
    assert clocks["notify"]["state"] == "met"
    assert any(day["counted"] for day in clocks["handle"]["days"])
    assert holder.get(f"/v1/communications/{item}").json()["historical"] is False


def test_a_list_is_activated_only_when_it_is_complete(pair: Pair, clerk: Person, holder: Person) -> None:
    in_force(pair, clerk, holder, "/v1/agreements", AGREEMENT)
    path = "/v1/communication-lists"
    document = clerk.does(path, {"rows": list_rows()[:3]})["document"]
    clerk.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})
    pair.settle()
    holder.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})
    pair.beat()

    answer = clerk.post(f"{path}/{document}/activation", {"effective_from": "2026-11-22", "signature": SIGNATURE})

    assert (answer.status_code, answer.json()["code"]) == (409, "document.incomplete")
    assert "pharmacovigilance" in answer.json()["detail"]
    assert "risks: a number for suspend (V)" in answer.json()["detail"]


def test_a_next_version_is_drafted_and_a_signature_is_of_the_latest(clerk: Person) -> None:
    document = clerk.does("/v1/agreements", AGREEMENT)["document"]
    clerk.does("/v1/agreements", {**AGREEMENT, "document": document})

    clerk.does(f"/v1/agreements/{document}/signatures", {"signature": SIGNATURE})

    shown = clerk.get(f"/v1/agreements/{document}").json()
    assert [version["state"] for version in shown["versions"]] == ["drafted", "signed_by_owner"]


def test_a_list_without_an_agreement_in_force_is_refused(clerk: Person) -> None:
    answer = clerk.post("/v1/communication-lists", {"rows": []})

    assert (answer.status_code, answer.json()["code"]) == (409, "document.wrong_state")


def test_a_document_is_activated_by_the_party_that_drafted_it(pair: Pair, clerk: Person, holder: Person) -> None:
    document = clerk.does("/v1/agreements", AGREEMENT)["document"]
    pair.settle()

    answer = holder.post(
        f"/v1/agreements/{document}/activation", {"effective_from": "2026-11-22", "signature": SIGNATURE}
    )

    assert answer.status_code == 403


def test_documents_as_of_a_moment_before_they_were_drafted_are_not_there(clerk: Person) -> None:
    before = clerk.get("/v1/agreements").headers["As-Of-Seq"]
    document = clerk.does("/v1/agreements", AGREEMENT)["document"]

    assert clerk.get("/v1/agreements", as_of=f"seq:{before}").json()["data"] == []
    assert clerk.get(f"/v1/agreements/{document}", as_of=f"seq:{before}").status_code == 404
    assert len(clerk.get("/v1/agreements").json()["data"]) == 1


def test_a_document_that_is_not_there_is_not_found(clerk: Person) -> None:
    nowhere = "01890a5d-ac96-774b-bcce-b302099a8057"

    answers = [
        clerk.get(f"/v1/agreements/{nowhere}"),
        clerk.post(f"/v1/agreements/{nowhere}/signatures", {"signature": SIGNATURE}),
        clerk.post(
            f"/v1/communication-lists/{nowhere}/activation", {"effective_from": "2026-01-01", "signature": SIGNATURE}
        ),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_calendars_are_published_and_listed(clerk: Person) -> None:
    clerk.does("/v1/calendars", {"year": 2026})
    clerk.does("/v1/calendars", {"calendar": "SITE", "year": 2027, "days_off": ["2027-01-01"], "make_up_workdays": []})
    without_days = clerk.post("/v1/calendars", {"calendar": "SITE", "year": 2028})

    shown = clerk.get("/v1/calendars").json()["data"]
    assert [(row["calendar"], row["year"], row["version"]) for row in shown] == [("CN", 2026, 1), ("SITE", 2027, 1)]
    assert "2026-02-14" in shown[0]["make_up_workdays"]
    assert (without_days.status_code, without_days.json()["errors"][0]["field"]) == (422, "days_off")
