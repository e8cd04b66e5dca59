"""The store of every past release is judged and folded today as it was then; the release at hand keeps one too."""

from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from tests.golden_stores.kept import Golden, covers, folded, releases
from tests.golden_stores.make import write


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.parametrize("golden", releases(), ids=lambda golden: golden.folder.name)
def test_it_is_judged_and_folded_as_it_was(golden: Golden, role: Role, tmp_path: Path) -> None:
    found = folded(golden, role, tmp_path)

    assert covers(golden.expected(role), found) == []
    assert {code for entries in found["verdicts"].values() for *_, code, _ in entries} > {None, "entry.wrong_labels"}
    assert len(found["items"]) > 10


@pytest.mark.parametrize("golden", releases(), ids=lambda golden: golden.folder.name)
def test_both_sides_show_the_same_items_in_the_end(golden: Golden) -> None:
    mah, cmo = (
        {item: row for item, _, valid_to, row in golden.expected(role)["items"] if valid_to is None} for role in Role
    )

    assert mah == cmo


def test_the_story_still_makes_a_store_that_folds_as_it_was_lived(tmp_path: Path) -> None:
    write(tmp_path / "made")
    made = Golden(tmp_path / "made")

    for role in Role:
        assert covers(made.expected(role), folded(made, role, tmp_path)) == []


def test_a_changed_verdict_or_row_would_be_seen() -> None:
    assert covers({"a": [1, {"b": None}]}, {"a": [1, {"b": None, "new": 2}]}) == []
    assert covers({"a": [1, {"b": None}]}, {"a": [1, {"b": 0}]}) == [".a[1].b: None was expected, 0 came"]
    assert covers([1], [1, 2]) != []
