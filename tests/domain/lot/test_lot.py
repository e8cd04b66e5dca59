"""`gate.segregation` (G8): a lot belongs to one owner's product, and is used for nothing else."""

from dataclasses import replace

import pytest

from domain.drafts import Draft
from domain.lot import names as n
from domain.lot.errors import SegregationError
from domain.lot.rules import check_not_elsewhere, lot_id
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    HOLDER,
    allocated,
    authorised,
    made_and_tested,
    released,
    then_marked_both_ways,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.items.test_overtaken import row_of
from tests.domain.language import MANAGER, Step, Story, cmo, given
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


ANOTHERS = {"material": "头孢曲松钠", "number": "M-1"}
BREACHED = says(
    n.BREACH_FOUND,
    lot_id("头孢曲松钠", "M-1"),
    description="标签混淆",
    found_at="2026-11-22",
    batches=[{"number": "B2026-001"}],
)


def with_name(step: Step, **named_so: str) -> Step:
    """The same, and it says which lot it is."""

    def said(story: Story, role: Role) -> Draft:
        draft = step(story, role)
        return replace(draft, body={**draft.body, **named_so})

    return said


@pytest.mark.parametrize(("step", "name"), [(USED, n.USED), (BREACHED, n.BREACH_FOUND)])
def test_what_happened_to_a_lot_that_was_never_allocated_here_is_recorded_and_marked(step: Step, name: str) -> None:
    story = with_documents(cmo(authorised()))
    then_marked_both_ways(story, CMO, with_name(step, **ANOTHERS), name)
    then_marked_both_ways(story, CMO, step, name)  # from then on it is known which lot it is
    asks(story, Role.MAH, says("lot_review.asked.v1", lot_id("头孢曲松钠", "M-1"), text="？")).then(
        "lot_review.asked.v1"
    )


@pytest.mark.parametrize("step", [USED, BREACHED])
def test_a_lot_that_nobody_entered_is_named_by_its_material_and_number_and_stands_under_its_own_uuid(
    step: Step,
) -> None:
    story = with_documents(cmo(authorised()))
    wrong = "entry.wrong_subject"
    then_refused_both_ways(story, CMO, step, wrong, "material and number", actor=MANAGER)
    then_refused_both_ways(story, CMO, with_name(step, number="M-1"), wrong, "material and number", actor=MANAGER)
    then_refused_both_ways(
        story, CMO, with_name(step, **{**ANOTHERS, "number": "M-2"}), wrong, "another UUID", actor=MANAGER
    )


def test_a_lot_that_was_used_before_it_was_allocated_may_be_allocated_after_all() -> None:
    story = with_documents(cmo(authorised()), cmo(with_name(USED, **ANOTHERS)))
    asks(story, CMO, allocated()).then(n.ALLOCATED)
    asks(story, CMO, USED).then(n.USED)


def test_a_breach_of_a_lot_that_was_never_allocated_here_shuts_the_release_of_the_batches_that_it_names() -> None:
    story = made_and_tested(cmo(with_name(BREACHED, **ANOTHERS)))
    words = "segregation breach of lot M-1"
    then_refused_both_ways(story, CMO, released(), "gate.factory_release", words)


def test_a_lot_that_was_opened_by_what_happened_to_it_is_shown() -> None:
    story = with_documents(cmo(authorised()), cmo(with_name(USED, **ANOTHERS)))
    row = row_of(story, "lot", lot_id("头孢曲松钠", "M-1"))
    shown = {name: row[name] for name in ("number", "title", "source", "state", "class", "violates", "batches")}
    assert shown == {
        "number": "M-1",
        "title": "头孢曲松钠",
        "source": "",
        "state": "used",
        "class": None,
        "violates": True,
        "batches": [{"number": "B2026-001"}],
    }


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


def test_a_lot_whose_number_or_generic_name_is_read_alike_is_no_other() -> None:
    assert lot_id("头孢曲松钠", "M-1 ") == lot_id("头孢曲松钠 ", "m‐1") == lot_id("头孢曲松钠", "M-1")
    story = with_documents(cmo(allocated()))
    body = story.past(n.ALLOCATED).body
    alike = {"owner": cast.RELATIONSHIP.cmo, "generic_name": f" {body.generic_name}"}
    with pytest.raises(SegregationError, match="another owner"):
        check_not_elsewhere(body.model_copy(update=alike), [story.past(n.ALLOCATED)])


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("lot_kind", "material", "key_material"),
        ("owner", HOLDER, cast.RELATIONSHIP.cmo),
        ("generic_name", "注射用头孢曲松钠", "别的"),
    ],
)
def test_by_what_a_lot_is_segregated_is_not_corrected_but_allocated_anew(field: str, before: str, after: str) -> None:
    story = with_documents(cmo(allocated(kind="material")))
    changes = [{"field": field, "before": before, "after": after}]
    step = says(n.CORRECTED, lot_id("头孢曲松钠", "M-1"), entry=named(n.ALLOCATED), changes=changes, reason="更正")
    then_refused_both_ways(story, CMO, step, "entry.schema_invalid", "allocated anew", actor=MANAGER)
    asks(story, CMO, allocated()).then(n.ALLOCATED)


def test_the_holder_takes_note_of_a_lot_and_asks_and_is_answered() -> None:
    story, lot = with_documents(), lot_id("头孢曲松钠", "M-1")
    asks(story, CMO, allocated()).then(n.ALLOCATED)
    asks(story, Role.MAH, says("lot_review.acknowledged.v1", lot, entry=named(n.ALLOCATED))).then(
        "lot_review.acknowledged.v1"
    )
    asks(story, Role.MAH, says("lot_review.asked.v1", lot, text="？")).then("lot_review.asked.v1")
    answered = says("lot.answered.v1", lot, question=named("lot_review.asked.v1"), text="是")
    asks(story, CMO, answered).then("lot.answered.v1")
