"""What an item shows because of other matters, clocks and what is overtaken, follows those at every page."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import pytest

from domain.items.rows import ref_to
from events.encoding.identifiers import Role
from services.gateway.projections.timeline import timeline
from tests.domain.batch.steps import BATCH_ID
from tests.domain.items.shown import DETECTED, under_a_list
from tests.domain.language import cmo
from tests.domain.steps import DEVIATION_ID, classified, opened
from tests.services.projections.linked import CROSSED, LINKED, LINKED_ID, MADE, RELEASE
from tests.services.projections.plainly import ends_of, folded_from
from tests.services.projections.sides import Side, arrivals, recorded


@pytest.mark.parametrize("page_length", [1, 2, 9])
@pytest.mark.parametrize("first", [[], [Role.MAH] * 80])
def test_the_clocks_of_an_item_follow_the_matters_that_name_it(page_length: int, first: Sequence[Role]) -> None:
    story = under_a_list().and_then(cmo(opened(detected_at=DETECTED)), cmo(classified("major")), *LINKED)
    side = Side(arrivals(recorded(story), first), page_length=page_length)

    side.projector.catch_up()

    decision, suspend = side.clocks(DEVIATION_ID)["risk_decision"], side.clocks(LINKED_ID)["suspend"]
    assert (decision["state"], suspend["state"]) == ("met", "running")  # what was told of the stop is disputed
    seen = set()
    for sequence in ends_of(side):
        for item in (DEVIATION_ID, LINKED_ID):
            assert side.clocks(item, sequence) == folded_from(side.held[:sequence], item)[1]
        seen |= {clock["state"] for clock in side.clocks(LINKED_ID, sequence).values() if clock["name"] == "suspend"}
    assert page_length > 1 or seen == {"running", "met"}


@pytest.mark.parametrize("page_length", [1, 3, 9])
@pytest.mark.parametrize("first", [[], [Role.MAH] * 80])
@pytest.mark.parametrize("what", CROSSED)
def test_a_release_is_overtaken_on_both_sides_while_what_crossed_it_stands(
    what: str, page_length: int, first: Sequence[Role]
) -> None:
    crossing, resolving, shown = CROSSED[what]
    story = under_a_list().and_then(*MADE)
    had = {role: story.sizes[role.other] for role in Role}
    story.and_then(replace(RELEASE, seen=had[Role.CMO]), *(replace(each, seen=had[Role.MAH]) for each in crossing))
    story.and_then(*resolving)
    side = Side(arrivals(recorded(story), first), page_length=page_length)

    side.projector.catch_up()

    assert side.failed == []
    seen = []
    for sequence in ends_of(side):
        row = side.item(BATCH_ID, sequence)
        assert row == folded_from(side.held[:sequence], BATCH_ID)[0]
        seen += [] if row is None else [row["overtaken"]]
    assert page_length > 1 or [value for value, _ in groupby(seen)] == shown
    told = timeline(side.store, side.read_model, 1, BATCH_ID)
    (mark,) = [row["overtaken_by"] for row in told if row["overtaken"]]
    assert mark == ref_to(story.past(crossing[0].step(story, Role.MAH).type))
