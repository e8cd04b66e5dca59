"""Numbers, codes and names that people read alike are one where a gate is shut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.as_read import LONGEST, as_read


@pytest.mark.parametrize(
    "written",
    [
        "B-001 ",
        " B-001",
        "b-001",
        "B -\t001",
        "Ｂ－００１",
        "B\u2010001",
        "B\u2212001",
        "B-\u200b001",
        "B-001\ufe0f",
        "B\u3000-001",
    ],
)
def test_a_number_is_read_the_same_however_it_is_written(written: str) -> None:
    assert as_read(written) == "B-001"


@pytest.mark.parametrize("other", ["B-01", "B001", "B-002", "8-001"])
def test_other_numbers_are_read_otherwise(other: str) -> None:
    assert as_read(other) != as_read("B-001")


@given(st.text())
def test_any_text_is_read_within_the_bound_and_spaces_around_change_nothing(text: str) -> None:
    assert len(as_read(text)) <= LONGEST
    assert as_read(f" {text}\u2003") == as_read(as_read(text)) == as_read(text)


@given(st.text(alphabet="ABCXYZ0123456789-/", max_size=LONGEST))
def test_what_is_written_plainly_is_read_as_it_is_written(text: str) -> None:
    assert as_read(text) == text
