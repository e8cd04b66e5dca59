"""What shuts a gate is never made smaller by a correction, and made wider by one."""

from typing import Any

import pytest

from domain.regulatory_measure import names as measures
from domain.risk import names as risk
from domain.suspension import names as n
from events.encoding.identifiers import Role
from tests.domain.items.test_matters import row_of
from tests.domain.language import Step, Story, Written, cmo, given, mah
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways
from tests.domain.risk.test_risk import MAJOR, RAISED, level
from tests.domain.suspension.test_major_risks import CODE, lifted, started
from tests.domain.suspension.test_suspension import DEMANDED, ORDERED, OTHER_PRODUCT, PRODUCT, stops

CMO, MAH = Role.CMO, Role.MAH
PRODUCT_CODE = "scope.products.0.code"


def corrects(entry: str, field: str, before: str | None, after: str | None, matter: str = "") -> Step:
    matter = matter or entry.partition(".")[0]
    change: dict[str, Any] = {"field": field, "before": before, "after": after}
    return says(f"{matter}.corrected.v1", entry=named(entry), changes=[change], reason="录入有误")


def moved(entry: str) -> Step:
    return corrects(entry, PRODUCT_CODE, "CRO-1G", "OTHER")


def test_a_risk_that_is_corrected_to_major_suspends_and_shows_the_class() -> None:
    story = given(cmo(RAISED), cmo(says(**level("minor"))))
    asks(story, CMO, corrects(risk.CLASSIFIED, "level", "minor", "major")).then("risk.corrected.v1")
    assert stops(story, PRODUCT) == "gate.suspension"
    assert row_of(story, "risk")["class"] == "major"


def test_the_partners_correction_to_major_suspends_too() -> None:
    story = given(cmo(RAISED), mah(says(**level("minor", risk.REVIEW_CLASSIFIED))))
    story.write(mah(corrects(risk.REVIEW_CLASSIFIED, "level", "minor", "major")))
    assert stops(story, PRODUCT) == "gate.suspension"


def test_a_correction_from_major_lifts_nothing() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(corrects(risk.CLASSIFIED, "level", "major", "minor")))
    assert stops(story, PRODUCT) == "gate.suspension"
    assert row_of(story, "risk")["class"] == "minor"


def test_a_correction_to_major_after_the_lifting_suspends_anew() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(products=[CODE])), *lifted(), cmo(says(**level("minor"))))
    assert stops(story, PRODUCT) is None
    story.write(cmo(corrects(risk.CLASSIFIED, "level", "minor", "major")))
    assert stops(story, PRODUCT) == "gate.suspension"


def test_a_marked_correction_to_major_suspends_all_the_same() -> None:
    story = given(cmo(RAISED), cmo(says(**level("minor"))))
    wrong = cmo(corrects(risk.CLASSIFIED, "level", "moderate", "major"))
    story.receives(wrong).then_marked("risk.corrected.v1")
    assert stops(story, PRODUCT) == "gate.suspension"


@pytest.mark.parametrize(
    ("begun", "entry", "by"),
    [
        ((cmo(RAISED), cmo(MAJOR)), risk.RAISED, cmo),
        ((mah(DEMANDED),), n.DEMANDED, mah),
        ((mah(ORDERED),), measures.RECORDED, mah),
    ],
)
def test_a_corrected_scope_is_stopped_and_the_one_before_it_stays_so(
    begun: tuple[Written, ...], entry: str, by: Any
) -> None:
    story = given(*begun)
    assert stops(story, OTHER_PRODUCT) is None
    story.write(by(moved(entry)))
    assert stops(story, OTHER_PRODUCT) is not None
    assert stops(story, PRODUCT) is not None
    assert stops(story, "product/THIRD", "line/L-77") is None


@pytest.mark.parametrize(
    ("before", "after"), [("warning", "suspend_manufacturing"), ("suspend_manufacturing", "warning")]
)
def test_a_measure_that_was_ever_told_to_stop_manufacturing_stops_it(before: str, after: str) -> None:
    def ordered(story: Story, role: Role) -> Any:
        draft = ORDERED(story, role)
        draft.body["measure"] = before
        return draft

    story = given(mah(ordered), mah(corrects(measures.RECORDED, "measure", before, after)))
    assert stops(story, PRODUCT) == "gate.regulatory_measure"
    assert row_of(story, "regulatory_measure")["class"] == after


def test_the_document_that_ordered_a_measure_ends_it_neither_as_recorded_nor_as_corrected() -> None:
    story = given(mah(ORDERED), mah(corrects(measures.RECORDED, "document", "a" * 64, "b" * 64)))
    for document in ("a" * 64, "b" * 64):
        ending = signs(measures.ENDED, document=document, ended_at="2026-11-22")
        then_refused_both_ways(story, MAH, ending, "gate.regulatory_measure")
    asks(story, MAH, signs(measures.ENDED, document="c" * 64, ended_at="2026-11-22")).then(measures.ENDED)
    assert stops(story, PRODUCT) is None


def test_whoever_signed_before_a_suspension_was_made_wider_signs_anew() -> None:
    story = given(mah(DEMANDED), cmo(signs(n.REVIEW_LIFT_SIGNED)))
    then_refused_both_ways(story, CMO, signs(n.REVIEW_LIFT_SIGNED), "entry.wrong_state", "suspension.wrong_state")
    story.and_then(mah(moved(n.DEMANDED)), mah(signs(n.LIFT_SIGNED)))
    assert stops(story, PRODUCT) == stops(story, OTHER_PRODUCT) == "gate.suspension"

    asks(story, CMO, signs(n.REVIEW_LIFT_SIGNED)).then(n.REVIEW_LIFT_SIGNED)

    assert stops(story, PRODUCT) is stops(story, OTHER_PRODUCT) is None


def test_a_suspension_that_is_made_wider_after_its_lifting_stops_until_both_signed_again() -> None:
    story = given(mah(DEMANDED), mah(signs(n.LIFT_SIGNED)), cmo(signs(n.REVIEW_LIFT_SIGNED)), mah(moved(n.DEMANDED)))
    assert stops(story, OTHER_PRODUCT) == "gate.suspension"

    story.and_then(mah(signs(n.LIFT_SIGNED)), cmo(signs(n.REVIEW_LIFT_SIGNED)))

    assert stops(story, PRODUCT) is stops(story, OTHER_PRODUCT) is None


def test_a_correction_of_something_else_asks_for_no_new_signature() -> None:
    story = given(mah(DEMANDED), cmo(signs(n.REVIEW_LIFT_SIGNED)))
    story.and_then(mah(corrects(n.DEMANDED, "reason", "立即停产", "暂停生产")), mah(signs(n.LIFT_SIGNED)))
    assert stops(story, PRODUCT) is None


def test_a_suspension_lets_go_of_its_risk_where_it_stands_as_corrected_and_not_where_it_stood() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(products=[CODE])), cmo(moved(n.STARTED)), *lifted())
    assert stops(story, PRODUCT) == "gate.suspension"


def test_a_suspension_whose_scope_was_put_right_lets_go_of_its_risk() -> None:
    wrong = cmo(started(products=[{**CODE, "code": "OTHER"}]))
    right = cmo(corrects(n.STARTED, PRODUCT_CODE, "OTHER", "CRO-1G"))
    story = given(cmo(RAISED), cmo(MAJOR), wrong, right, *lifted())
    assert stops(story, PRODUCT) is None


def test_a_product_that_loses_its_code_leaves_a_scope_of_everything() -> None:
    story = given(mah(DEMANDED), mah(corrects(n.DEMANDED, PRODUCT_CODE, "CRO-1G", None)))
    assert stops(story, OTHER_PRODUCT) == "gate.suspension"


def test_a_marked_correction_that_leads_nowhere_changes_no_scope() -> None:
    story = given(mah(DEMANDED))
    for field in ("scope.lines.7", "scope.products", "reason.deeper"):
        story.receives(mah(corrects(n.DEMANDED, field, "nothing like it", "L-1"))).then_marked(
            "suspension.corrected.v1"
        )
    assert stops(story, PRODUCT) == "gate.suspension"
