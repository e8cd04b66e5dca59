"""A split or a join sheds nothing: rejections, holds and failures of a batch go with its parts (G10, G11)."""

import pytest

from domain.batch import names as n
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    ITEMS,
    MANUFACTURED,
    PARENT_ID,
    QP,
    QUANTITY,
    authorised,
    concluded,
    made_and_tested,
    marketed,
    package,
    released,
    results,
    started,
    then_marked_both_ways,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.language import MANAGER, Story, Written, cmo, mah
from tests.domain.matters import asks, named, says, signs

CMO, MAH = Role.CMO, Role.MAH
FACTORY, MARKETING = "gate.factory_release", "gate.marketing_release"
PARENT = cmo(authorised(PARENT_ID, number="B2026-000"))
SPLIT = cmo(says(n.SPLIT, PARENT_ID, parts=[{"number": "B2026-001", "quantity": QUANTITY}], reason="分两批包装"))
REJECTIONS = (
    cmo(says(n.REJECTED, PARENT_ID, reason="不合格")),
    mah(says(n.REVIEW_REJECTED, PARENT_ID, reason="不合格")),
)
HELD = mah(says(n.HELD, PARENT_ID, reason="核查投诉"))
MAKING = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results()))
JOINED = says(n.JOINED, BATCH_ID, parents=[named(n.AUTHORISED, 0)], reason="合批")
PERMITTED = signs(n.DISPATCH_PERMITTED, BATCH_ID, release=named(n.MARKETING_RELEASED))
REWORKED = says(n.REWORKED, BATCH_ID, procedure="重新灯检", reason="外观")


def of_the_parent(verdict: str) -> Written:
    result = {"test": "无菌", "result": "阳性", "limits": "无菌", "verdict": verdict}
    return cmo(says(n.TESTED, PARENT_ID, results=[result], tested_at="2026-11-22"))


def part_reviewed() -> Story:
    """A part of a batch was made, released by the manufacturer and reviewed."""
    story = with_documents(PARENT, SPLIT, *MAKING)
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    return story.and_then(cmo(package()), *(mah(concluded(item)) for item in ITEMS))


@pytest.mark.parametrize("rejected", REJECTIONS)
def test_a_rejected_batch_shuts_the_releases_and_the_dispatch_of_its_parts(rejected: Written) -> None:
    then_refused_both_ways(with_documents(PARENT, rejected, SPLIT, *MAKING), CMO, released(), FACTORY, "was rejected")
    then_refused_both_ways(part_reviewed().and_then(rejected), MAH, marketed(), MARKETING, "was rejected")
    story = part_reviewed().and_then(mah(marketed(), QP), rejected)
    then_refused_both_ways(story, MAH, PERMITTED, MARKETING, "was rejected", actor=MANAGER)


def test_what_is_left_of_a_batch_is_rejected_as_a_part_of_its_own() -> None:
    rest = cmo(says(n.SPLIT, PARENT_ID, parts=[{"number": "B2026-002", "quantity": QUANTITY}], reason="余料"))
    other = "0193572e-0000-7000-8000-0000000000b4"
    story = part_reviewed().and_then(rest, cmo(authorised(other, number="B2026-002")))
    story.and_then(cmo(says(n.REJECTED, other, reason="不合格")))
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)


def test_a_held_batch_shuts_the_marketing_release_and_the_dispatch_of_its_parts_until_the_hold_is_lifted() -> None:
    story = part_reviewed().and_then(HELD)
    then_refused_both_ways(story, MAH, marketed(), MARKETING, "held: 核查投诉")
    story.and_then(mah(signs(n.HOLD_LIFTED, PARENT_ID, hold=named(n.HELD))), mah(marketed(), QP), HELD)
    then_refused_both_ways(story, MAH, PERMITTED, MARKETING, "held: 核查投诉", actor=MANAGER)


@pytest.mark.parametrize("rejected", REJECTIONS)
def test_a_join_of_a_rejected_batch_is_marked_and_shuts_the_release(rejected: Written) -> None:
    story = with_documents(PARENT, rejected, *MAKING)
    then_marked_both_ways(story, CMO, JOINED, n.JOINED)
    then_refused_both_ways(story.and_then(cmo(results())), CMO, released(), FACTORY, "was rejected")


def test_a_batch_is_tested_anew_after_a_join_and_a_failure_before_it_stays_one() -> None:
    story = with_documents(PARENT, *MAKING, cmo(JOINED))
    then_refused_both_ways(story, CMO, released(), FACTORY, "not tested")
    asks(story.and_then(cmo(results())), CMO, released(), QP).then(n.FACTORY_RELEASED)
    failed = says(n.TESTED, BATCH_ID, results=[{**_RESULT, "verdict": "does_not_conform"}], tested_at="2026-11-22")
    story = with_documents(PARENT, *MAKING, cmo(failed), cmo(JOINED), cmo(results()))
    then_refused_both_ways(story, CMO, released(), FACTORY, "test 装量: does not conform")


_RESULT = {"test": "装量", "result": "0.9", "limits": "1.0"}


def test_a_failed_test_of_a_batch_shuts_its_parts_until_the_batch_passes_it_or_the_part_is_reworked() -> None:
    story = with_documents(PARENT, of_the_parent("does_not_conform"), SPLIT, *MAKING)
    then_refused_both_ways(story, CMO, released(), FACTORY, "test 无菌 of B2026-000")
    asks(story.and_then(of_the_parent("conforms")), CMO, released(), QP).then(n.FACTORY_RELEASED)

    story = with_documents(PARENT, of_the_parent("does_not_conform"), SPLIT, *MAKING, cmo(REWORKED))
    then_refused_both_ways(story, CMO, released(), FACTORY, "not tested")
    asks(story.and_then(cmo(results())), CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_rejection_of_another_batch_shuts_nothing() -> None:
    asks(made_and_tested(PARENT, REJECTIONS[0]), CMO, released(), QP).then(n.FACTORY_RELEASED)
