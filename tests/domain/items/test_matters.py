"""The rows of matters other than deviations: state, class, scope, clocks, from what can be relied on."""

from typing import Any

import pytest

from domain.change.state import ChangeState
from domain.items.item import item_of
from domain.items.matter_item import MatterItem
from domain.items.rows import rows_of
from domain.items.surroundings import surroundings_of
from domain.matters import KIND_OF, MATTERS
from domain.oos import names as oos
from domain.suspension import names as suspension
from events.encoding.identifiers import Role
from events.schemas.shared_rows import MATTER_CATEGORIES
from tests.domain.change import test_change as change
from tests.domain.language import STAFF, Story, Written, cmo, given, mah
from tests.domain.matters import MATTER_ID, named, says
from tests.domain.oos.test_oos import INVALIDATED, SUSPECTED, phase
from tests.domain.risk.test_risk import MAJOR, MEASURE, PARTNERS_MEASURE, RAISED, level
from tests.domain.steps import refused
from tests.domain.suspension.test_suspension import LIFT, PARTNERS_LIFT, STARTED


def row_of(story: Story, kind: str) -> dict[str, Any]:
    surroundings = surroundings_of(story.views)
    about = {f"{kind}/{MATTER_ID}", f"{kind}_review/{MATTER_ID}"}
    events = [past for past in story.all() if past.head is not None and past.head.subject in about]
    owner = next(past.role for past in events if past.type is not None and past.type.reviews is None)
    item = item_of(sorted(events, key=lambda past: (past.role is not owner, past.position)), surroundings)
    assert isinstance(item, MatterItem)
    return rows_of(item, surroundings, lambda _role, _position: None)[0]


def test_every_matter_has_a_place_on_the_list_of_its_own() -> None:
    assert tuple(each.category for each in MATTERS.values()) == MATTER_CATEGORIES
    assert len(KIND_OF) == len(MATTERS) + 1


def test_a_risk_is_in_the_higher_class_of_both_words_and_goes_on_with_what_is_signed() -> None:
    story = given(cmo(RAISED), cmo(says(**level("minor"))))
    assert (row_of(story, "risk")["state"], row_of(story, "risk")["class"]) == ("classified", "minor")
    story.and_then(mah(says(**level("major", "risk_review.classified.v1"))), cmo(MEASURE), mah(PARTNERS_MEASURE))
    assert (row_of(story, "risk")["state"], row_of(story, "risk")["class"]) == ("measures_taken", "major")
    assert row_of(story, "risk")["product"] == {"code": "CRO-1G", "name": "注射用头孢曲松钠"}


def test_a_suspension_is_lifted_when_both_have_signed() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED))
    states = [row_of(story, "suspension")["state"]]
    for step in (cmo(LIFT), mah(PARTNERS_LIFT)):
        story.write(step)
        states.append(row_of(story, "suspension")["state"])
    assert states == ["active", "lift_pending", "lifted"]


def test_a_disputed_lifting_is_shown_and_lifts_nothing() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), cmo(LIFT), mah(PARTNERS_LIFT))
    story.write(cmo(refused(suspension.REVIEW_LIFT_SIGNED), actor="system/gateway"))
    row = row_of(story, "suspension")
    assert (row["state"], row["disputed"]) == ("lift_pending", True)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), ChangeState.PROPOSED),
        ((mah(change.APPROVED),), ChangeState.APPROVED),
        ((mah(says("change_review.rejected.v1", proposal=named("change.proposed.v1"), reason="r")),), "rejected"),
        ((cmo(says("change.withdrawn.v1", reason="r")),), ChangeState.WITHDRAWN),
        ((mah(says("change_review.found_implemented.v1", **change.FOUND)),), ChangeState.FOUND_IMPLEMENTED),
    ],
)
def test_a_change_is_as_far_as_its_steps(steps: tuple[Written, ...], state: str) -> None:
    assert row_of(given(cmo(change.PROPOSED), *steps), "change")["state"] == state


def test_a_change_is_ready_with_approval_category_and_step_and_then_implemented() -> None:
    story = change.ready()
    assert (row_of(story, "change")["state"], row_of(story, "change")["class"]) == ("ready", "approval")
    story.write(cmo(change.implemented()))
    row = row_of(story, "change")
    assert (row["state"], row["closed"]["journal"]) == ("implemented", Role.CMO.value)


def test_an_invalidated_result_stays_on_the_list() -> None:
    row = row_of(given(cmo(SUSPECTED), cmo(phase(), STAFF), cmo(INVALIDATED)), "oos")
    assert (row["state"], row["class"], row["batches"]) == ("invalidated", "oos", [{"number": "B2026-001"}])


def test_a_correction_is_shown_in_the_row() -> None:
    right = says(
        "oos.corrected.v1",
        entry=named(oos.SUSPECTED),
        changes=[{"field": "scope.batches.0.number", "before": "B2026-001", "after": "B2026-007"}],
        reason="录入错误",
    )
    assert row_of(given(cmo(SUSPECTED), cmo(right)), "oos")["scope"]["batches"] == [{"number": "B2026-007"}]
