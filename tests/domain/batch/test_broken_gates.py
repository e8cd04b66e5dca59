"""A fact that broke a gate shuts the releases of its batch, whether or not its author says so in a deviation (G10)."""

from dataclasses import replace
from typing import Any

import pytest

from domain.batch import names as n
from domain.change import names as change
from domain.deviation import names as deviation
from domain.lot import names as lot
from domain.lot.rules import lot_id
from domain.suspension import names as suspension
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    MANUFACTURED,
    PARENT_ID,
    QP,
    QUANTITY,
    apart,
    authorised,
    made_and_tested,
    marketed,
    opened_about,
    released,
    results,
    reviewed,
    started,
    started_without,
    then_refused_both_ways,
    with_documents,
)
from tests.domain.change import test_change as changes
from tests.domain.language import Story, Written, cmo, mah
from tests.domain.matters import asks, named, says, signs
from tests.domain.steps import classified, closed, investigated, opened

CMO, MAH = Role.CMO, Role.MAH
GATE = "gate.factory_release"
SECOND = "0193572e-0000-7000-8000-0000000000d2"
FINISHED = (cmo(investigated()), cmo(classified("minor")), cmo(closed()))
STOPPED = says(
    suspension.STARTED,
    number="SUS-1",
    source="eQMS",
    reason="停产",
    stopped_at="2026-11-22T09:40:00+08:00",
    scope={"products": [{"name": "x", "code": "CRO-1G"}]},
)
LIFTED = (cmo(signs(suspension.LIFT_SIGNED)), mah(signs(suspension.REVIEW_LIFT_SIGNED)))
REWORKED = says(n.REWORKED, BATCH_ID, procedure="重新灯检", reason="外观")
FOREIGN_LOT = says(
    lot.USED,
    lot_id("他人的料", "Z-9"),
    number="Z-9",
    material="他人的料",
    opening=named(n.AUTHORISED),
    batch={"number": "B2026-001"},
    used_at="2026-11-22",
)
BROKEN: dict[str, tuple[Written, ...]] = {
    n.STARTED: (cmo(authorised()), cmo(STOPPED), cmo(started()), *LIFTED, cmo(MANUFACTURED), cmo(results())),
    n.MANUFACTURED: (cmo(authorised()), cmo(started()), cmo(STOPPED), cmo(MANUFACTURED), *LIFTED, cmo(results())),
    n.REWORKED: (
        *(cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(STOPPED), cmo(REWORKED), *LIFTED),
        cmo(results()),
    ),
    lot.USED: (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results()), cmo(FOREIGN_LOT)),
}
"""A batch of which a fact of each type broke a gate; nothing stops it any more, and no deviation was opened."""


@pytest.mark.parametrize("name", BROKEN)
def test_what_broke_a_gate_shuts_the_release_until_a_deviation_that_names_it_is_closed(name: str) -> None:
    story = with_documents(*BROKEN[name])
    assert story.past(name).violates
    then_refused_both_ways(story, CMO, released(), GATE, f"{name} at cmo {story.past(name).position} broke a gate")
    story.and_then(cmo(opened()), *FINISHED)  # one that names nothing
    then_refused_both_ways(story, CMO, released(named(deviation.CLOSED)), GATE, "broke a gate")
    story.and_then(cmo(apart(opened_about(name), SECOND)))
    then_refused_both_ways(story, CMO, released(named(deviation.CLOSED)), GATE, "deviation DEV-2026-0001")
    first, finish = story.ref(deviation.CLOSED).model_dump(), (investigated(), classified("minor"), closed())
    story.and_then(*(cmo(apart(step, SECOND)) for step in finish))
    asks(story, CMO, released(first, named(deviation.CLOSED)), QP).then(n.FACTORY_RELEASED)


def test_a_deviation_that_was_opened_before_the_fact_whose_id_it_names_explains_nothing() -> None:
    def foretelling(cause: str | None) -> Story:
        first = cmo(lambda story, role: replace(opened()(story, role), cause=cause))
        return with_documents(first, *FINISHED).and_then(*BROKEN[n.STARTED])

    told = foretelling(None).past(n.STARTED).head
    story = foretelling(told.id if told is not None else None)
    opening, fact = story.past(deviation.OPENED).head, story.past(n.STARTED).head
    assert opening is not None
    assert fact is not None
    assert opening.cause == fact.id
    then_refused_both_ways(story, CMO, released(named(deviation.CLOSED)), GATE, "broke a gate")


def test_the_end_of_manufacturing_that_was_told_against_a_gate_counts_once_its_deviation_is_closed() -> None:
    story = with_documents(*BROKEN[n.MANUFACTURED])
    then_refused_both_ways(story, CMO, released(), GATE, "manufacturing has not ended")
    story.and_then(cmo(opened_about(n.MANUFACTURED)), *FINISHED)
    asks(story, CMO, released(named(deviation.CLOSED)), QP).then(n.FACTORY_RELEASED)


def test_what_is_marked_for_another_reason_than_a_gate_is_said_anew_and_shuts_nothing() -> None:
    story = with_documents(cmo(authorised()), cmo(started()), cmo(MANUFACTURED, "person/nobody"), cmo(results()))
    then_refused_both_ways(story, CMO, released(), GATE, "manufacturing has not ended")
    asks(story, CMO, MANUFACTURED).then(n.MANUFACTURED)
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_a_batch_that_was_started_before_it_was_authorised_is_said_to_have_started_anew() -> None:
    story = with_documents(cmo(started_without()), cmo(authorised()), cmo(MANUFACTURED), cmo(results()))
    then_refused_both_ways(story, CMO, released(), GATE, "manufacturing has not started")
    asks(story, CMO, started()).then(n.STARTED)
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)


def test_what_broke_a_gate_though_nobody_had_the_right_to_tell_it_shuts_the_release() -> None:
    making = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(STOPPED), cmo(REWORKED, "person/nobody"))
    then_refused_both_ways(with_documents(*making, *LIFTED, cmo(results())), CMO, released(), GATE, "broke a gate")


def test_what_broke_a_gate_of_a_batch_shuts_the_release_of_its_parts() -> None:
    parent = cmo(authorised(PARENT_ID, number="B2026-000"))
    split = says(n.SPLIT, PARENT_ID, parts=[{"number": "B2026-001", "quantity": QUANTITY}], reason="分两批包装")
    begun = cmo(started(PARENT_ID, number="B2026-000"))
    making = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results()))
    story = with_documents(parent, cmo(STOPPED), begun, *LIFTED, cmo(split), *making)
    then_refused_both_ways(story, CMO, released(), GATE, "batch.started.v1")


def test_a_change_that_was_found_implemented_before_its_approval_shuts_the_release_until_that_is_explained() -> None:
    scope: dict[str, Any] = {"scope": {"batches": [{"number": "B2026-001"}]}}
    proposed = says(change.PROPOSED, number="CHG-1", source="eQMS", title="胶塞", description="由甲换为乙", **scope)
    found = says(change.FOUND_IMPLEMENTED, **changes.FOUND, **scope)
    opinions = (cmo(changes.opinion("filing")), mah(changes.opinion("filing", change.REVIEW_OPINION)))
    step = (cmo(changes.determined("filing")), mah(changes.APPROVED), mah(changes.recorded("filing_record")))
    story = made_and_tested(cmo(proposed), cmo(found), *opinions, *step, cmo(changes.implemented()))
    then_refused_both_ways(story, CMO, released(named(change.IMPLEMENTED)), GATE, "change.found_implemented.v1")
    story.and_then(cmo(opened_about(change.FOUND_IMPLEMENTED)), *FINISHED)
    resolved = (named(deviation.CLOSED), named(change.IMPLEMENTED))
    asks(story, CMO, released(*resolved), QP).then(n.FACTORY_RELEASED)


def test_goods_that_left_without_a_permission_shut_the_marketing_release() -> None:
    shipped = says(n.DISPATCHED, BATCH_ID, quantity=QUANTITY, shipped_at="2026-11-22")
    then_refused_both_ways(reviewed(cmo(shipped)), MAH, marketed(), "gate.marketing_release", "broke a gate")


def test_a_lot_is_used_in_the_batch_that_its_opening_names() -> None:
    other = authorised(PARENT_ID, number="B2026-000", product={"name": "乙", "code": "OTHER"})
    story: Story = with_documents(cmo(authorised()), cmo(other))
    then_refused_both_ways(story, CMO, FOREIGN_LOT, "entry.wrong_reference", "opened batch B2026-000")
