"""`gate.factory_release` (G10): conditions met, everything that touches the batch resolved, the QP's signature."""

from typing import Any

import pytest

from domain.approved_version import names as versions
from domain.batch import names as n
from domain.deviation import names as deviation
from domain.lot.rules import lot_id
from domain.oos import names as oos
from events.encoding.identifiers import Role
from tests.domain.approved_version.test_approved_version import approved
from tests.domain.batch.steps import (
    BATCH_ID,
    MANUFACTURED,
    PARENT_ID,
    PROCESS_ID,
    QP,
    QUANTITY,
    STANDARD,
    allocated,
    authorised,
    made_and_tested,
    opened_about,
    paired,
    released,
    results,
    started,
    started_without,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.language import MANAGER, Story, Written, cmo, given, mah
from tests.domain.matters import asks, named, says, signs
from tests.domain.oos.test_oos import INVALIDATED, SUSPECTED, phase
from tests.domain.risk.test_risk import MAJOR, RAISED
from tests.domain.steps import (
    activated,
    agreement_drafted,
    batch_linked,
    classified,
    closed,
    investigated,
    opened,
    signed,
)
from tests.domain.steps import refused as refused_entry
from tests.domain.suspension.test_suspension import DEMANDED, ORDERED

CMO, MAH = Role.CMO, Role.MAH
GRANDPARENT_ID = "0193572e-0000-7000-8000-0000000000b3"
LOT_ID = lot_id("头孢曲松钠", "M-1")
GATE = "gate.factory_release"
FINISHED = (cmo(investigated()), cmo(classified("minor")), cmo(closed()))
CHANGE = says(
    "change.proposed.v1",
    number="CHG-1",
    source="eQMS",
    title="更换西林瓶供应商",
    description="西林瓶",
    scope={"batches": [{"number": "B2026-001"}]},
)


def then_shut(story: Story, words: str) -> None:
    then_refused_both_ways(story, CMO, released(), GATE, words)


def test_a_batch_that_nothing_touches_is_released_by_the_qualified_person() -> None:
    asks(made_and_tested(), CMO, released(), QP).then(n.FACTORY_RELEASED)
    asks(made_and_tested(), CMO, released(), MANAGER).then_refused("entry.not_permitted")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((cmo(authorised()), cmo(MANUFACTURED), cmo(results())), "manufacturing has not started"),
        ((cmo(authorised()), cmo(started())), "manufacturing has not ended"),
        ((cmo(authorised()), cmo(started()), cmo(MANUFACTURED)), "not tested"),
        ((cmo(authorised()), cmo(MANUFACTURED), cmo(results("does_not_conform"))), "does not conform"),
        ((cmo(started_without()), cmo(MANUFACTURED), cmo(results())), "no authorisation"),
    ],
)
def test_a_condition_that_is_not_met_shuts_the_release(entries: tuple[Written, ...], words: str) -> None:
    then_shut(with_documents(*entries), words)


def test_the_last_word_on_a_test_counts() -> None:
    making = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results("does_not_conform")))
    story = with_documents(*making, cmo(results()))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_batch_is_tested_anew_after_rework() -> None:
    story = made_and_tested(cmo(says(n.REWORKED, BATCH_ID, procedure="重新灯检", reason="外观")))
    then_shut(story, "not tested")


def test_a_batch_made_under_a_document_that_was_not_effective_is_not_released() -> None:
    story = with_documents(cmo(authorised(site="一车间")), cmo(MANUFACTURED), cmo(results()))
    then_shut(story, "not for site 一车间")
    early = started(started_at="2025-12-31T09:00:00+08:00")
    story = with_documents(cmo(authorised()), cmo(early), cmo(MANUFACTURED), cmo(results()))
    then_shut(story, "effective from 2026-01-01")


def test_a_start_that_was_recorded_before_its_documents_were_effective_reaches_none_by_a_later_stated_day() -> None:
    process = approved(versions.PROCESS, PROCESS_ID, effective_from="2026-12-01")
    making = (cmo(authorised()), cmo(started(started_at="2026-12-02")), cmo(MANUFACTURED), cmo(results()))
    then_shut(given(mah(paired), mah(process), mah(STANDARD), *making), "effective from 2026-12-01")


@pytest.mark.parametrize("role", list(Role))
def test_an_open_deviation_of_either_party_shuts_the_release_and_is_named(role: Role) -> None:
    then_shut(made_and_tested(Written(role, opened())), "deviation DEV-2026-0001")


def test_a_deviation_that_was_linked_later_shuts_the_release() -> None:
    story = made_and_tested(cmo(opened(batches=[])))
    asks(story, CMO, released(), QP)
    then_shut(story.and_then(cmo(batch_linked("B2026-001"))), "deviation DEV-2026-0001")


def test_the_release_names_what_resolved_each_matter_and_nothing_else() -> None:
    story = made_and_tested(cmo(opened()), *FINISHED)
    then_shut(story, "`resolved`")
    then_refused_both_ways(story, CMO, released(named(n.TESTED)), GATE, "`resolved`")
    asks(story, CMO, released(named(deviation.CLOSED)), QP).then(n.FACTORY_RELEASED)


def test_a_disputed_closure_resolves_nothing() -> None:
    story = made_and_tested(cmo(opened()), *FINISHED, mah(refused_entry(deviation.CLOSED), actor="system/gateway"))
    then_shut(story, "deviation DEV-2026-0001")


def test_a_result_out_of_specification_shuts_the_release_until_it_is_invalidated_with_cause() -> None:
    story = made_and_tested(cmo(SUSPECTED), cmo(phase(), "person/qa_staff"))
    then_shut(story, "oos OOS-2026-0001")
    story.and_then(cmo(INVALIDATED))
    asks(story, CMO, released(named(oos.INVALIDATED)), QP).then(n.FACTORY_RELEASED)


def test_a_confirmed_result_out_of_specification_shuts_the_release_for_good() -> None:
    then_shut(made_and_tested(cmo(SUSPECTED), cmo(says(oos.CONFIRMED, cause="工艺偏移"))), "oos OOS-2026-0001")


def test_a_change_of_the_batch_shuts_the_release_until_it_is_withdrawn_or_implemented() -> None:
    story = made_and_tested(cmo(CHANGE))
    then_shut(story, "change CHG-1")
    story.and_then(cmo(says("change.withdrawn.v1", reason="不再需要")))
    asks(story, CMO, released(named("change.withdrawn.v1")), QP).then(n.FACTORY_RELEASED)


def test_a_segregation_breach_that_names_the_batch_shuts_the_release() -> None:
    breach = says(
        "lot.breach_found.v1", LOT_ID, description="标签混淆", found_at="2026-11-22", batches=[{"number": "B2026-001"}]
    )
    then_shut(made_and_tested(cmo(allocated()), cmo(breach)), "segregation breach of lot M-1")


def test_what_touches_a_parent_touches_its_parts() -> None:
    parent = authorised(PARENT_ID, number="B2026-000")
    story = with_documents(
        cmo(parent), cmo(authorised(parents=[named(n.AUTHORISED)])), cmo(MANUFACTURED), cmo(results())
    )
    then_shut(story.and_then(cmo(opened(batches=[{"number": "B2026-000"}]))), "deviation DEV-2026-0001")


SPLIT = says(n.SPLIT, PARENT_ID, parts=[{"number": "B2026-001", "quantity": QUANTITY}], reason="分两批包装")
PART = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results()))


@pytest.mark.parametrize("making", [(cmo(SPLIT), *PART), (*PART, cmo(SPLIT))])
def test_what_touches_a_batch_touches_the_parts_that_it_was_split_into_though_they_name_no_parent(
    making: tuple[Written, ...],
) -> None:
    parent = cmo(authorised(PARENT_ID, number="B2026-000"))
    story = with_documents(parent, *making, cmo(opened(batches=[{"number": "B2026-000"}])))
    then_shut(story, "deviation DEV-2026-0001")
    story.and_then(*FINISHED)
    then_shut(story, "`resolved`")
    asks(story, CMO, released(named(deviation.CLOSED)), QP).then(n.FACTORY_RELEASED)


def test_what_touches_a_batch_touches_the_parts_of_its_parts_and_those_that_a_correction_of_the_split_names() -> None:
    other = says(n.SPLIT, PARENT_ID, parts=[{"number": "B2026-00X", "quantity": QUANTITY}], reason="分两批包装")
    change = {"field": "parts.0.number", "before": "B2026-00X", "after": "B2026-001"}
    corrected = says(n.CORRECTED, PARENT_ID, entry=named(n.SPLIT), changes=[change], reason="录入错误")
    first = cmo(authorised(GRANDPARENT_ID, number="B2026-00A"))
    split = says(n.SPLIT, GRANDPARENT_ID, parts=[{"number": "B2026-000", "quantity": QUANTITY}], reason="分装")
    parent = cmo(authorised(PARENT_ID, number="B2026-000"))
    story = with_documents(first, cmo(split), parent, cmo(other), cmo(corrected), *PART)
    then_shut(story.and_then(cmo(opened(batches=[{"number": "B2026-00A"}]))), "deviation DEV-2026-0001")


def test_batches_that_were_split_into_one_another_are_one_lineage() -> None:
    back = says(n.SPLIT, BATCH_ID, parts=[{"number": "B2026-000", "quantity": QUANTITY}], reason="分装")
    story = with_documents(cmo(authorised(PARENT_ID, number="B2026-000")), cmo(SPLIT), *PART, cmo(back))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_suspension_shuts_the_release_unless_the_agreement_says_otherwise() -> None:
    story = made_and_tested(cmo(RAISED), cmo(MAJOR))
    then_refused_both_ways(story, CMO, released(), "gate.suspension")
    agreed = [cmo(agreement_drafted(policies={"suspension_blocks_release": False})), cmo(signed()), mah(signed())]
    story = made_and_tested(*agreed, cmo(activated()), cmo(RAISED), cmo(MAJOR))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


@pytest.mark.parametrize("stops", [(cmo(RAISED), cmo(MAJOR)), (mah(DEMANDED),)])
def test_whether_a_suspension_shuts_the_release_is_what_was_agreed_when_it_began(stops: tuple[Written, ...]) -> None:
    agreed = [cmo(agreement_drafted(policies={"suspension_blocks_release": False})), cmo(signed()), mah(signed())]
    later = made_and_tested(*stops, *agreed, cmo(activated()))
    then_refused_both_ways(later, CMO, released(), "gate.suspension")

    changed = [cmo(agreement_drafted(2)), cmo(signed()), mah(signed()), cmo(activated())]
    before = made_and_tested(*agreed, cmo(activated()), *stops, *changed)
    asks(before, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_regulators_measure_shuts_the_release() -> None:
    then_refused_both_ways(made_and_tested(mah(ORDERED)), CMO, released(), "gate.regulatory_measure")


def test_a_batch_is_released_once_and_not_after_it_was_rejected() -> None:
    story = made_and_tested()
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    then_refused_both_ways(story, CMO, released(), "entry.wrong_state", "already")
    rejected = made_and_tested(mah(says(n.REVIEW_REJECTED, BATCH_ID, reason="投诉")))
    then_refused_both_ways(rejected, CMO, released(), "entry.wrong_state", "rejected")


def test_what_has_not_crossed_yet_shuts_nothing_and_every_reader_agrees() -> None:
    story = made_and_tested()
    seen = story.sizes[MAH]
    story.and_then(mah(opened()))
    past = story.write(Written(CMO, released(), QP, seen))
    assert (past.code, past.violates) == (None, False)
    assert story.judge_again(past) is None


def test_a_start_on_a_site_for_which_nothing_was_approved_shuts_the_release_though_it_is_explained() -> None:
    stopped = cmo(says("suspension.started.v1", **SUSPENSION))
    lifted = (cmo(signs("suspension.lift_signed.v1")), mah(signs("suspension_review.lift_signed.v1")))
    begun = (cmo(authorised()), stopped, cmo(started(site="未批准车间")), *lifted)
    story = with_documents(*begun, cmo(MANUFACTURED), cmo(results()), cmo(opened_about(n.STARTED)), *FINISHED)
    then_refused_both_ways(story, CMO, released(named(deviation.CLOSED)), GATE, "not for site 未批准车间")


SUSPENSION: dict[str, Any] = {
    "number": "SUS-1",
    "source": "eQMS",
    "reason": "停产",
    "stopped_at": "2026-11-22T09:40:00+08:00",
    "scope": {"products": [{"name": "x", "code": "CRO-1G"}]},
}
