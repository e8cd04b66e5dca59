"""A regulator's measures: recorded by whoever received them, ended once, by the regulator's own document."""

import pytest

from domain.regulatory_measure import names as n
from events.encoding.identifiers import Role
from tests.domain.language import cmo, given, mah
from tests.domain.matters import asks, signs, then_refused_both_ways
from tests.domain.steps import refused
from tests.domain.suspension.test_suspension import ORDERED

CMO, MAH = Role.CMO, Role.MAH
ENDED = signs(n.ENDED, document="b" * 64, ended_at="2026-11-22")


@pytest.mark.parametrize("role", Role)
def test_either_party_records_a_measure_and_ends_it_by_the_regulators_document(role: Role) -> None:
    story = given()
    asks(story, role, ORDERED).then(n.RECORDED)
    asks(story, role, ENDED).then(n.ENDED)


def test_a_measure_that_is_recorded_again_is_marked() -> None:
    asks(given(cmo(ORDERED)), CMO, ORDERED).then_marked(n.RECORDED)


def test_a_measure_does_not_end_on_a_day_that_has_not_come() -> None:
    early = signs(n.ENDED, document="b" * 64, ended_at="2026-11-23")
    then_refused_both_ways(given(mah(ORDERED)), MAH, early, "gate.regulatory_measure", "regulatory_measure.in_force")


def test_a_measure_is_ended_once() -> None:
    story = given(mah(ORDERED), mah(ENDED))
    then_refused_both_ways(story, MAH, ENDED, "entry.wrong_state", "regulatory_measure.wrong_state")


def test_a_disputed_end_is_none_and_another_document_may_end_it() -> None:
    story = given(mah(ORDERED), mah(ENDED), cmo(refused(n.ENDED), "system/gateway"))
    asks(story, MAH, signs(n.ENDED, document="c" * 64, ended_at="2026-11-22")).then(n.ENDED)


def test_a_system_ends_no_measure() -> None:
    asks(given(cmo(ORDERED)), CMO, ENDED, actor="system/eqms").then_refused("entry.not_permitted")
