"""Authorising and making batches: under documents and lots of the product, and while nothing stops it (G4, G8, G16)."""

from typing import Any

import pytest

from domain.approved_version import names as versions
from domain.batch import names as n
from domain.risk import names as risk
from domain.suspension import names as suspension
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    MANUFACTURED,
    PARENT_ID,
    PROCESS_ID,
    QP,
    QUANTITY,
    STANDARD_ID,
    allocated,
    authorised,
    released,
    results,
    started,
    started_without,
    then_marked_both_ways,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.language import MANAGER, Story, cmo, mah
from tests.domain.matters import asks, named, says
from tests.domain.risk.test_risk import MAJOR, MEASURE, RAISED, level
from tests.domain.steps import refused
from tests.domain.suspension.test_suspension import LIFT, ORDERED, PARTNERS_LIFT, STARTED

CMO, MAH = Role.CMO, Role.MAH
LOT = "lot.allocated.v1"


def suspended() -> Story:
    return with_documents(cmo(RAISED), cmo(MAJOR))


def test_a_batch_is_authorised_made_and_tested() -> None:
    story = with_documents(cmo(allocated()))
    asks(story, CMO, authorised(lots=[named(LOT)])).then(n.AUTHORISED)
    asks(story, CMO, started()).then(n.STARTED)
    asks(story, CMO, MANUFACTURED).then(n.MANUFACTURED)
    asks(story, CMO, results()).then(n.TESTED)


def test_a_document_that_is_none_is_a_wrong_reference() -> None:
    step = authorised(process_version=named(versions.STANDARD_APPROVED))
    then_refused_both_ways(with_documents(), CMO, step, "entry.wrong_reference", actor=MANAGER)


@pytest.mark.parametrize("kind", ["process", "standard"])
def test_a_document_whose_last_day_has_passed_shuts_the_start(kind: str) -> None:
    identity = {"process": PROCESS_ID, "standard": STANDARD_ID}[kind]

    def until(day: str) -> Story:
        return with_documents(mah(says(f"{kind}_version.withdrawn.v1", identity, reason="r", until=day)))

    then_refused_both_ways(until("2026-11-21"), CMO, authorised(), "gate.process_documents", "withdrawn", actor=MANAGER)
    asks(until("2026-11-22"), CMO, authorised()).then(n.AUTHORISED)


def test_a_major_risk_that_either_party_names_shuts_the_start() -> None:
    then_refused_both_ways(suspended(), CMO, authorised(), "gate.suspension", "RSK-2026-0001", actor=MANAGER)
    by_the_holder = with_documents(cmo(RAISED), mah(says(**level("major", risk.REVIEW_CLASSIFIED))))
    then_refused_both_ways(by_the_holder, CMO, authorised(), "gate.suspension", actor=MANAGER)


def test_a_start_that_is_stated_for_another_day_than_it_could_have_been_is_marked() -> None:
    before = started(started_at="2026-11-21T23:00:00+08:00")
    then_marked_both_ways(with_documents(cmo(authorised())), CMO, before, n.STARTED)
    ahead = started(started_at="2026-11-23")
    then_marked_both_ways(with_documents(cmo(authorised())), CMO, ahead, n.STARTED)
    late = says(n.MANUFACTURED, BATCH_ID, quantity=QUANTITY, completed_at="2026-11-23")
    then_marked_both_ways(with_documents(cmo(authorised())), CMO, late, n.MANUFACTURED)


def test_a_start_that_is_stated_for_a_time_within_a_suspension_is_marked_although_that_is_lifted_by_now() -> None:
    story = with_documents(cmo(RAISED), cmo(authorised()), cmo(MEASURE), cmo(STARTED), cmo(LIFT), mah(PARTNERS_LIFT))
    then_marked_both_ways(story, CMO, started(started_at=story.past(suspension.STARTED).time), n.STARTED)


@pytest.mark.parametrize("which", [n.AUTHORISED, suspension.REVIEW_LIFT_SIGNED])
def test_a_start_that_is_stated_for_a_time_before_a_suspension_or_after_its_lifting_is_not_marked(which: str) -> None:
    story = with_documents(cmo(RAISED), cmo(authorised()), cmo(MEASURE), cmo(STARTED), cmo(LIFT), mah(PARTNERS_LIFT))
    asks(story, CMO, started(started_at=story.past(which).time)).then(n.STARTED)


OF_THE_LINE = says(
    suspension.STARTED,
    number="SUS-L",
    source="MES",
    reason="清洁失败",
    stopped_at="2026-11-22",
    scope={"lines": ["L-02"]},
)


def test_a_stopped_line_stops_a_batch_that_names_no_line_and_its_release() -> None:
    story = with_documents(cmo(OF_THE_LINE))
    then_refused_both_ways(story, CMO, authorised(line=None), "gate.suspension", "SUS-L", actor=MANAGER)

    making = (cmo(authorised(line=None)), cmo(started(line=None)), cmo(MANUFACTURED), cmo(results()))
    made = with_documents(*making, cmo(OF_THE_LINE))
    then_refused_both_ways(made, CMO, released(), "gate.suspension", "SUS-L")


def test_a_stopped_line_leaves_a_batch_alone_whose_start_named_another_line() -> None:
    story = with_documents(cmo(authorised(line=None)), cmo(OF_THE_LINE))
    asks(story, CMO, started(line="L-03")).then(n.STARTED)
    story.and_then(cmo(MANUFACTURED), cmo(results()))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_product_without_a_code_in_a_scope_may_be_any_product() -> None:
    named_only = {"products": [{"name": "别的", "code": "OTHER"}, {"name": "注射用头孢曲松钠"}]}
    stop = says(suspension.STARTED, number="SUS-N", source="QA", reason="r", stopped_at="2026-11-22", scope=named_only)
    then_refused_both_ways(with_documents(cmo(stop)), CMO, authorised(), "gate.suspension", "SUS-N", actor=MANAGER)


@pytest.mark.parametrize("code", ["CRO-1G ", "cro-1g", "ＣＲＯ-1G", "CRO‐1G", "CRO-\u200b1G"])
def test_a_product_whose_code_is_written_otherwise_evades_no_suspension(code: str) -> None:
    story = with_documents(cmo(RAISED), cmo(MAJOR))
    step = authorised(product={"name": "注射用头孢曲松钠", "code": code})
    then_refused_both_ways(story, CMO, step, "gate.suspension", actor=MANAGER)


@pytest.mark.parametrize("number", ["B2026-000 ", "b2026-000", "B2026‐000", "Ｂ2026-000"])
def test_a_rejected_batch_does_not_come_back_under_a_number_that_is_read_alike(number: str) -> None:
    story = with_documents(cmo(authorised(PARENT_ID, number="B2026-000")))
    story.and_then(cmo(says(n.REJECTED, PARENT_ID, reason="不合格")))
    then_refused_both_ways(story, CMO, authorised(number=number), "entry.wrong_state", "read like it", actor=MANAGER)


def test_a_suspension_shuts_the_start_until_both_have_lifted_it() -> None:
    story = with_documents(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), cmo(LIFT))
    then_refused_both_ways(story, CMO, authorised(), "gate.suspension", "SUS-1", actor=MANAGER)
    story.and_then(mah(PARTNERS_LIFT))
    asks(story, CMO, authorised()).then(n.AUTHORISED)


def test_a_suspension_of_another_product_shuts_nothing() -> None:
    other: dict[str, Any] = {"product": {"name": "乙", "code": "OTHER"}, "line": "L-09"}
    asks(suspended(), CMO, authorised(**other)).then(n.AUTHORISED)


def test_a_regulators_measure_shuts_the_start() -> None:
    then_refused_both_ways(
        with_documents(mah(ORDERED)), CMO, authorised(), "gate.regulatory_measure", "2026-18", actor=MANAGER
    )


def test_a_batch_made_against_a_suspension_is_recorded_and_marked() -> None:
    then_marked_both_ways(suspended(), CMO, started_without(), n.STARTED)


def test_a_batch_made_without_an_authorisation_is_recorded_and_marked() -> None:
    story = with_documents()
    then_marked_both_ways(story, CMO, started_without(), n.STARTED)
    then_marked_both_ways(story, CMO, MANUFACTURED, n.MANUFACTURED)


def test_a_batch_that_was_started_without_one_may_be_authorised_later() -> None:
    story = with_documents(cmo(started_without()))
    asks(story, CMO, authorised()).then(n.AUTHORISED)
    asks(story, CMO, MANUFACTURED).then(n.MANUFACTURED)


def test_work_on_a_disputed_authorisation_is_marked() -> None:
    story = with_documents(cmo(authorised()), mah(refused(n.AUTHORISED), actor="system/gateway"))
    then_marked_both_ways(story, CMO, started(), n.STARTED)


def test_a_batch_is_authorised_once_and_its_number_is_one_batchs() -> None:
    story = with_documents(cmo(authorised()))
    then_refused_both_ways(story, CMO, authorised(), "entry.wrong_state", "already", actor=MANAGER)
    then_refused_both_ways(story, CMO, authorised(PARENT_ID), "entry.wrong_state", "has the number", actor=MANAGER)
    asks(story, CMO, authorised(PARENT_ID, product={"name": "乙", "code": "OTHER"})).then(n.AUTHORISED)


def test_a_batch_stays_the_one_that_was_entered() -> None:
    story = with_documents(cmo(started_without()))
    then_refused_both_ways(
        story, CMO, authorised(number="B2026-009"), "entry.wrong_state", "another number", actor=MANAGER
    )
    entry = named(n.STARTED)
    change = {"field": "number", "before": "B2026-001", "after": "B2026-009"}
    step = says(n.CORRECTED, BATCH_ID, entry=entry, changes=[change], reason="录入错误")
    then_refused_both_ways(story, CMO, step, "entry.schema_invalid", "is not corrected", actor=MANAGER)


def test_a_lot_of_another_product_goes_into_no_batch() -> None:
    story = with_documents(cmo(allocated("OTHER")))
    then_refused_both_ways(story, CMO, authorised(lots=[named(LOT)]), "gate.segregation", "M-1", actor=MANAGER)


def test_a_disputed_allocation_allocates_nothing() -> None:
    story = with_documents(cmo(allocated()), mah(refused(LOT), actor="system/gateway"))
    then_refused_both_ways(story, CMO, authorised(lots=[named(LOT)]), "gate.segregation", actor=MANAGER)


def test_a_rejected_batch_is_neither_authorised_nor_worked_on() -> None:
    story = with_documents(cmo(started_without()), cmo(says(n.REJECTED, BATCH_ID, reason="装量不合格")))
    then_refused_both_ways(story, CMO, authorised(), "entry.wrong_state", "rejected", actor=MANAGER)


def test_a_batch_that_comes_from_a_suspended_one_is_suspended() -> None:
    parent = authorised(PARENT_ID, number="B2026-000", product={"name": "乙", "code": "OTHER"}, line="L-09")
    story = with_documents(cmo(parent), cmo(RAISED), cmo(MAJOR))
    scope = {"batches": [{"number": "B2026-000"}]}
    story.and_then(mah(says("suspension.demanded.v1", number="S", source="QA", reason="立即停产", scope=scope)))
    other: dict[str, Any] = {"product": {"name": "丙", "code": "THIRD"}, "line": "L-07"}
    step = authorised(number="B2026-001A", parents=[named(n.AUTHORISED)], **other)
    then_refused_both_ways(story, CMO, step, "gate.suspension", "suspension S", actor=MANAGER)


def test_a_part_of_a_suspended_batch_is_suspended_though_it_names_no_parent() -> None:
    parent = authorised(PARENT_ID, number="B2026-000", product={"name": "乙", "code": "OTHER"}, line="L-09")
    split = says(n.SPLIT, PARENT_ID, parts=[{"number": "B2026-001A", "quantity": QUANTITY}], reason="分两批包装")
    story = with_documents(cmo(parent), cmo(split))
    scope = {"batches": [{"number": "B2026-000"}]}
    story.and_then(mah(says("suspension.demanded.v1", number="S", source="QA", reason="立即停产", scope=scope)))
    other: dict[str, Any] = {"product": {"name": "丙", "code": "THIRD"}, "line": "L-07"}
    step = authorised(number="B2026-001A", **other)
    then_refused_both_ways(story, CMO, step, "gate.suspension", "suspension S", actor=MANAGER)


def test_what_was_split_off_and_joined_is_told() -> None:
    story = with_documents(cmo(authorised(PARENT_ID, number="B2026-000")), cmo(authorised()))
    part = {"number": "B2026-001A", "quantity": QUANTITY}
    asks(story, CMO, says(n.SPLIT, BATCH_ID, parts=[part], reason="分两批包装")).then(n.SPLIT)
    asks(story, CMO, says(n.JOINED, BATCH_ID, parents=[named(n.AUTHORISED, 0)], reason="合批")).then(n.JOINED)


def test_a_batch_does_not_come_from_itself() -> None:
    story = with_documents(cmo(authorised()))
    step = says(n.JOINED, BATCH_ID, parents=[named(n.AUTHORISED)], reason="合批")
    then_refused_both_ways(story, CMO, step, "entry.wrong_reference", actor=MANAGER)


def test_a_clerk_authorises_no_batch() -> None:
    asks(with_documents(), CMO, authorised(), "person/qa_staff").then_refused("entry.not_permitted")


def test_a_batch_is_split_and_reworked_and_either_is_marked_without_an_authorisation_or_against_a_stop() -> None:
    split = says(n.SPLIT, BATCH_ID, parts=[{"number": "B2026-001A", "quantity": QUANTITY}], reason="分装")
    reworked = says(n.REWORKED, BATCH_ID, procedure="SOP-77", reason="重新包装")
    for step, name in ((split, n.SPLIT), (reworked, n.REWORKED)):
        asks(with_documents(cmo(authorised())), CMO, step).then(name)
        then_marked_both_ways(with_documents(cmo(started_without())), CMO, step, name)
        then_marked_both_ways(with_documents(cmo(authorised()), cmo(RAISED), cmo(MAJOR)), CMO, step, name)


@pytest.mark.parametrize("elsewhere", [{"site": "未批准车间"}, {"line": "L-77"}, {"line": None}])
def test_a_batch_that_was_started_elsewhere_than_authorised_is_marked_and_said_anew(elsewhere: dict[str, Any]) -> None:
    story = with_documents(cmo(authorised()))
    then_marked_both_ways(story, CMO, started(**elsewhere), n.STARTED)
    asks(story, CMO, started()).then(n.STARTED)
    then_marked_both_ways(story, CMO, started(), n.STARTED)


def test_a_batch_whose_authorisation_names_no_line_is_started_on_any() -> None:
    asks(with_documents(cmo(authorised(line=None))), CMO, started(), MANAGER).then(n.STARTED)
