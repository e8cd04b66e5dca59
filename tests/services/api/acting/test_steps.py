"""What a caller may do with an item now: told with the item, and with every refusal of a wrong state."""

from typing import Any

from tests.services.api.acting.asked import CHANGE, DEVIATION, INVESTIGATION, OPINION, PHASE, RESULT, SIGNATURE, ref
from tests.services.api.stepped import Desk, Pair, Person
from tests.services.api.test_documents import AGREEMENT


def steps(person: Person, item: str) -> dict[str, dict[str, Any]]:
    """The steps of an item by noun."""
    return {each["noun"]: each for each in person.get(f"/v1/communications/{item}").json()["steps"]}


def open_steps(person: Person, item: str) -> set[str]:
    return {noun for noun, each in steps(person, item).items() if each["allowed"] and not each["violates"]}


def test_an_item_tells_each_side_its_own_steps(pair: Pair, clerk: Person, holder: Person) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    pair.settle()

    assert open_steps(clerk, item) == {"phases", "retests", "confirmation", "corrections", "links"}
    assert open_steps(holder, item) == {"acknowledgement", "questions"}
    shut = steps(clerk, item)["invalidation"]
    assert shut["address"] == f"/v1/oos-results/{item}/invalidation"
    assert (shut["allowed"], shut["code"]) == (False, "evidence.nothing_yet")
    assert "oos.phase_completed.v1" in shut["why"]


def test_what_is_told_to_be_open_is_taken_and_what_is_told_to_be_shut_is_refused(
    clerk: Person, colleague: Person
) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    phase = colleague.does(f"/v1/oos-results/{item}/phases", PHASE)
    signed = {"cause": "称量错误", "signature": SIGNATURE, "phase": ref(phase)}
    assert "invalidation" in open_steps(clerk, item)
    assert steps(colleague, item)["invalidation"]["code"] == "signature.self_approval"
    clerk.does(f"/v1/oos-results/{item}/invalidation", signed)

    shown = steps(clerk, item)
    again = clerk.post(f"/v1/oos-results/{item}/invalidation", signed)
    late = clerk.does(f"/v1/oos-results/{item}/retests", {"plan": "p"})

    assert (shown["invalidation"]["allowed"], shown["invalidation"]["code"]) == (False, again.json()["code"])
    assert (shown["retests"]["allowed"], shown["retests"]["violates"]) == (True, True)
    assert late["events"][0]["violates"] is True


def test_a_refused_step_tells_the_state_and_what_would_be_allowed_now(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", DEVIATION)["item"]

    early = clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE})

    assert early.status_code == 409
    assert early.json()["state"] == "opened"
    assert set(early.json()["allowed"]) == {"classification", "investigation", "corrections", "batches"}


def test_a_gate_is_named_by_itself(pair: Pair, clerk: Person, holder: Person) -> None:
    proposal = clerk.does("/v1/changes", CHANGE)
    item = proposal["item"]
    own = clerk.does(f"/v1/changes/{item}/category-opinion", {**OPINION, "category": "filing"})
    pair.settle()
    theirs = holder.does(f"/v1/changes/{item}/category-opinion", {**OPINION, "category": "filing"})
    assert steps(clerk, item)["classification"]["code"] == "evidence.nothing_yet"
    pair.settle()
    opinions = {"opinions": [ref(own), ref(theirs)], "basis": "一致", "signature": SIGNATURE, "category": "filing"}
    clerk.does(f"/v1/changes/{item}/classification", opinions)
    pair.settle()
    assert "approval" in open_steps(holder, item)
    holder.does(f"/v1/changes/{item}/approval", {"proposal": ref(proposal), "signature": SIGNATURE})
    pair.settle()

    shut = steps(clerk, item)["implementation"]
    assert (shut["allowed"], shut["gate"]) == (False, "gate.change_implementation")
    assert "filing_record" in shut["why"]
    filed = {"step": "filing_record", "number": "2026B01234", "date": "2026-11-21", "document": "c" * 64}
    clerk.does(f"/v1/changes/{item}/regulatory-steps", filed)
    assert steps(clerk, item)["implementation"]["allowed"] is False
    holder.does(f"/v1/changes/{item}/regulatory-steps", filed)
    pair.settle()
    assert steps(clerk, item)["implementation"]["allowed"] is True


def test_a_document_tells_each_side_its_own_steps_and_a_refusal_what_would_be_allowed(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    path = "/v1/agreements"
    document = clerk.does(path, {**AGREEMENT, "inspect_right": False})["document"]
    pair.settle()
    shown = {each["noun"]: each for each in clerk.get(f"{path}/{document}").json()["steps"]}
    theirs = {each["noun"]: each for each in holder.get(f"{path}/{document}").json()["steps"]}
    clerk.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})
    again = clerk.post(f"{path}/{document}/signatures", {"signature": SIGNATURE}).json()
    pair.settle()
    holder.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})
    pair.beat()
    shut = {each["noun"]: each for each in clerk.get(f"{path}/{document}").json()["steps"]}["activation"]
    early = clerk.post(f"{path}/{document}/activation", {"effective_from": "2026-11-22", "signature": SIGNATURE})

    assert (shown["signatures"]["allowed"], shown["activation"]["allowed"]) == (True, False)
    assert shown["signatures"]["address"] == f"/v1/agreements/{document}/signatures"
    assert {noun: each["type"] for noun, each in theirs.items()} == {"signatures": "agreement_review.signed.v1"}
    assert (again["state"], again["allowed"]) == ("signed_by_owner", [])
    assert (shut["allowed"], shut["gate"], "inspect" in shut["why"]) == (False, "gate.agreement", True)
    assert (early.status_code, early.json()["state"], early.json()["allowed"]) == (409, "signed", [])


def test_a_document_as_it_stood_has_no_steps(clerk: Person) -> None:
    told = clerk.does("/v1/agreements", AGREEMENT)

    shown = clerk.get(f"/v1/agreements/{told['document']}", as_of=f"seq:{told['sequence']}").json()

    assert "steps" not in shown


def test_the_partner_of_a_document_is_told_its_state(pair: Pair, clerk: Person, holder: Person) -> None:
    path = "/v1/agreements"
    document = clerk.does(path, AGREEMENT)["document"]
    pair.settle()
    holder.does(f"{path}/{document}/signatures", {"signature": SIGNATURE})

    again = holder.post(f"{path}/{document}/signatures", {"signature": SIGNATURE}).json()

    assert (again["state"], again["allowed"]) == ("signed_by_partner", [])


def test_who_lacks_the_right_is_told_so_and_a_reader_takes_no_step(cmo: Desk, clerk: Person) -> None:
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    stranger = cmo.as_("qa_staff", "person/zhao.min")
    auditor = cmo.as_("auditor", "person/li.na")

    assert {each["code"] for each in steps(stranger, item).values()} == {"right.missing", "token.role"}
    assert {each["code"] for each in steps(auditor, item).values()} == {"token.role"}
    assert not open_steps(stranger, item) | open_steps(auditor, item)


def test_an_item_as_it_stood_has_no_steps(clerk: Person) -> None:
    told = clerk.does("/v1/oos-results", RESULT)

    assert "steps" not in clerk.get(f"/v1/communications/{told['item']}", as_of=f"seq:{told['sequence']}").json()
    assert "steps" not in clerk.get("/v1/communications").json()["data"][0]


def test_a_closing_waits_for_news_of_a_silent_partner(pair: Pair, clerk: Person, colleague: Person) -> None:
    item = clerk.does("/v1/deviations", {**DEVIATION, "class": "minor", "rationale": "r"})["item"]
    colleague.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)
    pair.settle()
    assert "closure" in open_steps(clerk, item)
    pair.cmo.gateway.side.clock.move(48 * 3600)
    later = pair.cmo.as_("qa_manager")

    shut = steps(later, item)["closure"]
    refused = later.post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE})
    assert (shut["allowed"], shut["code"]) == (False, refused.json()["code"]) == (False, "partner.silent")
