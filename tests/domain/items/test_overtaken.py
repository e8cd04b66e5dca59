"""What crossed a block of the partner on the wire stands, is shown as overtaken, and later gates wait."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.batch import names as n
from domain.batch.crossing import touching_in
from domain.change import names as changes
from domain.items.item import item_of
from domain.items.rows import Row, rows_of
from domain.items.surroundings import Surroundings, everything_in, surroundings_of
from domain.items.timeline import timeline_of
from domain.judging.history import PastEvent
from domain.lot.rules import lot_id
from domain.oos import names as oos
from domain.regulatory_measure import names as measures
from domain.risk import names as risk
from domain.suspension import names as suspension
from events.encoding.identifiers import Role
from tests.domain.batch import steps as batch
from tests.domain.change import test_change as change
from tests.domain.items.shown import in_one_order
from tests.domain.language import STAFF, Step, Story, cmo, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, asks, named, says, signs, then_refused_both_ways
from tests.domain.oos.test_oos import INVALIDATED, SUSPECTED, phase
from tests.domain.risk.test_risk import MAJOR, MEASURE, RAISED, level
from tests.domain.steps import classified, closed, investigated, opened, refused, rejected
from tests.domain.suspension.test_suspension import DEMANDED, LIFT, ORDERED, PARTNERS_LIFT, SCOPE, STARTED

CMO, MAH = Role.CMO, Role.MAH
HELD = says(n.HELD, batch.BATCH_ID, reason="核查投诉")
PERMITTED = signs(n.DISPATCH_PERMITTED, batch.BATCH_ID, release=named(n.MARKETING_RELEASED))
LEFT = says(
    n.DISPATCHED,
    batch.BATCH_ID,
    quantity=batch.QUANTITY,
    shipped_at="2026-11-22",
    permission=named(n.DISPATCH_PERMITTED),
)
ENDED = signs(measures.ENDED, document="b" * 64, ended_at="2026-11-22")
OTHER_SCOPE = {"products": [{"name": "x", "code": "X"}]}
REJECTION = says(changes.REVIEW_REJECTED, proposal=named(changes.PROPOSED), reason="r")


def crossing(story: Story, of_the_cmo: Step, of_the_mah: Step, *, qp: Role | None = None) -> Story:
    """Both write, and neither has seen the other."""
    actors = {role: batch.QP if role is qp else "person/qa_manager" for role in Role}
    had = {role: story.sizes[role.other] for role in Role}
    one = cmo(of_the_cmo, actors[CMO], seen=had[CMO])
    return story.and_then(one, mah(of_the_mah, actors[MAH], seen=had[MAH]))


def around(story: Story) -> Surroundings:
    """What is around a batch, as the rows of both sides see it."""
    surroundings = surroundings_of(story.views)
    context = everything_in(story.views)
    return replace(surroundings, around=replace(surroundings.around, touching=partial(touching_in, context)))


def events_of(story: Story, kind: str, identity: str) -> list[PastEvent]:
    about = {f"{kind}/{identity}", f"{kind}_review/{identity}"} | (
        {f"release_package/{identity}"} if kind == "batch" else set()
    )
    return [past for past in in_one_order(story) if past.head is not None and past.head.subject in about]


def row_of(story: Story, kind: str = "batch", identity: str = batch.BATCH_ID) -> Row:
    item = item_of(events_of(story, kind, identity), around(story))
    assert item is not None
    return rows_of(item, around(story), lambda _role, _position: None)[0]


def marks(story: Story, kind: str = "batch", identity: str = batch.BATCH_ID) -> dict[str, str]:
    """Return what was overtaken by what, by the names of their types."""
    shown = timeline_of(events_of(story, kind, identity), around(story), lambda _role, _position: None)
    names = {(past.role.value, past.position): past.name for past in story.all()}
    found = [(row, row["overtaken_by"]) for row in shown if row["overtaken"]]
    return {row["type"]: names[block["journal"], block["position"]] for row, block in found}


@pytest.mark.parametrize("block", [DEMANDED, ORDERED])
def test_an_authorisation_that_crossed_a_stop_stands_and_is_overtaken_until_the_stop_is_lifted(block: Step) -> None:
    story = crossing(batch.with_documents(), batch.authorised(), block)
    assert story.past(n.AUTHORISED).code is None
    assert row_of(story)["overtaken"] is True
    assert marks(story).keys() == {n.AUTHORISED}

    if block is DEMANDED:
        story.and_then(mah(signs(suspension.LIFT_SIGNED)), cmo(signs(suspension.REVIEW_LIFT_SIGNED)))
    else:
        story.and_then(mah(ENDED))

    assert row_of(story)["overtaken"] is False
    assert marks(story).keys() == {n.AUTHORISED}  # that it crossed stays visible


def test_a_word_of_the_partner_that_a_risk_is_major_overtakes_what_crossed_it_marked_or_not() -> None:
    for actor in ("person/qa_manager", "person/nobody"):
        story = batch.with_documents(cmo(RAISED))
        had = {role: story.sizes[role.other] for role in Role}
        word = says(**level("major", risk.REVIEW_CLASSIFIED))
        story.and_then(cmo(batch.authorised(), seen=had[CMO]), mah(word, actor, seen=had[MAH]))
        assert marks(story) == {n.AUTHORISED: risk.REVIEW_CLASSIFIED}
        assert row_of(story)["overtaken"] is True


def test_what_had_seen_the_stop_or_was_seen_by_it_crossed_nothing() -> None:
    seen_by_it = batch.with_documents(cmo(batch.authorised()), mah(DEMANDED))
    had_seen_it = batch.with_documents(mah(DEMANDED), cmo(batch.started_without()))
    assert (row_of(seen_by_it)["overtaken"], row_of(had_seen_it)["overtaken"]) == (False, False)
    assert row_of(had_seen_it)["violates"] is True


def test_a_stop_of_another_scope_overtakes_nothing() -> None:
    other = says(suspension.DEMANDED, number="S", source="QA", reason="r", scope=OTHER_SCOPE)
    assert row_of(crossing(batch.with_documents(), batch.authorised(), other))["overtaken"] is False


def test_a_fact_that_crossed_a_stop_is_overtaken_and_no_violation() -> None:
    story = crossing(batch.with_documents(cmo(batch.authorised())), batch.started(), DEMANDED)
    assert marks(story) == {n.STARTED: suspension.DEMANDED}
    assert row_of(story)["violates"] is False


def test_a_factory_release_that_crossed_a_result_of_the_holders_laboratory_is_overtaken_until_that_is_resolved() -> (
    None
):
    story = crossing(batch.made_and_tested(), batch.released(), SUSPECTED, qp=CMO)
    assert story.past(n.FACTORY_RELEASED).code is None
    assert marks(story) == {n.FACTORY_RELEASED: oos.SUSPECTED}

    story.and_then(mah(phase(), STAFF), mah(INVALIDATED))

    assert row_of(story)["overtaken"] is False


def test_the_dispatch_waits_while_the_release_for_the_market_is_overtaken() -> None:
    story = crossing(batch.reviewed(), SUSPECTED, batch.marketed(), qp=MAH)
    assert story.past(n.MARKETING_RELEASED).code is None
    assert marks(story) == {n.MARKETING_RELEASED: oos.SUSPECTED}
    then_refused_both_ways(story, MAH, PERMITTED, "gate.marketing_release")

    story.and_then(cmo(phase(), STAFF), cmo(INVALIDATED))

    assert row_of(story)["overtaken"] is False
    asks(story, MAH, PERMITTED).then(n.DISPATCH_PERMITTED)


def test_goods_that_left_while_the_holder_held_the_batch_are_overtaken_until_the_hold_is_lifted() -> None:
    story = batch.reviewed(mah(batch.marketed(), batch.QP), mah(PERMITTED))
    crossing(story, LEFT, HELD)
    assert marks(story) == {n.DISPATCHED: n.HELD}
    assert row_of(story)["overtaken"] is True

    story.write(mah(signs(n.HOLD_LIFTED, batch.BATCH_ID, hold=named(n.HELD))))

    assert row_of(story)["overtaken"] is False


def test_a_permission_and_a_dispatch_that_crossed_what_voids_the_release_are_overtaken_until_it_is_given_anew() -> None:
    reworked = says(n.REWORKED, batch.BATCH_ID, procedure="p", reason="r")
    story = crossing(batch.reviewed(mah(batch.marketed(), batch.QP)), reworked, PERMITTED)
    assert story.past(n.DISPATCH_PERMITTED).code is None
    assert marks(story) == {n.DISPATCH_PERMITTED: n.REWORKED}
    batch.then_marked_both_ways(story, CMO, LEFT, n.DISPATCHED)

    story.write(mah(says(n.RELEASE_WITHDRAWN, batch.BATCH_ID, release=named(n.MARKETING_RELEASED), reason="r")))

    assert row_of(story)["overtaken"] is False

    story = crossing(batch.reviewed(mah(batch.marketed(), batch.QP), mah(PERMITTED)), LEFT, SUSPECTED)
    assert marks(story) == {n.DISPATCHED: oos.SUSPECTED}


def test_a_batch_is_shown_as_released_only_while_its_releases_stand() -> None:
    story = batch.reviewed(mah(batch.marketed(), batch.QP))
    assert row_of(story)["state"] == "marketing_released"
    story.write(cmo(batch.package(2, release=named(n.FACTORY_RELEASED), reason="r")))
    assert row_of(story)["state"] == "factory_released"
    story.write(cmo(says(n.REWORKED, batch.BATCH_ID, procedure="p", reason="r")))
    assert row_of(story)["state"] == "tested"


def test_an_implementation_that_crossed_a_rejection_is_overtaken_until_the_holder_approves_after_all() -> None:
    story = crossing(change.ready(), change.implemented(), REJECTION)
    assert story.past(changes.IMPLEMENTED).code is None
    assert marks(story, "change", MATTER_ID) == {changes.IMPLEMENTED: changes.REVIEW_REJECTED}
    assert row_of(story, "change", MATTER_ID)["overtaken"] is True

    story.write(mah(change.APPROVED))

    assert row_of(story, "change", MATTER_ID)["overtaken"] is False


def test_a_disputed_approval_lifts_nothing() -> None:
    story = crossing(change.ready(), change.implemented(), REJECTION)
    story.and_then(mah(change.APPROVED), cmo(refused(changes.REVIEW_APPROVED), "system/gateway"))
    assert row_of(story, "change", MATTER_ID)["overtaken"] is True


def test_nothing_is_implemented_on_a_category_that_crossed_another_opinion_until_it_is_determined_anew() -> None:
    story = change.with_opinions("reporting", "reporting")
    crossing(story, change.determined("reporting"), change.opinion("approval", changes.REVIEW_OPINION))
    story.and_then(mah(change.APPROVED), mah(change.recorded("annual_report_queued")))
    assert marks(story, "change", MATTER_ID) == {changes.DETERMINED: changes.REVIEW_OPINION}
    then_refused_both_ways(story, CMO, change.implemented(), "gate.change_implementation")

    story.and_then(cmo(change.determined("approval")), mah(change.recorded("approval_certificate")))

    assert row_of(story, "change", MATTER_ID)["overtaken"] is False
    asks(story, CMO, change.implemented()).then(changes.IMPLEMENTED)


def test_an_implementation_that_crossed_a_correction_of_the_proposal_is_overtaken_until_that_is_approved_too() -> None:
    theirs = signs(
        changes.REVIEW_IMPLEMENTED,
        approval=named(changes.REVIEW_APPROVED),
        category=named(changes.DETERMINED),
        regulatory_step=named(changes.REVIEW_STEP_RECORDED),
        effective_from="2026-12-01",
    )
    story = change.ready()
    seen = dict(story.sizes)
    story.write(cmo(change.corrected(changes.PROPOSED, "description", "由甲换为乙", "由甲换为丙"), seen=seen[MAH]))
    story.write(mah(theirs, seen=seen[CMO]))
    assert marks(story, "change", MATTER_ID) == {changes.REVIEW_IMPLEMENTED: "change.corrected.v1"}

    story.write(mah(change.APPROVED))

    assert row_of(story, "change", MATTER_ID)["overtaken"] is False


def test_an_implementation_that_crossed_a_higher_opinion_is_overtaken_until_the_category_is_determined_anew() -> None:
    raised = change.corrected(changes.REVIEW_OPINION, "category", "reporting", "approval")
    story = crossing(change.ready("reporting", "annual_report_queued"), change.implemented(), raised)
    assert marks(story, "change", MATTER_ID)[changes.IMPLEMENTED] == "change_review.corrected.v1"

    story.write(cmo(change.determined("approval")))

    assert row_of(story, "change", MATTER_ID)["overtaken"] is False


def test_a_lifting_that_crossed_a_new_risk_is_overtaken_and_the_other_signature_waits() -> None:
    story = batch.with_documents(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED))
    new = says(risk.RAISED, OTHER_ID, number="RSK-2", source="QA", title="t", identified_at="2026-11-22", scope=SCOPE)
    story.write(mah(new))
    crossing(story, LIFT, says(risk.CLASSIFIED, OTHER_ID, level="major", risk_kind="quality", rationale="r"))
    assert marks(story, "suspension", MATTER_ID) == {suspension.LIFT_SIGNED: risk.CLASSIFIED}
    then_refused_both_ways(story, MAH, PARTNERS_LIFT, "gate.suspension")


def test_a_batch_waits_while_the_closing_of_its_deviation_is_overtaken() -> None:
    story = batch.made_and_tested(cmo(opened(batches=[{"number": "B2026-001"}])), cmo(classified("minor")))
    story.write(cmo(investigated()))
    crossing(story, closed(), rejected())
    released = batch.released(named("deviation.closed.v1"))
    batch.then_refused_both_ways(story, CMO, released, "gate.factory_release", "deviation")


def test_a_breach_of_segregation_and_a_disposition_overtake_a_release_for_the_market_too() -> None:
    numbers = {"batches": [{"number": "B2026-001"}]}
    breach = says(
        "lot.breach_found.v1", lot_id("头孢曲松钠", "M-1"), description="混淆", found_at="2026-11-22", **numbers
    )
    story = crossing(batch.reviewed(cmo(batch.allocated())), breach, batch.marketed(), qp=MAH)
    assert marks(story) == {n.MARKETING_RELEASED: "lot.breach_found.v1"}
    then_refused_both_ways(story, MAH, PERMITTED, "gate.marketing_release")

    body: dict[str, Any] = {"batch": {"number": "B2026-001"}, "reason": "r"}
    held = says(suspension.BATCH_DISPOSED, disposition="held", **body)
    lifted = (mah(signs(suspension.REVIEW_LIFT_SIGNED)), cmo(signs(suspension.LIFT_SIGNED)))
    other = says(suspension.STARTED, number="S", source="s", reason="r", stopped_at="2026-11-22", scope=OTHER_SCOPE)
    story = crossing(batch.reviewed(cmo(other), *lifted), held, batch.marketed(), qp=MAH)
    assert marks(story) == {n.MARKETING_RELEASED: suspension.BATCH_DISPOSED}
    story.write(cmo(says(suspension.BATCH_DISPOSED, disposition="completed", **body)))
    assert row_of(story)["overtaken"] is False
