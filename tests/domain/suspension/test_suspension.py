"""`gate.suspension` (G4) and `gate.regulatory_measure` (G16): what stops, what it covers, and who lets it go on."""

from dataclasses import replace

import pytest

from domain.drafts import Draft
from domain.errors import DomainError
from domain.regulatory_measure import names as measures
from domain.regulatory_measure.in_force import MANUFACTURING, check_no_measure
from domain.risk import names as risk
from domain.suspension import names as n
from domain.suspension.blocks import check_not_suspended
from events.encoding.identifiers import Role
from tests.domain.language import Story, Written, cmo, given, mah
from tests.domain.matters import OTHER_ID, asks, named, says, signs, then_refused_both_ways
from tests.domain.risk.test_risk import MAJOR, MEASURE, RAISED, level
from tests.domain.steps import activated, agreement_drafted, refused, signed

CMO, MAH = Role.CMO, Role.MAH
PRODUCT, OTHER_PRODUCT = "product/CRO-1G", "product/OTHER"
SCOPE = {"products": [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}], "lines": ["L-02"]}
STARTED = says(
    n.STARTED,
    number="SUS-1",
    source="eQMS",
    risk=named(risk.RAISED),
    reason="重大质量风险",
    stopped_at="2026-11-22T09:40:00+08:00",
    scope=SCOPE,
)
DEMANDED = says(n.DEMANDED, number="SUS-D", source="QA", reason="立即停产", scope={"products": SCOPE["products"]})
LIFT = signs(n.LIFT_SIGNED, measures=[named(risk.MEASURE_TAKEN)])
PARTNERS_LIFT = signs(n.REVIEW_LIFT_SIGNED, measures=[named(risk.MEASURE_TAKEN)])
ORDERED = says(
    measures.RECORDED,
    number="REG-1",
    source="文件",
    authority="某省药品监督管理局",
    measure="suspend_manufacturing",
    decision_number="2026-18",
    document="a" * 64,
    received_at="2026-11-22T11:00:00+08:00",
    scope=SCOPE,
)


def stops(story: Story, *labels: str, role: Role = CMO) -> str | None:
    """Return the code with which work under these labels is refused; None: it may go on."""
    try:
        check_not_suspended(story.context(role), labels)
        check_no_measure(story.context(role), labels, MANUFACTURING)
    except DomainError as error:
        return error.refusal
    return None


def under_policy(lift: str) -> tuple[Written, ...]:
    drafted = cmo(agreement_drafted(policies={"suspension_lift": lift}))
    return (drafted, cmo(signed()), mah(signed()), cmo(activated()))


@pytest.mark.parametrize("by", [cmo(MAJOR), mah(says(**level("major", risk.REVIEW_CLASSIFIED)))])
def test_a_risk_that_either_party_calls_major_stops_at_once(by: Written) -> None:
    story = given(cmo(RAISED), cmo(says(**level("minor"))))
    assert stops(story, PRODUCT) is None
    story.write(by)
    assert stops(story, PRODUCT, "batch/B1") == "gate.suspension"
    assert stops(story, PRODUCT, role=MAH) == "gate.suspension"
    assert stops(story, OTHER_PRODUCT) is None


def test_a_lowered_class_lifts_nothing() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(says(**level("minor"))))
    assert stops(story, PRODUCT) == "gate.suspension"


def test_a_classification_without_the_right_and_a_disputed_one_stop_all_the_same() -> None:
    by_nobody = given(cmo(RAISED), cmo(MAJOR, actor="person/nobody"))
    disputed = given(cmo(RAISED), cmo(MAJOR), mah(refused(risk.CLASSIFIED), actor="system/gateway"))
    assert stops(by_nobody, PRODUCT) == stops(disputed, PRODUCT) == "gate.suspension"


def test_a_suspension_covers_its_products_and_lines_and_nothing_else() -> None:
    story = given(cmo(RAISED), cmo(STARTED))
    assert stops(story, PRODUCT) == stops(story, "line/L-02", OTHER_PRODUCT) == "gate.suspension"
    assert stops(story, OTHER_PRODUCT, "line/L-03") is None


def test_a_suspension_of_everything_covers_everything() -> None:
    story = given(mah(says(n.DEMANDED, number="S", source="s", reason="r", scope={})))
    assert stops(story, OTHER_PRODUCT) == "gate.suspension"


def test_both_sign_and_manufacturing_goes_on() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED))
    asks(story, CMO, LIFT).then(n.LIFT_SIGNED)
    assert stops(story, PRODUCT) == "gate.suspension"
    asks(story, MAH, PARTNERS_LIFT).then(n.REVIEW_LIFT_SIGNED)
    assert stops(story, PRODUCT) is None


def test_what_crossed_on_the_wire_is_judged_by_what_its_author_had_seen() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), cmo(LIFT))
    before = story.sizes[MAH]
    story.write(mah(PARTNERS_LIFT))
    assert stops(story, PRODUCT) is None
    with pytest.raises(DomainError):
        check_not_suspended(story.context(CMO, before), [PRODUCT])


def test_a_disputed_signature_lifts_nothing() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), cmo(LIFT), mah(PARTNERS_LIFT))
    story.write(cmo(refused(n.REVIEW_LIFT_SIGNED), actor="system/gateway"))
    assert stops(story, PRODUCT) == "gate.suspension"


@pytest.mark.parametrize(("lift", "step"), [("mah", mah(PARTNERS_LIFT)), ("cmo", cmo(LIFT))])
def test_who_lifts_is_what_the_agreement_in_force_at_its_beginning_says(lift: str, step: Written) -> None:
    story = given(*under_policy(lift), cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED))
    assert stops(story, PRODUCT) == "gate.suspension"
    story.write(step)
    assert stops(story, PRODUCT) is None


def test_an_agreement_that_came_later_lifts_nothing() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), *under_policy("cmo"), cmo(LIFT))
    assert stops(story, PRODUCT) == "gate.suspension"


def test_the_manufacturer_follows_a_demand_once() -> None:
    story = given(mah(DEMANDED))
    followed = says(n.FOLLOWED, demand=named(n.DEMANDED), stopped_at="2026-11-22T09:45:00+08:00")
    asks(story, CMO, followed).then(n.FOLLOWED)
    story.receives(cmo(followed)).then_marked(n.FOLLOWED)


def test_a_party_signs_once_and_nobody_signs_after_the_lifting() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), cmo(LIFT))
    then_refused_both_ways(story, CMO, LIFT, "entry.wrong_state", "suspension.wrong_state")
    story.write(mah(PARTNERS_LIFT))
    then_refused_both_ways(story, MAH, PARTNERS_LIFT, "entry.wrong_state", "suspension.wrong_state")


def test_a_batch_in_process_gets_its_disposition() -> None:
    story = given(cmo(RAISED), cmo(STARTED))
    disposed = says(n.BATCH_DISPOSED, batch={"number": "B2026-001"}, disposition="held", reason="等待评估")
    asks(story, CMO, disposed).then(n.BATCH_DISPOSED)


def test_a_regulators_measure_stops_until_another_document_ends_it() -> None:
    story = given(mah(ORDERED))
    assert stops(story, PRODUCT) == "gate.regulatory_measure"
    same = signs(measures.ENDED, document="a" * 64, ended_at="2026-11-22")
    then_refused_both_ways(story, MAH, same, "gate.regulatory_measure")

    asks(story, MAH, signs(measures.ENDED, document="b" * 64, ended_at="2026-11-22")).then(measures.ENDED)
    assert stops(story, PRODUCT) is None


def test_a_warning_stops_nothing() -> None:
    def warned(story: Story, role: Role) -> Draft:
        draft = ORDERED(story, role)
        return replace(draft, body={**draft.body, "measure": "warning"})

    assert stops(given(mah(warned)), PRODUCT) is None


def test_no_suspension_is_lifted_while_a_regulators_measure_binds() -> None:
    ordered = says(
        measures.RECORDED,
        OTHER_ID,
        number="REG-1",
        source="文件",
        authority="局",
        measure="suspend_manufacturing",
        decision_number="2026-18",
        document="a" * 64,
        received_at="2026-11-22",
        scope=SCOPE,
    )
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), mah(ordered))
    then_refused_both_ways(story, CMO, LIFT, "gate.regulatory_measure")
    then_refused_both_ways(story, MAH, PARTNERS_LIFT, "gate.regulatory_measure")
