"""Whatever the order in which two gateways take in what both wrote, they come to show the same.

The stories are drawn at random: acts and facts of both parties, right ones and wrong ones, written with more or less of
the partner's journal seen, so that they cross each other; lists, calendars, refusals and settlements among them.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deviation import names as n
from events.conclusions.total import Sizes
from events.encoding.identifiers import Role
from tests.domain.batch import steps as batch
from tests.domain.change import test_change as change
from tests.domain.items.shown import DETECTED, LIST, limit, rows, under_a_list
from tests.domain.language import Step, Story, Written, authorised, cmo, mah
from tests.domain.language import given as begin
from tests.domain.matters import MATTER_ID, named, says
from tests.domain.oos import test_oos as oos
from tests.domain.risk import test_risk as risk
from tests.domain.steps import (
    DEVIATION_ID,
    acknowledged,
    activated,
    agreement_drafted,
    answered,
    approved,
    asked,
    batch_linked,
    calendar_published,
    classified,
    closed,
    corrected,
    investigated,
    list_drafted,
    opened,
    refused,
    rejected,
    settled,
    signed,
)
from tests.domain.suspension import test_suspension as suspension
from tests.services.projections.linked import LINKED, LINKED_ID
from tests.services.projections.plainly import ends_of, folded_from
from tests.services.projections.sides import Side, arrivals, recorded

CORRECTION: dict[str, Any] = {
    "entry": named("risk.raised.v1"),
    "changes": [{"field": "identified_at", "before": "2026-11-22T09:00:00+08:00", "after": "2026-11-21"}],
    "reason": "录入错误",
}
NOBODY, ADMIN, GATEWAY = "person/nobody", "person/admin", "system/gateway"
LIST_ACTIVATED, LIST_SIGNED = "communication_list.activated.v1", "communication_list_review.signed.v1"


def new_list(version: int) -> tuple[Written, ...]:
    limits = (limit("handle", 3 * version), limit("answer", version), limit("acknowledge", version))
    return (cmo(list_drafted(rows(*limits), version)), cmo(signed(LIST)), mah(signed(LIST)), cmo(activated(LIST)))


def new_agreement(version: int, *classes: str) -> tuple[Written, ...]:
    draft = agreement_drafted(version, policies={"deviation_closure_approval": list(classes)})
    return (cmo(draft), cmo(signed()), mah(signed()), cmo(activated()))


def under_one_uuid(name: str, **body: Any) -> Step:
    """A matter that takes the UUID of the deviation: nobody honest would."""
    return says(name, DEVIATION_ID, **body)


FOUND = {"source": "巡检", "title": "t", "description": "d", "implemented_at": "2026-11-20"}
OF_MATTERS: tuple[tuple[Written, ...], ...] = (
    (cmo(risk.RAISED), cmo(risk.MAJOR), cmo(risk.MEASURE)),
    (mah(says(**risk.level("major", "risk_review.classified.v1"))),),
    (mah(risk.PARTNERS_MEASURE),),
    (mah(says("risk_review.asked.v1", text="？")), cmo(says("risk.corrected.v1", **CORRECTION))),
    (cmo(suspension.STARTED), cmo(suspension.LIFT)),
    LINKED[:2],
    LINKED[2:],
    (mah(suspension.PARTNERS_LIFT),),
    (cmo(refused("suspension_review.lift_signed.v1"), GATEWAY),),
    (
        cmo(change.PROPOSED),
        cmo(change.opinion("filing")),
        mah(change.opinion("approval", "change_review.category_opinion_given.v1")),
    ),
    (cmo(change.determined("approval")), mah(change.APPROVED)),
    (mah(oos.SUSPECTED), mah(oos.phase()), mah(oos.INVALIDATED)),
    (mah(opened(detected_at=DETECTED)),),  # the holder's, under the UUID of the manufacturer's
    (mah(classified("major")),),
    (cmo(under_one_uuid("change.found_implemented.v1", **FOUND)),),
    (mah(under_one_uuid("change.found_implemented.v1", **FOUND)),),
)

OF_BATCHES: tuple[tuple[Written, ...], ...] = (
    (mah(batch.PROCESS), mah(batch.STANDARD), cmo(batch.authorised()), cmo(batch.MANUFACTURED), cmo(batch.results())),
    (cmo(batch.started_without()),),
    (cmo(batch.released(), batch.QP), cmo(batch.package())),
    (cmo(batch.package(2)),),
    tuple(mah(batch.concluded(item)) for item in batch.ITEMS),
    (mah(batch.marketed(), batch.QP),),
    (mah(says("batch_review.held.v1", batch.BATCH_ID, reason="核查投诉")),),
    (cmo(says("batch.dispatched.v1", batch.BATCH_ID, quantity=batch.QUANTITY, shipped_at="2026-11-22")),),
    (cmo(batch.allocated()),),
)

SCENES: tuple[tuple[Written, ...], ...] = (
    *((cmo(classified(class_)),) for class_ in ("major", "moderate", "minor")),
    (cmo(classified("major"), NOBODY),),
    (cmo(investigated()),),
    (cmo(classified("minor")), cmo(investigated()), cmo(closed())),
    (cmo(classified("minor")), cmo(investigated()), mah(rejected()), cmo(closed())),
    (cmo(classified("major")), cmo(investigated()), mah(approved()), cmo(closed(approval=-1))),
    (cmo(closed()),),
    (cmo(closed(approval=-1)),),
    (cmo(batch_linked()),),
    (cmo(corrected(n.OPENED, "detected_at", DETECTED, "2015-03-02")),),
    (cmo(corrected(n.CLASSIFIED, "class", "minor", "major")),),
    (cmo(calendar_published(year=2027)),),
    (mah(acknowledged()),),
    (mah(asked()),),
    (mah(asked()), cmo(answered())),
    (mah(approved()),),
    (mah(rejected()),),
    (mah(authorised("qa_staff", "newcomer"), ADMIN),),
    new_list(2),
    new_list(3),
    new_agreement(2, "minor"),
    new_agreement(3, "major", "minor"),
    *((mah(refused(name), GATEWAY),) for name in (n.OPENED, n.CLASSIFIED, n.INVESTIGATED, n.CLOSED, LIST_ACTIVATED)),
    *((cmo(refused(name), GATEWAY),) for name in (n.ASKED, n.CLOSURE_APPROVED, LIST_SIGNED)),
    *(
        (mah(refused(name), GATEWAY), cmo(settled(name, stands=stands)), mah(settled(name, stands=stands)))
        for name in (n.CLOSED, LIST_ACTIVATED)
        for stands in (True, False)
    ),
    *OF_MATTERS,
    *OF_BATCHES,
)
DRAWN = st.lists(st.tuples(st.sampled_from(SCENES), st.integers(0, 4)), min_size=1, max_size=9)
ORDER = st.lists(st.sampled_from(list(Role)), max_size=80)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story with a deviation in it, with or without a list before, and scenes that follow each other.

    An entry has not seen the last few of the partner's, as many as drawn, but never less than the one before it.
    """
    story = given_a_calendar() if draw(st.booleans()) else under_a_list()
    story.write(cmo(opened(detected_at=DETECTED)))
    seen = {role: story.context(role).seen for role in Role}
    for scene, behind in draw(DRAWN):
        for written in scene:
            seen[written.role] = max(seen[written.role], story.sizes[written.role.other] - behind)
            with suppress(IndexError):  # it would name something that nobody wrote
                story.write(replace(written, seen=seen[written.role]))
    return story


def given_a_calendar() -> Story:
    """Begin under a list that counts working days beyond the year that is published."""
    published = [cmo(calendar_published())]
    calendar = begin(*published).ref("calendar.published.v1").model_dump()
    return under_a_list(limit("handle", 60, "working_days", calendar=calendar), before=published)


@settings(max_examples=150, deadline=None)
@given(stories(), ORDER, ORDER, st.integers(1, 5))
def test_both_sides_show_the_same_once_they_hold_the_same(
    story: Story, one: Sequence[Role], other: Sequence[Role], page_length: int
) -> None:
    journals = recorded(story)
    sides = [Side(arrivals(journals, order), page_length=page_length) for order in (one, other)]

    for side in sides:
        side.projector.catch_up()

    assert [side.failed for side in sides] == [[], []]
    for item in (DEVIATION_ID, MATTER_ID, LINKED_ID, batch.BATCH_ID):
        assert sides[0].item(item) == sides[1].item(item)
        assert sides[0].clocks(item) == sides[1].clocks(item)


@settings(max_examples=100, deadline=None)
@given(stories(), ORDER, st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 5))
def test_rows_do_not_depend_on_how_many_pages_came_together(
    story: Story, order: Sequence[Role], limits: Sequence[int], page_length: int
) -> None:
    side = Side(arrivals(recorded(story), order), page_length=page_length)
    side.projector.catch_up()
    at_once = side.rows.digest()
    side.rows.clear()
    side.projector.forget()

    number = 0
    while side.projector.step(limits[number % len(limits)]):
        number += 1
        if number % 3 == 0:
            side.restarted()

    assert side.rows.digest() == at_once


@settings(max_examples=100, deadline=None)
@given(stories(), ORDER, st.integers(1, 5))
def test_as_of_shows_what_the_pages_up_to_there_make(story: Story, order: Sequence[Role], page_length: int) -> None:
    side = Side(arrivals(recorded(story), order), page_length=page_length)
    side.projector.catch_up()

    for sequence in ends_of(side):
        for item in (DEVIATION_ID, MATTER_ID, batch.BATCH_ID):
            row, clocks = folded_from(side.held[:sequence], item)
            assert side.item(item, sequence) == row
            assert side.clocks(item, sequence) == clocks


@settings(max_examples=60, deadline=None)
@given(stories(), ORDER, ORDER)
def test_wherever_two_sides_stand_at_the_same_sizes_they_conclude_the_same(
    story: Story, one: Sequence[Role], other: Sequence[Role]
) -> None:
    journals = recorded(story)
    mah, cmo = (concluded_on_the_way(Side(arrivals(journals, order))) for order in (one, other))

    common = mah.keys() & cmo.keys()

    assert Sizes(*(len(journals[role]) for role in Role)) in common
    assert {sizes: mah[sizes] for sizes in common} == {sizes: cmo[sizes] for sizes in common}


def concluded_on_the_way(side: Side) -> dict[Sizes, str]:
    """Fold entry by entry; return what the rows come to at each of the sizes passed."""
    found: dict[Sizes, str] = {}
    while side.projector.step(1):
        (concluded,) = side.rows.conclusions().values()
        found[concluded.sizes] = concluded.text
    return found
