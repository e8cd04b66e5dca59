"""`gate.segregation` (G8): a lot belongs to one owner's product, and is used for nothing else."""

import pytest

from domain.lot import names as n
from domain.lot.errors import SegregationError
from domain.lot.rules import check_not_elsewhere, lot_id
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    allocated,
    authorised,
    then_marked_both_ways,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.language import MANAGER, cmo, given
from tests.domain.matters import asks, named, says, signs
from tests.events.golden import cast

CMO = Role.CMO
USED = says(
    n.USED,
    lot_id("头孢曲松钠", "M-1"),
    opening=named("batch.authorised.v1"),
    batch={"number": "B2026-001"},
    used_at="2026-11-22",
)


def test_a_lot_is_allocated_to_the_holders_product_and_used_for_it() -> None:
    story = with_documents()
    asks(story, CMO, allocated()).then(n.ALLOCATED)
    story.and_then(cmo(authorised(BATCH_ID)))
    asks(story, CMO, USED).then(n.USED)


def test_a_key_lot_of_another_owner_is_not_allocated_here() -> None:
    then_refused_both_ways(
        with_documents(),
        CMO,
        allocated(owner=cast.RELATIONSHIP.cmo),
        "gate.segregation",
        cast.RELATIONSHIP.cmo,
        actor=MANAGER,
    )


def test_a_material_that_is_not_key_may_be_anybodys() -> None:
    asks(given(), CMO, allocated(owner=cast.RELATIONSHIP.cmo, kind="material")).then(n.ALLOCATED)


def test_a_lot_stands_under_its_own_uuid() -> None:
    step = allocated()
    draft = step(given(), CMO)
    wrong = signs(n.ALLOCATED, BATCH_ID, **{name: value for name, value in draft.body.items() if name != "signature"})
    then_refused_both_ways(with_documents(), CMO, wrong, "entry.wrong_subject", actor=MANAGER)


def test_one_holders_products_may_share_a_lot() -> None:
    story = with_documents(cmo(allocated("CRO-2G")), cmo(authorised()))
    asks(story, CMO, allocated("CRO-1G")).then(n.ALLOCATED)
    asks(story, CMO, USED).then(n.USED)


def test_a_lot_that_was_used_for_another_product_is_recorded_and_marked() -> None:
    story = with_documents(cmo(allocated("OTHER")), cmo(authorised()))
    then_marked_both_ways(story, CMO, USED, n.USED)


def test_a_lot_of_a_material_and_number_has_one_uuid_everywhere() -> None:
    assert lot_id("甲", "1") == lot_id("甲", "1") != lot_id("甲", "2")
    assert lot_id("甲", "1") != lot_id("乙", "1")


def test_a_lot_that_another_owners_product_of_the_same_generic_name_has_is_not_allocated_again() -> None:
    story = with_documents(cmo(allocated()))
    elsewhere = [story.past(n.ALLOCATED)]
    body = story.past(n.ALLOCATED).body
    others = body.model_copy(update={"owner": cast.RELATIONSHIP.cmo})

    with pytest.raises(SegregationError, match="another owner"):
        check_not_elsewhere(others, elsewhere)
    check_not_elsewhere(body, elsewhere)
    check_not_elsewhere(others.model_copy(update={"generic_name": "别的"}), elsewhere)
    check_not_elsewhere(others.model_copy(update={"lot_kind": "material"}), elsewhere)


def test_the_holder_takes_note_of_a_lot_and_asks_and_is_answered() -> None:
    story, lot = with_documents(), lot_id("头孢曲松钠", "M-1")
    asks(story, CMO, allocated()).then(n.ALLOCATED)
    asks(story, Role.MAH, says("lot_review.acknowledged.v1", lot, entry=named(n.ALLOCATED))).then(
        "lot_review.acknowledged.v1"
    )
    asks(story, Role.MAH, says("lot_review.asked.v1", lot, text="？")).then("lot_review.asked.v1")
    answered = says("lot.answered.v1", lot, question=named("lot_review.asked.v1"), text="是")
    asks(story, CMO, answered).then("lot.answered.v1")
