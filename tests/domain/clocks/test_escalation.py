"""How far a running clock has come, and whom that concerns."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.clocks.escalation import Stage, escalation_of

START = datetime(2026, 11, 22, tzinfo=UTC)
DUE = START + timedelta(hours=100)


@pytest.mark.parametrize(
    ("hours", "stage", "concerns"),
    [
        (-1, Stage.BEGUN, "qa_staff"),
        (49.9, Stage.BEGUN, "qa_staff"),
        (50, Stage.HALF, "qa_staff"),
        (80, Stage.MOST, "qa_manager"),
        (100, Stage.MOST, "qa_manager"),
        (100.1, Stage.OVERDUE, "qualified_person"),
    ],
)
def test_a_clock_escalates_with_the_time_it_has_used(hours: float, stage: Stage, concerns: str) -> None:
    found = escalation_of(START, DUE, START + timedelta(hours=hours))

    assert (found.stage, found.concerns) == (stage, concerns)


def test_a_clock_without_any_time_is_not_overdue_at_its_moment() -> None:
    assert escalation_of(START, START, START).stage is Stage.MOST
