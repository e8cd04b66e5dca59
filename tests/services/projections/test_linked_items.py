"""The clocks of an item that other matters end: they follow whatever those matters say, at every page."""

from collections.abc import Sequence

import pytest

from events.encoding.identifiers import Role
from tests.domain.items.shown import DETECTED, under_a_list
from tests.domain.language import cmo
from tests.domain.steps import DEVIATION_ID, classified, opened
from tests.services.projections.linked import LINKED, LINKED_ID
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
