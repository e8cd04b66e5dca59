"""The two releases of a batch, each by a qualified person, on a whole package of records: (V), (XII), (XXII)."""

from typing import Any

import pytest

from tests.compliance.citing import cites
from tests.compliance.contract import reference
from tests.services.api.quality.making import (
    ITEMS,
    PRODUCT,
    QUANTITY,
    RELEASED,
    REVIEWED,
    SIGNED,
    factory_release,
    make,
    package,
    sends,
    types,
)
from tests.services.api.stepped import Pair, Person

SHIPPED = {"quantity": QUANTITY, "shipped_at": "2026-11-22"}


class AtRelease:
    """A batch that was made and tested, and the people who bring it to the market."""

    def __init__(self, pair: Pair, documents: dict[str, Any], number: str) -> None:
        self.pair, self.number = pair, number
        self.clerk = pair.cmo.as_("qa_manager")
        self.holder = pair.mah.as_("qa_manager", "person/wang.wei")
        self.makers_qp = pair.cmo.as_("qualified_person", "person/zhou.qp")
        self.holders_qp = pair.mah.as_("qualified_person", "person/zhou.qp")
        self.at = f"/v1/batches/{make(pair, self.clerk, documents, number=number)}"

    def factory_release(self) -> dict[str, Any]:
        told = self.makers_qp.does(f"{self.at}/factory-release", factory_release())
        self.pair.settle()
        return told

    def review(self, *items: str, verdict: str = "satisfactory") -> None:
        for item in items or ITEMS:
            asked = {"item": item, "verdict": verdict, "signature": REVIEWED}
            self.holder.does(f"{self.at}/reviews", asked)
        sends(self.holder)

    def market(self, by: Person | None = None) -> Any:
        return (by or self.holders_qp).post(f"{self.at}/marketing-release", {"signature": RELEASED})

    def permit(self) -> Any:
        answer = self.holder.post(f"{self.at}/dispatch-permission", {"signature": SIGNED})
        self.pair.settle()
        return answer


@pytest.fixture
def batch(pair: Pair, documents: dict[str, Any], request: pytest.FixtureRequest) -> AtRelease:
    """A batch of this test's own."""
    return AtRelease(pair, documents, f"R-{request.node.name[-40:]}")


@cites("(V)", "in case of major quality risks or compliance risks, manufacturing shall be immediately suspended")
def test_a_major_risk_of_a_batch_that_is_made_shuts_its_release_until_both_signed_that_it_is_lifted(
    batch: AtRelease,
) -> None:
    scope = {"scope": {"batches": [{"number": batch.number}]}}
    risk = batch.clerk.does("/v1/risks", {"title": "密封不严", "identified_at": "2026-11-22", **scope})
    word = {"level": "major", "risk_kind": "quality", "rationale": "无菌保证"}
    batch.clerk.does(f"/v1/risks/{risk['item']}/classification", word)
    shut = batch.makers_qp.post(f"{batch.at}/factory-release", factory_release())
    stopped = {"risk": reference(risk), "reason": "重大质量风险", "stopped_at": "2026-11-22", **scope}
    suspension = batch.clerk.does("/v1/suspensions", stopped)["item"]
    for person in (batch.clerk, batch.holder):
        batch.pair.settle()
        person.does(f"/v1/suspensions/{suspension}/lifting", {"signature": SIGNED})
    batch.pair.settle()

    told = batch.factory_release()

    assert (shut.status_code, shut.json()["code"]) == (409, "suspension.active")
    assert types(told)[0] == "batch.factory_released.v1"


@cites(
    "(XII)",
    "Drugs that meet the standards, conditions and legal and regulatory requirements may only be released upon the "
    "signature of the qualified person",
)
def test_nobody_but_the_manufacturers_qualified_person_releases_a_batch(batch: AtRelease) -> None:
    by_clerk = batch.clerk.post(f"{batch.at}/factory-release", factory_release())
    approved = batch.makers_qp.post(f"{batch.at}/factory-release", factory_release(SIGNED))

    assert by_clerk.status_code == 403
    assert (approved.status_code, approved.json()["code"]) == (422, "signature.wrong_meaning")
    assert types(batch.factory_release())[0] == "batch.factory_released.v1"


@cites("(XII)", "Drugs that meet the standards, conditions and legal and regulatory requirements may only be released")
def test_an_open_deviation_of_the_batch_shuts_its_release_and_is_named(batch: AtRelease) -> None:
    opening = {"title": "x", "detected_at": "2026-11-22", "batches": [{"number": batch.number}]}
    item = batch.clerk.does("/v1/deviations", opening)["item"]

    refused = batch.makers_qp.post(f"{batch.at}/factory-release", factory_release())

    number = batch.clerk.get(f"/v1/communications/{item}").json()["number"]
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/release-blocked")
    assert number in refused.json()["detail"]


@cites(
    "(XII)",
    "Upon drug release, contract manufacturers shall submit the batch production records, batch test records, "
    "deviation investigation records and other relevant records and data ... to MAHs together",
)
def test_the_package_of_records_goes_to_the_holder_with_the_release_or_there_is_no_release(batch: AtRelease) -> None:
    lacking = [factory_release(no_deviations=None), factory_release(manifest=package()["manifest"][:1])]
    refused = [batch.makers_qp.post(f"{batch.at}/factory-release", each) for each in lacking]
    told = batch.factory_release()

    assert [answer.json()["code"] for answer in refused] == ["release.package_incomplete"] * 2
    assert types(told) == ["batch.factory_released.v1", "release_package.submitted.v1"]
    timeline = batch.holder.get(f"/v1/communications/{told['item']}/timeline").json()["data"]
    assert {"batch.factory_released.v1", "release_package.submitted.v1"} <= {row["type"] for row in timeline}


@cites(
    "(XII)",
    "When conducting a marketing release, MAHs shall strictly review the drug quality test results, key production "
    "records and deviation control status",
)
def test_the_holder_releases_only_after_three_reviews_and_by_its_qualified_person(batch: AtRelease) -> None:
    batch.factory_release()
    batch.review(*ITEMS[:2])
    two = batch.market()
    batch.review(ITEMS[2], verdict="not_satisfactory")
    one_of_them_bad = batch.market()
    batch.review(ITEMS[2])
    by_reviewer = batch.market(batch.holder)
    released = batch.market()

    assert [error["field"] for error in two.json()["errors"]] == ["reviews"]
    assert (one_of_them_bad.status_code, one_of_them_bad.json()["code"]) == (409, "release.marketing_blocked")
    assert by_reviewer.status_code == 403
    assert types(released.json()) == ["batch_review.marketing_released.v1"]


@cites(
    "(XII)",
    "When necessary, MAHs shall review the batch production records, batch test records, deviation investigation "
    "records and other relevant records and data",
)
def test_the_holder_asks_for_a_full_review_and_what_was_reviewed_before_does_not_count(batch: AtRelease) -> None:
    batch.factory_release()
    batch.review()
    batch.holder.does(f"{batch.at}/full-review", {"reason": "首批变更后产品"})
    early = batch.market()
    batch.review()

    released = batch.market()

    assert (early.status_code, early.json()["code"]) == (409, "release.marketing_blocked")
    assert types(released.json()) == ["batch_review.marketing_released.v1"]


@cites("(XII)", "MAHs shall strictly review the drug quality test results")
def test_a_batch_that_the_holder_holds_is_not_released_until_it_lifts_the_hold(batch: AtRelease) -> None:
    batch.factory_release()
    batch.review()
    hold = batch.holder.does(f"{batch.at}/hold", {"reason": "核查投诉"})
    held = batch.market()
    batch.holder.does(f"{batch.at}/hold-lifting", {"signature": SIGNED})
    again = batch.holder.post(f"{batch.at}/hold-lifting", {"hold": reference(hold), "signature": SIGNED})

    released = batch.market()

    assert (held.status_code, held.json()["code"]) == (409, "release.marketing_blocked")
    assert (again.status_code, again.json()["code"]) == (409, "batch.wrong_state")
    assert types(released.json()) == ["batch_review.marketing_released.v1"]


@cites("(XII)", "When conducting a marketing release, MAHs shall strictly review")
def test_goods_leave_only_with_a_permission_on_a_marketing_release_that_stands(batch: AtRelease) -> None:
    batch.factory_release()
    batch.review()
    batch.market()
    batch.holder.does(f"{batch.at}/hold", {"reason": "核查投诉"})
    held = batch.permit()
    batch.holder.does(f"{batch.at}/hold-lifting", {"signature": SIGNED})
    permitted = batch.permit()

    left = batch.clerk.does(f"{batch.at}/dispatch", SHIPPED)

    assert (held.status_code, held.json()["code"]) == (409, "release.marketing_blocked")
    assert types(permitted.json()) == ["batch_review.dispatch_permitted.v1"]
    assert left["events"][0]["violates"] is False


@cites("(XII)", "When conducting a marketing release, MAHs shall strictly review")
def test_goods_that_were_reworked_after_the_marketing_release_leave_only_after_they_were_released_anew(
    batch: AtRelease,
) -> None:
    batch.factory_release()
    batch.review()
    batch.market()
    permitted = batch.permit()
    batch.clerk.does(f"{batch.at}/reworks", {"procedure": "SOP-77", "reason": "外观"})
    batch.pair.settle()

    again = batch.permit()
    left = batch.clerk.does(f"{batch.at}/dispatch", SHIPPED)

    assert types(permitted.json()) == ["batch_review.dispatch_permitted.v1"]
    assert (again.status_code, again.json()["code"]) == (409, "release.marketing_blocked")
    assert left["events"][0]["violates"] is True


@cites("(XII)", "When conducting a marketing release, MAHs shall strictly review")
def test_goods_that_left_without_a_marketing_release_stay_visible_as_a_violation(batch: AtRelease) -> None:
    batch.factory_release()

    left = batch.clerk.does(f"{batch.at}/dispatch", SHIPPED)
    batch.pair.settle()

    rows = [person.get(f"/v1/communications/{left['item']}").json() for person in (batch.clerk, batch.holder)]
    assert [row["violates"] for row in rows] == [True, True]


@cites(
    "(XXII)", "risk control measures such as suspension of manufacturing and sales may be further taken if necessary"
)
def test_a_regulators_suspension_of_sales_stops_releases_dispatch_and_its_permission(
    pair: Pair, documents: dict[str, Any]
) -> None:
    first, second = (AtRelease(pair, documents, f"SALES-{number}") for number in (1, 2))
    for batch in (first, second):
        batch.factory_release()
        batch.review()
    first.market()
    ordered = {
        "authority": "某省药品监督管理局",
        "measure": "suspend_sales",
        "decision_number": "2026-19",
        "document": "a" * 64,
        "received_at": "2026-11-22",
        "scope": {"products": [PRODUCT]},
    }
    measure = first.holder.does("/v1/regulatory-measures", ordered)["item"]
    pair.settle()

    answers = [second.market(), first.permit()]
    left = first.clerk.does(f"{first.at}/dispatch", SHIPPED)
    end = {"document": "b" * 64, "ended_at": "2026-11-22", "signature": SIGNED}
    first.holder.does(f"/v1/regulatory-measures/{measure}/end", end)
    pair.settle()

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (409, "regulatory_measure.in_force")
    ] * 2
    assert left["events"][0]["violates"] is True
    assert second.market().status_code == 201
