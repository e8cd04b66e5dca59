"""`gate.marketing_release` (G11): release, whole package, three reviews, nothing open, QP; dispatch only after it."""

from typing import Any

import pytest

from domain.batch import names as n
from domain.deviation import names as deviation
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    INVESTIGATION,
    ITEMS,
    MANUFACTURED,
    PARENT_ID,
    QP,
    QUANTITY,
    RECORD,
    TESTS,
    authorised,
    concluded,
    made_and_tested,
    marketed,
    opened_about,
    package,
    released,
    released_and_submitted,
    results,
    reviewed,
    started,
    statement,
    then_marked_both_ways,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.language import MANAGER, Written, cmo, mah
from tests.domain.matters import asks, named, says, signs
from tests.domain.oos.test_oos import SUSPECTED
from tests.domain.risk.test_risk import MAJOR, RAISED
from tests.domain.steps import classified, closed, investigated, opened
from tests.domain.steps import refused as refused_entry
from tests.domain.suspension.test_suspension import DEMANDED, ORDERED

CMO, MAH = Role.CMO, Role.MAH
FINISHED = (cmo(investigated()), cmo(classified("minor")), cmo(closed()))
GATE = "gate.marketing_release"
HELD = says(n.HELD, BATCH_ID, reason="核查投诉")
PERMITTED = signs(n.DISPATCH_PERMITTED, BATCH_ID, release=named(n.MARKETING_RELEASED))
SHIPPED = says(
    n.DISPATCHED, BATCH_ID, permission=named(n.DISPATCH_PERMITTED), quantity=QUANTITY, shipped_at="2026-11-22"
)
SALES_STOPPED = says(
    "regulatory_measure.recorded.v1",
    number="REG-2",
    source="文件",
    authority="某省药品监督管理局",
    measure="suspend_sales",
    decision_number="2026-19",
    document="a" * 64,
    received_at="2026-11-22",
    scope={"products": [{"name": "x", "code": "CRO-1G"}]},
)


def test_a_batch_goes_to_the_market_on_release_package_and_three_reviews() -> None:
    story = reviewed()
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)
    asks(story, MAH, PERMITTED).then(n.DISPATCH_PERMITTED)
    asks(story, CMO, SHIPPED).then(n.DISPATCHED)


def test_only_the_qualified_person_releases_for_the_market() -> None:
    asks(reviewed(), MAH, marketed(), MANAGER).then_refused("entry.not_permitted")


def test_two_reviews_or_one_that_found_something_release_nothing() -> None:
    then_refused_both_ways(reviewed(), MAH, marketed(-1, -1, -2), GATE, "three satisfactory reviews")
    found = released_and_submitted(
        mah(concluded(ITEMS[0])), mah(concluded(ITEMS[1])), mah(concluded(ITEMS[2], "not_satisfactory"))
    )
    then_refused_both_ways(found, MAH, marketed(), GATE, "three satisfactory reviews")


def test_a_full_review_that_was_asked_for_is_awaited() -> None:
    story = reviewed(mah(says(n.FULL_REVIEW_REQUESTED, BATCH_ID, reason="首次合作")))
    then_refused_both_ways(story, MAH, marketed(), GATE, "three satisfactory reviews")
    story.and_then(*(mah(concluded(item)) for item in ITEMS))
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)


def test_a_late_addition_is_a_new_version_with_a_reason_and_is_reviewed_anew() -> None:
    story = reviewed()
    then_marked_both_ways(story, CMO, package(2, release=named(n.FACTORY_RELEASED)), n.SUBMITTED)
    story = reviewed(cmo(package(2, release=named(n.FACTORY_RELEASED), reason="补充记录")))
    then_refused_both_ways(story, MAH, marketed(), GATE, "three satisfactory reviews")
    story.and_then(*(mah(concluded(item)) for item in ITEMS))
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)


@pytest.mark.parametrize(
    "lacking",
    [
        {"no_deviations": None},
        {"manifest": [{"kind": "batch_test_record", "sha256": TESTS}]},
        {"manifest": [{"kind": "batch_production_record", "sha256": RECORD}]},
        {"attachments": []},
        {"no_deviations": statement("person/somebody")},
        {"version": 3},
    ],
)
def test_a_package_that_is_not_whole_is_recorded_and_marked_and_opens_nothing(lacking: dict[str, Any]) -> None:
    story = made_and_tested()
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    then_marked_both_ways(story, CMO, package(**lacking), n.SUBMITTED)
    then_refused_both_ways(story, MAH, concluded(ITEMS[0]), GATE, "not whole", actor=MANAGER)


def test_a_package_without_a_release_just_before_it_names_its_release() -> None:
    story = made_and_tested()
    then_refused_both_ways(story, CMO, package(), "entry.wrong_reference", actor=MANAGER)


def test_a_package_of_another_batch_is_a_wrong_reference() -> None:
    story = made_and_tested()
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    then_refused_both_ways(story, CMO, package(batch={"number": "B2026-999"}), "entry.wrong_reference", actor=MANAGER)


def test_the_investigation_of_every_deviation_is_in_the_package() -> None:
    story = made_and_tested(cmo(opened()), cmo(investigated()), cmo(classified("minor")), cmo(closed()))
    asks(story, CMO, released(named(deviation.CLOSED)), QP).then(n.FACTORY_RELEASED)
    then_marked_both_ways(story, CMO, package(), n.SUBMITTED)

    story = made_and_tested(cmo(opened()), cmo(investigated()), cmo(classified("minor")), cmo(closed()))
    asks(story, CMO, released(named(deviation.CLOSED)), QP).then(n.FACTORY_RELEASED)
    files = (
        (RECORD, "batch_production_record"),
        (TESTS, "batch_test_record"),
        (INVESTIGATION, "deviation_investigation"),
    )
    manifest: list[dict[str, Any]] = [{"kind": kind, "sha256": sha256} for sha256, kind in files]
    manifest[-1]["about"] = named(deviation.OPENED)
    attachments = [{"sha256": sha256, "name": kind, "size": 0} for sha256, kind in files]
    step = package(manifest=manifest, attachments=attachments, no_deviations=None)
    asks(story, CMO, step).then(n.SUBMITTED)


def test_what_came_up_after_the_factory_release_shuts_the_marketing_release() -> None:
    then_refused_both_ways(reviewed(mah(opened())), MAH, marketed(), GATE, "deviation DEV-2026-0001")
    then_refused_both_ways(reviewed(cmo(SUSPECTED)), MAH, marketed(), GATE, "oos OOS-2026-0001")
    then_refused_both_ways(reviewed(cmo(RAISED), cmo(MAJOR)), MAH, marketed(), "gate.suspension")
    then_refused_both_ways(reviewed(mah(SALES_STOPPED)), MAH, marketed(), "gate.regulatory_measure")


def test_a_hold_shuts_the_release_until_it_is_lifted() -> None:
    story = reviewed(mah(HELD))
    then_refused_both_ways(story, MAH, marketed(), GATE, "held: 核查投诉")
    asks(story, MAH, signs(n.HOLD_LIFTED, BATCH_ID, hold=named(n.HELD))).then(n.HOLD_LIFTED)
    then_refused_both_ways(
        story, MAH, signs(n.HOLD_LIFTED, BATCH_ID, hold=named(n.HELD)), "entry.wrong_state", "already", actor=MANAGER
    )
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)


def test_a_disputed_factory_release_releases_nothing() -> None:
    story = reviewed(mah(refused_entry(n.FACTORY_RELEASED), actor="system/gateway"))
    then_refused_both_ways(story, MAH, marketed(), GATE, "does not stand")


def test_a_batch_that_was_not_made_for_the_market_does_not_go_there() -> None:
    begun = (cmo(authorised(purpose="engineering")), cmo(started(purpose="engineering")))
    story = with_documents(*begun, cmo(MANUFACTURED), cmo(results()))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    story.and_then(cmo(package()), *(mah(concluded(item)) for item in ITEMS))
    then_refused_both_ways(story, MAH, marketed(), GATE, "not made for the market")


def test_a_batch_is_released_for_the_market_once_unless_the_release_was_withdrawn() -> None:
    story = reviewed()
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)
    then_refused_both_ways(story, MAH, marketed(), "entry.wrong_state", "already")
    story.and_then(mah(says(n.RELEASE_WITHDRAWN, BATCH_ID, release=named(n.MARKETING_RELEASED), reason="投诉")))
    then_refused_both_ways(story, MAH, marketed(), GATE, "three satisfactory reviews")


def test_goods_leave_only_after_the_marketing_release() -> None:
    shipped = says(n.DISPATCHED, BATCH_ID, quantity=QUANTITY, shipped_at="2026-11-22")
    then_marked_both_ways(reviewed(), CMO, shipped, n.DISPATCHED)
    by_the_holder = says(n.REVIEW_DISPATCHED, BATCH_ID, quantity=QUANTITY, shipped_at="2026-11-22")
    then_marked_both_ways(reviewed(), MAH, by_the_holder, n.REVIEW_DISPATCHED)


def test_a_withdrawn_release_a_hold_and_a_stop_of_sales_shut_dispatch() -> None:
    withdrawn = says(n.RELEASE_WITHDRAWN, BATCH_ID, release=named(n.MARKETING_RELEASED), reason="投诉")
    for shutting, gate in ((withdrawn, GATE), (HELD, GATE), (SALES_STOPPED, "gate.regulatory_measure")):
        story = reviewed()
        asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)
        story.and_then(mah(PERMITTED), mah(shutting))
        then_refused_both_ways(story, MAH, PERMITTED, gate, actor=MANAGER)
        then_marked_both_ways(story, CMO, SHIPPED, n.DISPATCHED)


REWORKED = cmo(says(n.REWORKED, BATCH_ID, procedure="重新灯检", reason="外观"))
JOINED = cmo(says(n.JOINED, BATCH_ID, parents=[named(n.AUTHORISED)], reason="合批"))
LATER_PACKAGE = cmo(package(2, release=named(n.FACTORY_RELEASED), reason="补充记录"))


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ((REWORKED,), "the factory release does not stand"),
        ((REWORKED, cmo(results()), cmo(released(), QP)), "the factory release does not stand"),
        ((cmo(authorised(PARENT_ID, number="B2026-000")), JOINED), "the factory release does not stand"),
        ((LATER_PACKAGE,), "not the latest"),
        ((cmo(package(2, release=named(n.FACTORY_RELEASED))),), "not the latest"),
        ((cmo(opened()),), "deviation DEV-2026-0001"),
        ((mah(opened()),), "deviation DEV-2026-0001"),
        ((cmo(SUSPECTED),), "oos OOS-2026-0001"),
        ((mah(DEMANDED),), "suspended by suspension"),
        ((mah(refused_entry(n.FACTORY_RELEASED), "system/gateway"),), "the factory release does not stand"),
        ((cmo(refused_entry(n.ITEM_CONCLUDED), "system/gateway"),), "three satisfactory reviews"),
        ((mah(says(n.FULL_REVIEW_REQUESTED, BATCH_ID, reason="首次合作")),), "three satisfactory reviews"),
    ],
)
def test_what_voids_the_marketing_release_shuts_dispatch_though_it_was_seen(
    since: tuple[Written, ...], words: str
) -> None:
    story = reviewed(mah(marketed(), QP), mah(PERMITTED), *since)
    then_refused_both_ways(story, MAH, PERMITTED, GATE, words, actor=MANAGER)
    then_marked_both_ways(story, CMO, SHIPPED, n.DISPATCHED)


def test_a_measure_that_stops_manufacturing_shuts_dispatch_as_it_shuts_the_release() -> None:
    story = reviewed(mah(marketed(), QP), mah(PERMITTED), mah(ORDERED))
    then_refused_both_ways(story, MAH, PERMITTED, "gate.regulatory_measure", actor=MANAGER)
    then_marked_both_ways(story, CMO, SHIPPED, n.DISPATCHED)


def test_goods_that_are_said_to_have_left_while_a_measure_bound_are_marked_although_it_is_ended_by_now() -> None:
    story = reviewed(mah(marketed(), QP), mah(PERMITTED), mah(SALES_STOPPED))
    stopped = story.past("regulatory_measure.recorded.v1").time
    story.write(mah(signs("regulatory_measure.ended.v1", document="b" * 64, ended_at="2026-11-22")))
    asks(story, CMO, SHIPPED).then(n.DISPATCHED)
    while_stopped = {"permission": named(n.DISPATCH_PERMITTED), "quantity": QUANTITY, "shipped_at": stopped}
    then_marked_both_ways(story, CMO, says(n.DISPATCHED, BATCH_ID, **while_stopped), n.DISPATCHED)


def test_reworked_goods_leave_after_they_were_tested_released_and_reviewed_anew() -> None:
    story = reviewed(mah(marketed(), QP), mah(PERMITTED), REWORKED, cmo(results()), cmo(released(), QP), LATER_PACKAGE)
    story.and_then(mah(says(n.RELEASE_WITHDRAWN, BATCH_ID, release=named(n.MARKETING_RELEASED), reason="返工")))
    story.and_then(*(mah(concluded(item)) for item in ITEMS))
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)
    then_marked_both_ways(story, CMO, SHIPPED, n.DISPATCHED)  # on the permission of the release that was withdrawn
    story.and_then(cmo(opened_about(n.DISPATCHED)), *FINISHED)
    asks(story, MAH, PERMITTED).then(n.DISPATCH_PERMITTED)
    asks(story, CMO, SHIPPED).then(n.DISPATCHED)


def test_what_came_up_after_the_marketing_release_shuts_dispatch_until_it_is_resolved() -> None:
    story = reviewed(mah(marketed(), QP), cmo(opened()))
    then_refused_both_ways(story, MAH, PERMITTED, GATE, "deviation", actor=MANAGER)
    story.and_then(cmo(investigated()), cmo(classified("minor")), cmo(closed()))
    asks(story, MAH, PERMITTED).then(n.DISPATCH_PERMITTED)


def test_the_holder_ships_on_its_own_permission() -> None:
    story = reviewed(mah(marketed(), QP), mah(PERMITTED))
    body = {"quantity": QUANTITY, "shipped_at": "2026-11-22", "permission": named(n.DISPATCH_PERMITTED)}
    asks(story, MAH, says(n.REVIEW_DISPATCHED, BATCH_ID, **body)).then(n.REVIEW_DISPATCHED)
