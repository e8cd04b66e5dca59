"""Numbers that are missing in a series, and numbers that look alike."""

from hypothesis import given
from hypothesis import strategies as st

from domain.batch.series import MAX_GAP, MAX_MISSING, gaps, look_alikes, missing_before, numbers_before


def test_a_number_that_is_missing_between_two_of_a_series_is_told() -> None:
    found = gaps(["B2026-001", "B2026-002", "B2026-005", "C2026-009"])
    assert [(gap.after, gap.before, gap.missing) for gap in found] == [
        ("B2026-002", "B2026-005", ("B2026-003", "B2026-004"))
    ]


def test_series_differ_by_their_beginning_their_end_and_their_width() -> None:
    assert gaps(["B001", "B3", "B003A", "C002"]) == []


def test_a_gap_that_is_too_wide_is_two_series() -> None:
    assert gaps(["B0001", f"B{MAX_GAP + 2:04d}"]) == []


@given(st.sets(st.integers(0, 400), min_size=2))
def test_what_was_entered_and_what_is_missing_make_the_whole_series(counts: set[int]) -> None:
    entered = {f"B{count:03d}" for count in counts}
    missing = {number for gap in gaps(entered) for number in gap.missing}
    assert entered.isdisjoint(missing)
    assert entered | missing == {f"B{count:03d}" for count in range(min(counts), max(counts) + 1)}


def test_numbers_that_a_reader_may_take_for_one_another_are_flagged() -> None:
    assert look_alikes(["B2O26-001", "B2026-001", "B2026 001", "B2026-002"]) == [
        ["B2026 001", "B2026-001", "B2O26-001"]
    ]
    assert look_alikes(["26011I", "260111", "26011l"]) == [["260111", "26011I", "26011l"]]


def test_a_number_that_stands_twice_is_not_its_own_look_alike() -> None:
    assert look_alikes(["B1", "B1"]) == []


@given(st.sets(st.integers(0, 300)), st.integers(0, 400))
def test_what_is_missing_before_a_number_reaches_down_to_the_nearest_that_is_known(known: set[int], count: int) -> None:
    numbers = {f"B{each:03d}A" for each in known}
    missing = missing_before(f"B{count:03d}A", numbers.__contains__)
    nearest = max((each for each in known if each < count), default=None)
    if nearest is None or count - nearest - 1 > MAX_MISSING:
        assert missing == []
    else:
        assert missing == [f"B{each:03d}A" for each in range(nearest + 1, count)]


def test_before_the_first_number_of_a_series_nothing_is_missing() -> None:
    assert numbers_before("B002") == ["B001", "B000"]
    assert numbers_before("B000") == numbers_before("without") == []
    assert missing_before("B007", set[str]().__contains__) == []
