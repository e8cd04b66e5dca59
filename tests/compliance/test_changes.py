"""Changes: put in a category jointly, approved by the holder, implemented after the regulator's step: (IX)."""

from typing import Any

import pytest

from tests.compliance.citing import cites
from tests.compliance.contract import reference, scope_of
from tests.services.api.quality.making import SIGNED, types
from tests.services.api.stepped import Pair, Person

CHANGE = {"title": "更换胶塞供应商", "description": "由甲换为乙", "scope": scope_of("CRO-1G")}
OPINION = {"major": False, "rationale": "依据指导原则"}
DOCUMENTED = {"number": "2026B01234", "date": "2026-11-21", "document": "c" * 64}
STEPS = {"approval": "approval_certificate", "filing": "filing_record", "reporting": "annual_report_queued"}


class ChangeAtWork:
    """A change of the manufacturer with an opinion of each party on its category."""

    def __init__(self, pair: Pair, clerk: Person, holder: Person, own: str, partners: str) -> None:
        self.pair, self.clerk, self.holder = pair, clerk, holder
        self.proposal = clerk.does("/v1/changes", CHANGE)
        self.at = f"/v1/changes/{self.proposal['item']}"
        clerk.does(f"{self.at}/studies", {"study": "相容性研究完成"})
        self.judge(own, partners)

    def judge(self, own: str, partners: str) -> None:
        """Each party says anew which category it is."""
        ours = self.clerk.does(f"{self.at}/category-opinion", {**OPINION, "category": own})
        self.pair.settle()
        theirs = self.holder.does(f"{self.at}/category-opinion", {**OPINION, "category": partners})
        self.pair.settle()
        self.opinions = [reference(ours), reference(theirs)]

    def classify(self, category: str) -> Any:
        asked = {"category": category, "opinions": self.opinions, "basis": "双方意见", "signature": SIGNED}
        answer = self.clerk.post(f"{self.at}/classification", asked)
        self.pair.settle()
        return answer

    def approve(self) -> dict[str, Any]:
        asked = {"proposal": reference(self.proposal), "signature": SIGNED}
        told = self.holder.does(f"{self.at}/approval", asked)
        self.pair.settle()
        return reference(told)

    def implement(self, **rests_on: Any) -> Any:
        asked = {**rests_on, "effective_from": "2026-12-01", "signature": SIGNED}
        return self.clerk.post(f"{self.at}/implementation", asked)


@cites(
    "(IX)",
    "Relevant changes involving the products under contract manufacturing shall not be implemented without the "
    "approval of MAHs",
)
def test_a_change_is_not_implemented_once_the_holder_took_its_approval_back(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    change = ChangeAtWork(pair, clerk, holder, "no_registration_effect", "no_registration_effect")
    category = reference(change.classify("no_registration_effect").json())
    without = change.implement(category=category)
    approval = change.approve()
    holder.does(f"{change.at}/rejection", {"proposal": reference(change.proposal), "reason": "稳定性数据不足"})
    pair.settle()
    taken_back = change.implement(category=category, approval=approval)
    approval = change.approve()

    implemented = change.implement(category=category, approval=approval)

    assert without.status_code == 422
    assert (taken_back.status_code, taken_back.json()["type"]) == (409, "/problems/change-not-approved")
    assert types(implemented.json()) == ["change.implemented.v1"]


@cites("(IX)", "shall not be implemented without the approval of MAHs")
def test_what_was_corrected_after_the_approval_is_not_implemented_before_the_holder_approves_it_too(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    change = ChangeAtWork(pair, clerk, holder, "no_registration_effect", "no_registration_effect")
    category = reference(change.classify("no_registration_effect").json())
    approval = change.approve()
    other = {"field": "description", "before": CHANGE["description"], "after": "由甲换为丙"}
    put_right = {"entry": reference(change.proposal), "changes": [other], "reason": "录入错误"}
    clerk.does(f"{change.at}/corrections", put_right)
    pair.settle()

    swapped = change.implement(category=category, approval=approval)
    approval = change.approve()
    of_before = change.implement(category=category, approval=approval)
    change.judge("no_registration_effect", "no_registration_effect")
    category = reference(change.classify("no_registration_effect").json())
    implemented = change.implement(category=category, approval=approval)

    assert (swapped.status_code, swapped.json()["type"]) == (409, "/problems/change-not-approved")
    assert (of_before.status_code, of_before.json()["type"]) == (409, "/problems/change-not-approved")
    assert types(implemented.json()) == ["change.implemented.v1"]


@cites(
    "(IX)",
    "Where both contract parties fail to reach consensus on the category of changes, change management shall be "
    "conducted in accordance with the higher category",
)
def test_of_two_opinions_the_higher_category_holds_and_both_are_kept(pair: Pair, clerk: Person, holder: Person) -> None:
    change = ChangeAtWork(pair, clerk, holder, "reporting", "filing")

    lower = change.classify("reporting")
    higher = change.classify("filing")

    timeline = holder.get(f"/v1/communications/{change.proposal['item']}/timeline").json()["data"]
    assert (lower.status_code, lower.json()["code"]) == (409, "change.wrong_category")
    assert higher.status_code == 201
    kept = {"change.category_opinion_given.v1", "change_review.category_opinion_given.v1"}
    assert kept <= {row["type"] for row in timeline}


@pytest.mark.parametrize("category", sorted(STEPS))
@cites("(IX)", "jointly conduct change-related research, determine the category of changes")
@cites("(IX)", "assist MAHs in completing applications for approval, filing, or reporting in accordance with the law")
def test_a_change_waits_for_the_regulatory_step_of_its_category(
    pair: Pair, clerk: Person, holder: Person, category: str
) -> None:
    change = ChangeAtWork(pair, clerk, holder, category, category)
    rests_on = {"category": reference(change.classify(category).json()), "approval": change.approve()}
    early = change.implement(**rests_on)
    empty = holder.does(f"{change.at}/regulatory-steps", {"step": STEPS[category], "date": "2026-11-21"})
    own = clerk.does(f"{change.at}/regulatory-steps", {"step": STEPS[category], **DOCUMENTED})
    pair.settle()
    of_no_use = [] if category == "reporting" else [change.implement(**rests_on, regulatory_step=reference(empty))]
    of_no_use.append(change.implement(**rests_on, regulatory_step=reference(own)))
    step = holder.does(f"{change.at}/regulatory-steps", {"step": STEPS[category], **DOCUMENTED})
    pair.settle()

    implemented = change.implement(**rests_on, regulatory_step=reference(step))

    assert (early.status_code, early.json()["type"]) == (409, "/problems/change-not-approved")
    assert STEPS[category] in early.json()["detail"]
    assert empty["events"][0]["violates"] is (category != "reporting")
    assert {answer.status_code for answer in of_no_use} <= {409, 422}
    assert types(implemented.json()) == ["change.implemented.v1"]


@cites("(IX)", "shall not be implemented without the approval of MAHs")
def test_a_change_that_is_found_implemented_without_approval_is_recorded_as_a_violation_on_both_sides(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    found = {"title": "t", "description": "现场已使用新胶塞", "implemented_at": "2026-11-20"}

    told = clerk.does("/v1/changes/found", found)
    pair.settle()

    assert told["events"][0]["violates"] is True
    rows = [person.get(f"/v1/communications/{told['item']}").json() for person in (clerk, holder)]
    assert [row["violates"] for row in rows] == [True, True]


@pytest.mark.parametrize("party", ["cmo", "mah"])
@cites(
    "(IX)",
    "If contract manufacturers or MAHs conclude through assessment that implemented changes pose quality risks, they "
    "shall promptly take corresponding measures to ensure the elimination of risks",
)
def test_a_risk_of_an_implemented_change_is_raised_by_either_party_and_eliminated_by_measures_against_it(
    pair: Pair, clerk: Person, holder: Person, party: str
) -> None:
    found = {"title": "t", "description": "现场已使用新胶塞", "implemented_at": "2026-11-20"}
    change = clerk.does("/v1/changes/found", found)
    pair.settle()
    at, by = f"/v1/changes/{change['item']}", clerk if party == "cmo" else holder
    risk = by.does(f"{at}/risks", {"description": "可见异物增多"})

    no_risk = by.post(f"{at}/risk-eliminations", {"risk": reference(change), "measures": "复检"})
    done = by.does(f"{at}/risk-eliminations", {"risk": reference(risk), "measures": "换回原胶塞，复检"})

    assert (no_risk.status_code, no_risk.json()["code"]) == (422, "evidence.not_found")
    assert done["events"][0]["violates"] is False
