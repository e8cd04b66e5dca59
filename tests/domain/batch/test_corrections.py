"""A correction never opens what the original shut, and one that makes it worse shuts: the worse reading counts."""

from typing import Any

import pytest

from domain.batch import names as n
from domain.lot import names as lot
from domain.lot.rules import lot_id
from domain.oos import names as oos
from domain.steps.corrections import readings
from domain.suspension import names as suspension
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    ITEMS,
    MANUFACTURED,
    QP,
    allocated,
    authorised,
    made_and_tested,
    marketed,
    package,
    released,
    results,
    reviewed,
    started,
    then_marked_both_ways,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.items.test_overtaken import OTHER_SCOPE, crossing, marks, row_of
from tests.domain.language import MANAGER, STAFF, Step, cmo, mah
from tests.domain.matters import MATTER_ID, asks, named, says, signs
from tests.domain.oos.test_oos import SUSPECTED, phase
from tests.domain.steps import refused as refused_entry

CMO, MAH = Role.CMO, Role.MAH
FACTORY, MARKETING = "gate.factory_release", "gate.marketing_release"
LOT_ID = lot_id("头孢曲松钠", "M-1")
PERMITTED = signs(n.DISPATCH_PERMITTED, BATCH_ID, release=named(n.MARKETING_RELEASED))
NUMBERS: dict[str, Any] = {"batches": [{"number": "B2026-001"}]}
BREACH = says(lot.BREACH_FOUND, LOT_ID, description="标签混淆", found_at="2026-11-22", **NUMBERS)


def corrected(entry: str, field: str, before: str, after: str, *, index: int = -1) -> Step:
    """A party puts right one text of an entry of the batch, of its review or of the lot."""
    kind = entry.partition(".")[0]
    identity = {"lot": LOT_ID, "suspension": MATTER_ID, "oos": MATTER_ID}.get(kind, BATCH_ID)
    change = {"field": field, "before": before, "after": after}
    return says(f"{kind}.corrected.v1", identity, entry=named(entry, index), changes=[change], reason="录入错误")


FAILED = corrected(n.TESTED, "results.0.verdict", "conforms", "does_not_conform")
PASSED = corrected(n.TESTED, "results.0.verdict", "does_not_conform", "conforms")
OTHER_TEST = corrected(n.TESTED, "results.0.test", "含量测定 HPLC", "水分")


def test_a_result_that_was_corrected_to_a_failure_shuts_the_release() -> None:
    then_refused_both_ways(made_and_tested(cmo(FAILED)), CMO, released(), FACTORY, "does not conform")


def test_a_failure_is_not_corrected_away_but_tested_anew() -> None:
    making = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results("does_not_conform")))
    story = with_documents(*making, cmo(PASSED))
    then_refused_both_ways(story, CMO, released(), FACTORY, "does not conform")
    story.and_then(cmo(results()))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_failure_that_was_said_in_between_is_tested_anew_too() -> None:
    story = made_and_tested(cmo(FAILED), cmo(PASSED))
    then_refused_both_ways(story, CMO, released(), FACTORY, "does not conform")


def test_a_pass_that_is_corrected_to_be_of_another_test_takes_the_place_of_no_failure() -> None:
    making = (cmo(authorised()), cmo(MANUFACTURED), cmo(results("does_not_conform")), cmo(results()))
    other = corrected(n.TESTED, "results.0.test", "含量测定 HPLC", "水分")
    then_refused_both_ways(with_documents(*making, cmo(other)), CMO, released(), FACTORY, "does not conform")
    then_refused_both_ways(made_and_tested(cmo(OTHER_TEST)), CMO, released(), FACTORY, "not tested")


def test_a_correction_shuts_though_it_is_marked_or_disputed() -> None:
    by_nobody = made_and_tested(cmo(FAILED, "person/nobody"))
    assert by_nobody.past(n.CORRECTED).violates
    then_refused_both_ways(by_nobody, CMO, released(), FACTORY, "does not conform")
    disputed = made_and_tested(cmo(FAILED), mah(refused_entry(n.CORRECTED), "system/gateway"))
    then_refused_both_ways(disputed, CMO, released(), FACTORY, "does not conform")


def test_a_failure_shuts_though_nobody_relies_on_it_and_a_pass_opens_only_if_relied_on() -> None:
    story = made_and_tested(cmo(results("does_not_conform"), "person/nobody"))
    then_refused_both_ways(story, CMO, released(), FACTORY, "does not conform")
    story.and_then(cmo(results(), "person/nobody"))
    then_refused_both_ways(story, CMO, released(), FACTORY, "does not conform")
    story.and_then(cmo(results()))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


@pytest.mark.parametrize("worse", [FAILED, results("does_not_conform")])
def test_a_failure_after_the_factory_release_shuts_what_follows(worse: Step) -> None:
    then_refused_both_ways(reviewed(cmo(worse)), MAH, marketed(), MARKETING, "does not conform")
    story = reviewed(mah(marketed(), QP), cmo(worse))
    then_refused_both_ways(story, MAH, PERMITTED, MARKETING, "does not conform", actor=MANAGER)


@pytest.mark.parametrize("worse", [FAILED, results("does_not_conform")])
def test_a_failure_that_crossed_the_marketing_release_overtakes_it_until_it_is_tested_anew(worse: Step) -> None:
    story = crossing(reviewed(), worse, marketed(), qp=MAH)
    assert marks(story).keys() == {n.MARKETING_RELEASED}
    assert row_of(story)["overtaken"] is True

    story.write(cmo(results()))

    assert row_of(story)["overtaken"] is False


def test_an_innocent_correction_overtakes_nothing() -> None:
    innocent = corrected(n.MANUFACTURED, "quantity.amount", "10000", "9990")
    assert marks(crossing(reviewed(), innocent, marketed(), qp=MAH)) == {}


def test_a_batch_that_was_corrected_not_to_be_for_the_market_does_not_go_there_nor_back() -> None:
    away = corrected(n.AUTHORISED, "purpose", "commercial", "engineering")
    then_refused_both_ways(reviewed(cmo(away)), MAH, marketed(), MARKETING, "not made for the market")
    back = corrected(n.AUTHORISED, "purpose", "engineering", "commercial")
    begun = (cmo(authorised(purpose="engineering")), cmo(started(purpose="engineering")))
    making = (*begun, cmo(MANUFACTURED), cmo(results()), cmo(back))
    story = with_documents(*making)
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    story.and_then(cmo(package()), *(mah(concluded) for concluded in _concluded()))
    then_refused_both_ways(story, MAH, marketed(), MARKETING, "not made for the market")


def test_a_start_that_was_corrected_to_a_day_before_its_documents_were_effective_shuts_the_release() -> None:
    day, early = "2026-11-22T09:40:00+08:00", "2025-12-31T09:00:00+08:00"
    story = made_and_tested(cmo(corrected(n.STARTED, "started_at", day, early)))
    then_refused_both_ways(story, CMO, released(), FACTORY, "effective from 2026-01-01")
    making = (cmo(authorised()), cmo(started(started_at=early)), cmo(MANUFACTURED), cmo(results()))
    story = with_documents(*making, cmo(corrected(n.STARTED, "started_at", early, day)))
    then_refused_both_ways(story, CMO, released(), FACTORY, "effective from 2026-01-01")


def test_a_process_that_was_corrected_to_none_that_is_there_shuts_the_release() -> None:
    story = made_and_tested()
    leaf = story.past(n.AUTHORISED).body.process_version.leaf
    story.and_then(cmo(corrected(n.AUTHORISED, "process_version.leaf", leaf, story.ref(n.STARTED).leaf)))
    then_refused_both_ways(story, CMO, released(), FACTORY, "not there")


def test_a_review_that_was_corrected_to_a_finding_or_to_another_item_does_not_count() -> None:
    found = corrected(n.ITEM_CONCLUDED, "verdict", "satisfactory", "not_satisfactory")
    then_refused_both_ways(reviewed(mah(found)), MAH, marketed(), MARKETING, "three satisfactory reviews")
    other = corrected(n.ITEM_CONCLUDED, "item", ITEMS[2], ITEMS[0])
    then_refused_both_ways(reviewed(mah(other)), MAH, marketed(), MARKETING, "three satisfactory reviews")
    story = reviewed(mah(marketed(), QP), mah(found))
    then_refused_both_ways(story, MAH, PERMITTED, MARKETING, "three satisfactory reviews", actor=MANAGER)


def test_a_finding_is_not_corrected_away_but_reviewed_anew() -> None:
    last = signs(n.ITEM_CONCLUDED, BATCH_ID, item=ITEMS[2], verdict="not_satisfactory", package=named(n.SUBMITTED))
    story = reviewed(mah(last), mah(corrected(n.ITEM_CONCLUDED, "verdict", "not_satisfactory", "satisfactory")))
    then_refused_both_ways(story, MAH, marketed(-1, -3, -4), MARKETING, "three satisfactory reviews")


@pytest.mark.parametrize(
    ("field", "before", "after"), [("product.code", "CRO-1G", "OTHER"), ("product.code", "OTHER", "CRO-1G")]
)
def test_a_lot_whose_product_was_corrected_is_neithers(field: str, before: str, after: str) -> None:
    story = with_documents(cmo(allocated(before)), cmo(corrected(lot.ALLOCATED, field, before, after)))
    step = authorised(lots=[named(lot.ALLOCATED)])
    then_refused_both_ways(story, CMO, step, "gate.segregation", "M-1", actor=MANAGER)
    asks(story, CMO, allocated()).then(lot.ALLOCATED)
    asks(story, CMO, step).then(n.AUTHORISED)


@pytest.mark.parametrize(("first", "second"), [("material", "key_material"), ("key_material", "material")])
def test_a_material_that_was_ever_called_key_is_not_shared(first: str, second: str) -> None:
    story = with_documents(cmo(authorised()))
    story.and_then(cmo(allocated("OTHER", kind=first)), cmo(allocated("OTHER", kind=second)))
    used = says(
        lot.USED,
        LOT_ID,
        opening=named(n.AUTHORISED),
        batch={"number": "B2026-001"},
        used_at="2026-11-22",
    )
    then_marked_both_ways(story, CMO, used, lot.USED)


def test_a_lot_stays_the_one_that_was_entered() -> None:
    step = corrected(lot.ALLOCATED, "number", "M-1", "M-2")
    then_refused_both_ways(
        with_documents(cmo(allocated())), CMO, step, "entry.schema_invalid", "is not corrected", actor=MANAGER
    )


def test_a_breach_of_segregation_shuts_whatever_batch_it_ever_named() -> None:
    away = corrected(lot.BREACH_FOUND, "batches.0.number", "B2026-001", "B2026-999")
    story = made_and_tested(cmo(allocated()), cmo(BREACH), cmo(away))
    then_refused_both_ways(story, CMO, released(), FACTORY, "segregation breach of lot M-1")
    other = says(lot.BREACH_FOUND, LOT_ID, description="混淆", found_at="2026-11-22", batches=[{"number": "B-9"}])
    here = corrected(lot.BREACH_FOUND, "batches.0.number", "B-9", "B2026-001")
    story = made_and_tested(cmo(allocated()), cmo(other), cmo(here))
    then_refused_both_ways(story, CMO, released(), FACTORY, "segregation breach of lot M-1")
    crossed = crossing(reviewed(cmo(allocated()), cmo(other)), here, marketed(), qp=MAH)
    assert marks(crossed) == {n.MARKETING_RELEASED: lot.CORRECTED}


def test_a_batch_is_held_by_a_suspensions_word_until_a_later_one_that_was_never_corrected_lets_it_go() -> None:
    opening = says(suspension.STARTED, number="S", source="s", reason="r", stopped_at="2026-11-22", scope=OTHER_SCOPE)
    lifted = (mah(signs(suspension.REVIEW_LIFT_SIGNED)), cmo(signs(suspension.LIFT_SIGNED)))
    word: dict[str, Any] = {"batch": {"number": "B2026-001"}, "reason": "r"}
    held = says(suspension.BATCH_DISPOSED, disposition="held", **word)
    free = says(suspension.BATCH_DISPOSED, disposition="completed", **word)
    to_held = corrected(suspension.BATCH_DISPOSED, "disposition", "completed", "held")
    to_free = corrected(suspension.BATCH_DISPOSED, "disposition", "held", "completed")
    elsewhere = corrected(suspension.BATCH_DISPOSED, "batch.number", "B2026-001", "B2026-999")
    for said in ([free, to_held], [held, to_free], [held, free, elsewhere]):
        story = made_and_tested(cmo(opening), *lifted, *map(cmo, said))
        then_refused_both_ways(story, CMO, released(), FACTORY, "disposition: held")
        story.write(cmo(free))
        asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_result_that_was_corrected_to_be_out_of_specification_blocks_though_it_was_confirmed_out_of_trend() -> None:
    entries = (cmo(_out_of_trend()), cmo(phase(), STAFF), cmo(says(oos.CONFIRMED, cause="趋势")))
    asks(made_and_tested(*entries), CMO, released(named(oos.CONFIRMED)), QP).then(n.FACTORY_RELEASED)
    story = made_and_tested(*entries)
    story.write(cmo(corrected(oos.SUSPECTED, "result_kind", "oot", "oos")))
    then_refused_both_ways(story, CMO, released(named(oos.CONFIRMED)), FACTORY, "oos OOS-2026-0001")


def test_what_leaves_no_body_of_the_catalogue_says_nothing() -> None:
    story = made_and_tested()
    change = {"field": "results.7.verdict", "before": "x", "after": "does_not_conform"}
    story.write(cmo(says(n.CORRECTED, BATCH_ID, entry=named(n.TESTED), changes=[change], reason="r")))
    assert story.past(n.CORRECTED).violates  # the value before is not the one that stands
    tested = story.past(n.TESTED)
    assert readings(tested, story.all()) == [tested.body]
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def _concluded() -> list[Step]:
    return [
        signs(n.ITEM_CONCLUDED, BATCH_ID, item=item, verdict="satisfactory", package=named(n.SUBMITTED))
        for item in ITEMS
    ]


def _out_of_trend() -> Step:
    return lambda story, role: _with_kind(SUSPECTED(story, role))


def _with_kind(draft: Any) -> Any:
    return type(draft)(draft.type, draft.subject, {**draft.body, "result_kind": "oot"})
