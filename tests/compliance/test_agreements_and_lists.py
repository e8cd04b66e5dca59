"""What agreements and the list of communication items must hold before they bind: (VI), (VII), (XV), and terms."""

from typing import Any

import pytest

from domain.communication_list.terms import AGREED_TERMS, LEGAL_CATEGORIES
from tests.compliance.citing import cites
from tests.compliance.contract import QUALITY_AGREEMENT, Agreed, reference, signed_by_both
from tests.compliance.test_people_and_capability import KEY_PERSON
from tests.services.api.registers.test_registers import LINE, OBLIGATION, PROFILE
from tests.services.api.stepped import Pair, Person
from tests.services.api.test_documents import SIGNATURE, list_rows

IN_FORCE = {"effective_from": "2026-11-01", "signature": SIGNATURE}
LISTS = "/v1/communication-lists"


def refused_list(pair: Pair, clerk: Person, holder: Person, rows: list[dict[str, Any]]) -> str:
    """What is said against a list of these rows that both have signed."""
    at = signed_by_both(pair, clerk, holder, LISTS, {"rows": rows})
    answer = clerk.post(f"{at}/activation", IN_FORCE)
    assert (answer.status_code, answer.json()["code"]) == (409, "document.incomplete")
    return str(answer.json()["detail"])


@pytest.mark.parametrize("right", ["consult_right", "inspect_right"])
@cites(
    "(VI)",
    "the quality agreement shall specify that MAHs have the right to consult the management systems, operating "
    "procedures, documents and records ... and to inspect the sites",
)
def test_a_quality_agreement_without_the_holders_right_to_consult_or_to_inspect_comes_not_in_force(
    pair: Pair, clerk: Person, holder: Person, right: str
) -> None:
    at = signed_by_both(pair, clerk, holder, "/v1/agreements", {**QUALITY_AGREEMENT, right: False})

    answer = clerk.post(f"{at}/activation", IN_FORCE)

    assert (answer.status_code, answer.json()["code"]) == (409, "document.incomplete")
    assert "(VI)" in answer.json()["detail"]


@cites("(VII)", "Contract manufacturers and MAHs shall ... formulate a list of communication items")
def test_a_list_that_only_one_party_has_signed_comes_not_in_force(clerk: Person, agreed: Agreed) -> None:
    at = f"{LISTS}/{clerk.does(LISTS, {'rows': list_rows()})['document']}"
    clerk.does(f"{at}/signatures", {"signature": SIGNATURE})

    answer = clerk.post(f"{at}/activation", IN_FORCE)

    assert (answer.status_code, answer.json()["code"]) == (409, "document.incomplete")
    assert "the holder's undisputed signature" in answer.json()["detail"]
    assert clerk.get(f"{LISTS}/{agreed.communication_list}").json()["state"] == "activated"


@pytest.mark.usefixtures("agreed")
@cites(
    "(VII)",
    "at least including deviations, changes, out-of-specification/out-of-trend results, qualification and validation, "
    "retention samples and stability studies, pharmacovigilance, inspection status by drug regulatory authorities, "
    "adverse credit records",
)
def test_a_list_names_every_one_of_the_eight_categories(pair: Pair, clerk: Person, holder: Person) -> None:
    others = [row for row in list_rows() if row["category"] not in LEGAL_CATEGORIES]

    missing = refused_list(pair, clerk, holder, others)

    assert [category for category in LEGAL_CATEGORIES if f"the category {category}" not in missing] == []


@pytest.mark.usefixtures("agreed")
@cites(
    "(VII)",
    "clarify the communication personnel and responsibilities, communication methods and relevant timeframes to ensure "
    "smooth, timely, and effective communication",
)
def test_a_list_says_for_each_category_who_is_responsible_how_it_is_told_and_by_when(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    rows = list_rows()
    changes = next(row for row in rows if row["category"] == "changes")
    changes |= {"senders": [], "receivers": [], "responsibilities": "", "method": "", "limits": []}

    missing = refused_list(pair, clerk, holder, rows)

    lacking = ("senders", "receivers", "responsibilities", "method")
    assert [word for word in lacking if f"(changes): {word}" not in missing] == []
    assert "changes (cmo_to_mah): a number for notify" in missing


@pytest.mark.usefixtures("agreed")
@cites("(IV)", "they shall immediately communicate and take measures to control the risks")
@cites("(V)", "manufacturing shall be immediately suspended")
@cites("(VI)", "the right to consult the management systems")
@cites("(VII)", "relevant timeframes")
@cites("(VIII)", "promptly notify the MAHs of all co-line production products")
@cites("(IX)", "without the approval of MAHs", "they shall promptly take corresponding measures")
@cites("(XIII)", "shall promptly rectify the issues", "MAHs shall promptly prepare an on-site audit report")
def test_every_promptly_and_immediately_of_the_announcement_has_a_number_in_the_list(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    rows = list_rows()
    for row in rows:
        row["limits"] = [limit for limit in row["limits"] if limit["name"] == "notify"]

    missing = refused_list(pair, clerk, holder, [row for row in rows if row["category"] in LEGAL_CATEGORIES])

    named = [f"{term.category}: a number for {term.name} {term.clause}" for term in AGREED_TERMS]
    assert [term for term in named if term not in missing] == []
    assert {term.clause for term in AGREED_TERMS} == {"(IV)", "(V)", "(VI)", "(VIII)", "(IX)", "(XIII)"}


@cites("(XV)", "update the contract manufacturing agreement and quality agreement in a timely manner")
def test_an_agreement_is_to_be_reviewed_once_what_it_rests_on_has_changed(
    pair: Pair, clerk: Person, holder: Person, agreed: Agreed
) -> None:
    at = f"/v1/agreements/{agreed.agreement}"
    profile = clerk.does("/v1/capability-profiles", PROFILE)
    before = holder.get(at).json()["review_reasons"]
    told = {
        "title": "更换分装机",
        "changes": [{"change": "changed", "element": {**LINE, "description": "更换分装机"}}],
        "reason": "设备老化",
        "effective_from": "2026-12-15",
    }
    changed = clerk.does("/v1/capability-profiles/changes", {**told, "profile": reference(profile)})
    pair.settle()

    shown = [person.get(at).json() for person in (clerk, holder)]
    assert reference(changed) not in [reason["entry"] for reason in before]
    assert [row["review_required"] for row in shown] == [True, True]
    assert [reference(changed) in [reason["entry"] for reason in row["review_reasons"]] for row in shown] == [
        True,
        True,
    ]


@cites("(XV)", "update the contract manufacturing agreement and quality agreement in a timely manner")
def test_an_agreement_is_to_be_reviewed_once_other_people_answer_for_it(
    pair: Pair, clerk: Person, holder: Person, agreed: Agreed
) -> None:
    at = f"/v1/agreements/{agreed.agreement}"
    registered = holder.does("/v1/key-persons", {**KEY_PERSON, "post": "head_of_quality"})
    pair.settle()

    for person in (clerk, holder):
        reasons = [reason["entry"] for reason in person.get(at).json()["review_reasons"]]
        assert reference(registered) in reasons


@cites("(XV)", "update the contract manufacturing agreement", "strictly perform the obligations and responsibilities")
def test_what_binds_is_the_latest_version_and_each_party_signs_it_anew(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    at = signed_by_both(pair, clerk, holder, "/v1/agreements", QUALITY_AGREEMENT)
    clerk.does("/v1/agreements", {**QUALITY_AGREEMENT, "document": at.rpartition("/")[2]})

    answer = clerk.post(f"{at}/activation", IN_FORCE)

    assert (answer.status_code, answer.json()["code"]) == (409, "document.incomplete")
    assert answer.json()["detail"].count("undisputed signature under version 2") == 2
    assert [version["state"] for version in clerk.get(at).json()["versions"]][-1] == "drafted"


@cites(
    "(I)", "earnestly fulfill the obligations and responsibilities agreed upon in the contract manufacturing agreement"
)
@cites("(XV)", "strictly perform the obligations and responsibilities agreed in the agreements")
def test_how_an_agreed_obligation_is_fulfilled_is_shown_to_both_with_its_evidence(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    draft = reference(clerk.does("/v1/agreements", QUALITY_AGREEMENT))
    owed = clerk.does("/v1/obligations", {**OBLIGATION, "agreement": draft})
    done = {"text": "全部按时通知", "fulfilled_at": "2026-11-22", "evidence": [draft]}
    without = clerk.post(f"/v1/obligations/{owed['item']}/fulfilments", {**done, "evidence": []})
    clerk.does(f"/v1/obligations/{owed['item']}/fulfilments", done)
    pair.settle()

    rows = [person.get("/v1/obligations", state="fulfilled").json()["data"] for person in (clerk, holder)]
    assert without.status_code == 422
    assert [[each["evidence"] for each in row[0]["fulfilments"]] for row in rows] == [[[draft]]] * 2


@cites("(XV)", "update the contract manufacturing agreement and quality agreement in a timely manner")
def test_an_obligation_of_an_older_agreement_gives_way_to_that_of_the_newer(clerk: Person) -> None:
    draft = reference(clerk.does("/v1/agreements", QUALITY_AGREEMENT))
    old, new = (clerk.does("/v1/obligations", {**OBLIGATION, "agreement": draft}) for _ in range(2))

    clerk.does(f"/v1/obligations/{old['item']}/supersession", {"successor": reference(new), "reason": "第 2 版"})

    assert clerk.get(f"/v1/communications/{old['item']}").json()["state"] == "superseded"
