"""Results out of specification or trend: told, examined, invalidated with cause alone, decided on by both: (VII)."""

from typing import Any

from tests.compliance.citing import cites
from tests.compliance.contract import reference
from tests.services.api.quality.making import SIGNED, types
from tests.services.api.stepped import Pair, Person

RESULT = {
    "title": "含量",
    "result_kind": "oos",
    "test": "含量测定 HPLC",
    "result": "94.80",
    "limits": "95.0–105.0",
    "suspected_at": "2026-11-22",
}
PHASE = {"phase": "laboratory", "conclusion": "实验室原因"}


def suspected(pair: Pair, clerk: Person) -> dict[str, Any]:
    told = clerk.does("/v1/oos-results", RESULT)
    pair.settle()
    return told


@cites("(VII)", "out-of-specification/out-of-trend results")
def test_a_result_out_of_specification_is_told_to_the_holder_as_it_was_measured(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    told = suspected(pair, clerk)

    seen = holder.get(f"/v1/events/{told['events'][0]['id']}").text
    row = holder.get(f"/v1/communications/{told['item']}").json()
    assert '"result":"94.80"' in seen
    assert (row["category"], row["state"], row["class"]) == ("oos_oot", "suspected", "oos")


@cites("(VII)", "out-of-specification/out-of-trend results")
def test_a_result_is_invalidated_only_for_a_cause_that_was_found_and_stays_visible(
    pair: Pair, clerk: Person, colleague: Person, holder: Person
) -> None:
    item = suspected(pair, clerk)["item"]
    at, signed = f"/v1/oos-results/{item}", {"cause": "称量错误", "signature": SIGNED}
    causeless = reference(colleague.does(f"{at}/phases", PHASE))
    early = clerk.post(f"{at}/invalidation", {**signed, "phase": causeless})
    found = reference(colleague.does(f"{at}/phases", {**PHASE, "cause": "称量错误"}))

    clerk.does(f"{at}/invalidation", {**signed, "phase": found})
    pair.settle()

    assert (early.status_code, early.json()["code"]) == (409, "oos.no_cause_found")
    assert holder.get(f"/v1/communications/{item}").json()["state"] == "invalidated"


@cites("(VII)", "to ensure smooth, timely, and effective communication")
def test_the_holder_asks_about_a_result_is_answered_and_decides_on_how_it_ended(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    at = f"/v1/oos-results/{suspected(pair, clerk)['item']}"
    question = holder.does(f"{at}/questions", {"text": "仪器状态？"})
    pair.settle()
    wrong = clerk.post(f"{at}/answers", {"question": {**reference(question), "position": 0}, "text": "正常"})
    clerk.does(f"{at}/answers", {"question": reference(question), "text": "正常"})
    ended = clerk.does(f"{at}/confirmation", {"cause": "混合不均"})
    pair.settle()

    decision = {"about": reference(ended), "decision": "agreed", "signature": SIGNED}
    decided = holder.does(f"{at}/decision", decision)

    assert (wrong.status_code, wrong.json()["code"]) == (422, "evidence.not_found")
    assert types(decided) == ["oos_review.decided.v1"]
