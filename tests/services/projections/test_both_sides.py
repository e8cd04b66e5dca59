"""Whatever the order in which two gateways take in what both wrote, they come to show the same.

The stories are drawn at random: acts and facts of both parties, right ones and wrong ones, written with more or less of
the partner's journal seen, so that they cross each other; lists, calendars, refusals and settlements among them.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deviation import names as n
from domain.items.item import item_of
from domain.items.rows import rows_of
from domain.items.surroundings import surroundings_of
from domain.judging.history import JournalView
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry, is_standing
from events.stored.read_model import ReceivedStep
from services.gateway.exchange.remembering import past_of
from services.gateway.projections.matters import in_one_order
from services.gateway.projections.received import ReceivedSteps
from tests.domain.items.shown import DETECTED, LIST, limit, rows, under_a_list
from tests.domain.language import Step, Story, Written
from tests.domain.steps import (
    DEVIATION,
    DEVIATION_ID,
    REVIEW,
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
from tests.services.projections.sides import Side, arrivals, recorded

NOBODY, GATEWAY = "person/nobody", "system/gateway"

OWNERS: tuple[Step, ...] = (
    opened(detected_at=DETECTED),
    *(classified(class_) for class_ in ("major", "moderate", "minor")),
    investigated(),
    closed(),
    closed(approval=-1),
    answered(),
    batch_linked(),
    corrected(n.OPENED, "detected_at", DETECTED, "2015-03-02"),
    corrected(n.CLASSIFIED, "class", "minor", "major"),
    list_drafted(rows(limit("handle", 3), limit("answer", 1)), 2),
    signed(LIST),
    activated(LIST),
    agreement_drafted(2, policies={"deviation_closure_approval": ["minor"]}),
    signed(),
    activated(),
    settled(n.CLOSED, stands=True),
    calendar_published(year=2027),
)
PARTNERS: tuple[Step, ...] = (
    acknowledged(),
    asked(),
    approved(),
    rejected(),
    signed(LIST),
    signed(),
    settled(n.CLOSED, stands=True),
    settled(n.CLOSED, stands=False),
)
REFUSALS: tuple[Step, ...] = tuple(map(refused, (n.OPENED, n.CLASSIFIED, n.INVESTIGATED, n.CLOSED)))

STEPS = st.one_of(
    st.tuples(st.just(Role.CMO), st.sampled_from(OWNERS), st.sampled_from(["person/qa_manager", NOBODY])),
    st.tuples(st.just(Role.MAH), st.sampled_from(PARTNERS), st.just("person/qa_manager")),
    st.tuples(st.just(Role.MAH), st.sampled_from(REFUSALS), st.just(GATEWAY)),
)
DRAWN = st.lists(st.tuples(STEPS, st.integers(0, 3)), min_size=1, max_size=14)
ORDER = st.lists(st.sampled_from(list(Role)), max_size=80)


def told(drawn: Sequence[tuple[tuple[Role, Step, str], int]]) -> Story:
    """Return a story under a list, in which a deviation was opened and the drawn entries followed.

    An entry has not seen the last few of the partner's, as many as drawn, but never less than the one before it.
    """
    story = under_a_list()
    story.write(Written(Role.CMO, opened(detected_at=DETECTED)))
    seen = {role: story.context(role).seen for role in Role}
    for (role, step, actor), behind in drawn:
        seen[role] = max(seen[role], story.sizes[role.other] - behind)
        try:
            story.write(Written(role, step, actor, seen[role]))
        except IndexError:
            continue  # it would name something that nobody wrote
    return story


@settings(max_examples=150, deadline=None)
@given(DRAWN, ORDER, ORDER)
def test_both_sides_show_the_same_once_they_hold_the_same(
    drawn: Any, one: Sequence[Role], other: Sequence[Role]
) -> None:
    journals = recorded(told(drawn))
    sides = [Side(arrivals(journals, order)) for order in (one, other)]

    for side in sides:
        side.projector.catch_up()

    assert [side.failed for side in sides] == [[], []]
    assert sides[0].item(DEVIATION_ID) == sides[1].item(DEVIATION_ID)
    assert sides[0].clocks() == sides[1].clocks()


@settings(max_examples=100, deadline=None)
@given(DRAWN, ORDER, st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_rows_do_not_depend_on_how_many_entries_came_together(
    drawn: Any, order: Sequence[Role], limits: Sequence[int]
) -> None:
    side = Side(arrivals(recorded(told(drawn)), order))
    side.projector.rebuild()
    at_once = side.rows.digest()
    side.rows.clear()

    number = 0
    while side.projector.step(limits[number % len(limits)]):
        number += 1
        if number % 3 == 0:
            side.restarted()

    assert side.rows.digest() == at_once


@settings(max_examples=100, deadline=None)
@given(DRAWN, ORDER)
def test_as_of_shows_what_the_entries_up_to_there_make(drawn: Any, order: Sequence[Role]) -> None:
    side = Side(arrivals(recorded(told(drawn)), order))
    side.projector.catch_up()

    for sequence in range(1, len(side.held) + 1):
        row, clocks = folded_from(side.held[:sequence])
        assert side.item(DEVIATION_ID, sequence) == row
        assert side.clocks(sequence) == clocks


def folded_from(entries: Sequence[StoredEntry]) -> tuple[Any, Any]:
    """Fold an item in the plainest way: everything anew, nothing remembered."""
    views, steps = {role: JournalView(role) for role in Role}, ReceivedSteps()
    for entry in entries:
        if entry.code is None and is_standing(entry.type, entry.subject):
            views[entry.role].remember(past_of(entry))
        if entry.code is None and (entry.seen or 0) > steps.taken(entry.role.other):
            steps.add(ReceivedStep(entry.role.other, entry.seen or 0, entry.time or "", entry.sequence))
    surroundings = surroundings_of(views)
    received: Callable[[Role, int], str | None] = partial(steps.at, as_of=len(entries))
    about = [entry for entry in entries if entry.subject in (DEVIATION, REVIEW)]
    item = item_of(in_one_order(about), surroundings)
    return (None, {}) if item is None else rows_of(item, surroundings, received)
