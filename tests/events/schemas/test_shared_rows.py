"""The published schema of shared rows takes what a gateway sums up, and nothing that is not shared."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.items.beginning import Known
from domain.items.clocks import ClockState
from domain.items.state import DeviationState
from events.conclusions.shared_rows import shared_clock, shared_item, shared_step
from events.encoding.canonical import decode, encode
from events.encoding.identifiers import Role
from events.schemas.shared_rows import CLOCK_STATES, KNOWN, SHARED_ROW, STATES, shared_row_schema
from tests.domain.capa.test_capa import OPENED as ACTIONS
from tests.domain.change.test_change import PROPOSED
from tests.domain.items.shown import detected, under_a_list
from tests.domain.language import Story, cmo, mah
from tests.domain.oos.test_oos import SUSPECTED as SUSPECTED_ELSEWHERE
from tests.domain.risk.test_risk import MAJOR, MEASURE, RAISED
from tests.domain.steps import acknowledged, approved, asked, classified, closed, investigated
from tests.domain.suspension.test_suspension import LIFT, STARTED
from tests.domain.suspension.test_suspension import ORDERED as ORDERED_ELSEWHERE
from tests.events.schemas.validator import accepts
from tests.services.projections.sides import RELATIONSHIP, Side, arrivals, recorded

SCHEMA = shared_row_schema()


def story() -> Story:
    begun = under_a_list().and_then(detected(), cmo(classified("major")), mah(acknowledged()), mah(asked()))
    begun.and_then(cmo(investigated()), mah(approved()), cmo(closed(approval=-1)))
    begun.and_then(cmo(RAISED), cmo(MAJOR), cmo(MEASURE), cmo(STARTED), cmo(LIFT), mah(ORDERED_ELSEWHERE))
    return begun.and_then(cmo(PROPOSED), mah(SUSPECTED_ELSEWHERE), cmo(ACTIONS))


@pytest.fixture(scope="module")
def shared() -> list[dict[str, Any]]:
    """All rows that ever stood in a story."""
    side = Side(arrivals(recorded(story()), []))
    side.projector.catch_up(1)
    rows = [shared_item(each.item, encode(each.row)) for each in side.rows.item_versions]
    rows += [shared_clock(each.item, each.name, encode(each.row)) for each in side.rows.clock_versions if each.row]
    for role in Role:
        steps = side.rows.steps(RELATIONSHIP, role)
        rows += [shared_step(step.role, step.seen, step.time) for step in steps]
    return [decode(row) for row in rows]


def test_it_is_a_schema_of_2020_12_with_a_stable_id() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$id"] == f"urn:counterfoil:schema:{SHARED_ROW}"


def test_it_takes_every_row_that_is_summed_up(shared: list[dict[str, Any]]) -> None:
    assert {tuple(sorted(row)) for row in shared} == {
        ("item", "row"),
        ("clock", "item", "row"),
        ("journal", "seen", "time"),
    }
    assert [row for row in shared if not accepts(SCHEMA, row)] == []


def test_it_takes_no_row_with_a_member_more_or_less(shared: list[dict[str, Any]]) -> None:
    for row in shared:
        inner = row.get("row", row)
        for name in inner:
            lacking = {member: value for member, value in inner.items() if member != name}
            assert not accepts(SCHEMA, {**row, "row": lacking} if "row" in row else lacking)
        assert not accepts(SCHEMA, {**row, "sequence": 7})


def test_its_words_are_those_of_the_domain() -> None:
    assert set(STATES) == set(DeviationState)
    assert set(CLOCK_STATES) == set(ClockState)
    assert set(KNOWN) == set(Known)
