"""Decision records: numbered without a gap in the room they bind, each with its context, decision and consequences."""

import re
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOMS, text_of, tracked

RECORDS = [path for path in tracked() if path.parent.name == "adr"]
SECTIONS = ["## Context", "## Decision", "## Consequences"]


@pytest.mark.parametrize("room", ROOMS)
def test_the_records_of_a_room_are_numbered_without_a_gap(room: str) -> None:
    numbers = [int(path.name[:4]) for path in RECORDS if path.parts[0] == room]

    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


@pytest.mark.parametrize("path", RECORDS, ids=str)
def test_a_record_is_short_and_whole(path: Path) -> None:
    lines = text_of(path).splitlines()

    assert path.parts[0] in ROOMS
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", path.name)
    assert lines[0].startswith("# ")
    assert re.fullmatch(r"Status: (accepted|superseded by \d{4}), \w+ \d{4}", lines[2])
    assert [line for line in lines if line.startswith("## ")] == SECTIONS
    assert len(lines) <= 40
