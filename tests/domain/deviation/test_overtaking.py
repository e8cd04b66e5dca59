"""A closing and a rejection that crossed on the wire: both stand, and what comes later waits for the partner."""

import pytest

from domain.deviation import names as n
from domain.deviation.aggregate import deviation_of
from domain.deviation.commands import CloseDeviation, close_deviation
from domain.deviation.overtaking import overtakings
from domain.deviation.review_commands import ApproveClosure, approve_closure
from domain.steps.crossing import crossed
from events.encoding.identifiers import Role
from tests.domain.language import Story, cmo, given, mah, signature
from tests.domain.steps import (
    DEVIATION,
    DEVIATION_ID,
    REVIEW,
    approved,
    classified,
    closed,
    investigated,
    opened,
    refused,
    rejected,
)

CMO, MAH = Role.CMO, Role.MAH
MINOR = (cmo(opened()), cmo(classified("minor")), cmo(investigated()))
MAJOR = (cmo(opened()), cmo(classified("major")), cmo(investigated()))


def crossing(*before: object, approval: int | None = None) -> Story:
    """The holder rejects without having seen the closing, which had not seen the rejection."""
    story = given(*before)  # type: ignore[arg-type] # entries
    cmo_had, mah_had = story.sizes[MAH], story.sizes[CMO]
    return story.and_then(cmo(closed(approval=approval), seen=cmo_had), mah(rejected(), seen=mah_had))


def found_in(story: Story) -> list[tuple[str, str, bool]]:
    found = overtakings(story.views[CMO].subject(DEVIATION), story.views[MAH].subject(REVIEW))
    return [(each.overtaken.name, each.block.name, each.is_open) for each in found]


def test_a_closing_that_crossed_a_rejection_stands_and_is_overtaken() -> None:
    story = crossing(*MINOR)

    assert found_in(story) == [(n.CLOSED, n.CLOSURE_REJECTED, True)]
    assert story.past(n.CLOSED).code is None
    assert not story.past(n.CLOSURE_REJECTED).violates


def test_an_approved_closing_is_overtaken_by_the_rejection_that_takes_the_approval_back() -> None:
    assert found_in(crossing(*MAJOR, mah(approved()), approval=-1)) == [(n.CLOSED, n.CLOSURE_REJECTED, True)]


def test_a_closing_that_had_seen_the_rejection_crossed_nothing() -> None:
    story = given(*MINOR, mah(rejected()), cmo(investigated("补充")), cmo(closed()))

    assert found_in(story) == []


def test_a_rejection_that_had_seen_the_closing_crossed_nothing_and_is_marked() -> None:
    story = given(*MINOR, cmo(closed()), mah(rejected()))

    assert found_in(story) == []
    assert story.past(n.CLOSURE_REJECTED).violates


def test_a_rejection_of_an_earlier_investigation_overtakes_nothing() -> None:
    story = given(*MINOR)
    mah_had = story.sizes[CMO]
    story.and_then(cmo(investigated("补充")))
    cmo_had = story.sizes[MAH]
    story.and_then(cmo(closed(), seen=cmo_had), mah(rejected(0), seen=mah_had))

    assert found_in(story) == []


def test_crossing_is_mutual() -> None:
    story = crossing(*MINOR)
    closing, rejection = story.past(n.CLOSED), story.past(n.CLOSURE_REJECTED)

    assert crossed(closing, rejection)
    assert crossed(rejection, closing)


def test_later_gates_are_shut_until_the_block_is_lifted() -> None:
    story = crossing(*MINOR)
    again = CloseDeviation(DEVIATION_ID, story.ref(n.INVESTIGATED), signature())

    story.when(CMO, close_deviation, again).then_refused("gate.deviation_closure", "deviation.closure_overtaken")
    story.receives(cmo(closed())).then_refused("gate.deviation_closure", "deviation.closure_overtaken")


def test_the_holder_lifts_the_block_by_approving_after_all() -> None:
    story = crossing(*MINOR)

    approve = ApproveClosure(DEVIATION_ID, story.ref(n.INVESTIGATED), signature())
    story.when(MAH, approve_closure, approve).then(n.CLOSURE_APPROVED)

    assert found_in(story) == [(n.CLOSED, n.CLOSURE_REJECTED, False)]
    assert deviation_of(story.context(CMO), CMO, DEVIATION_ID).is_settled


def test_a_disputed_approval_lifts_nothing() -> None:
    story = crossing(*MINOR).and_then(mah(approved()), cmo(refused(n.CLOSURE_APPROVED), actor="system/gateway"))

    assert deviation_of(story.context(CMO), CMO, DEVIATION_ID).is_overtaken


@pytest.mark.parametrize("step", [classified("major"), investigated("补充")])
def test_what_settles_an_overtaken_closing_is_not_marked(step: object) -> None:
    story = crossing(*MINOR)

    assert not story.write(cmo(step)).violates  # type: ignore[arg-type] # a step


def test_an_overtaken_deviation_is_closed_anew_on_a_new_investigation_that_the_holder_approved() -> None:
    story = crossing(*MAJOR, mah(approved()), approval=-1).and_then(cmo(investigated("补充")))
    story.receives(cmo(closed())).then_refused("gate.deviation_closure", "deviation.closure_overtaken")

    story.receives(mah(approved())).then(n.CLOSURE_APPROVED)
    story.receives(cmo(closed(approval=-1))).then(n.CLOSED)
    assert deviation_of(story.context(MAH), CMO, DEVIATION_ID).is_settled


def test_a_context_that_does_not_hold_the_rejection_knows_of_no_crossing() -> None:
    story = crossing(*MINOR)
    without = story.context(CMO, seen=story.past(n.CLOSURE_REJECTED).position)

    assert deviation_of(without, CMO, DEVIATION_ID).is_settled


def test_refused_entries_count_for_nothing() -> None:
    story = given(*MINOR)
    story.and_then(cmo(closed(investigation=0, person="person/somebody_else")), mah(rejected()))

    assert story.views[CMO].subject(DEVIATION)[-1].code == "entry.not_permitted"
    assert found_in(story) == []
