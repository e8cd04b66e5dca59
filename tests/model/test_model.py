"""The engine and the model judge the same stories of honest and lying parties alike: verdicts, marks, order and fold.

`COUNTERFOIL_MODEL_ENTRIES` is the number of entries. Stories are told by their seed, so a failing one repeats.
"""

import ast
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deviation import overtaking
from domain.deviation.state import Deviation
from domain.judging import judge
from domain.judging.context import Context, Standing
from domain.parties import people
from events.encoding.identifiers import Role
from tests.model.catalogue import TYPES
from tests.model.entries import Entry
from tests.model.judging import STOPS, Journals
from tests.model.stories import engine
from tests.model.stories.story import LABELLER, Story, plan
from tests.model.stories.telling import Folded, compared, difference_in, journals_of, shrunk, told
from tests.sizes import size

CODES = {
    f"entry.{name}"
    for name in (
        *("malformed", "unknown_type", "schema_invalid", "wrong_author", "wrong_revision", "wrong_subject"),
        *("wrong_labels", "duplicate_id", "time_fell", "seen_impossible", "seen_withheld", "not_permitted"),
        *("wrong_state", "wrong_reference"),
    )
}
"""Every code of formats.md 6 for an entry but those of gates."""

GATES = {"gate.agreement", "gate.deviation_closure"}
"""The gates whose matters rule set 1 brings; all others bind from a later one."""

MARKS = {"accepted", "violates", "refusal.malformed", "disputed", "void", "overtaken", STOPS}
STATES = {"opened", "classified", "investigated", "approval_pending", "closure_approved", "closure_rejected", "closed"}
STATES |= {"drafted", "signed_by_owner", "signed_by_partner", "signed", "activated", "in force"}


@pytest.mark.campaign
def test_the_model_and_the_engine_judge_and_fold_random_stories_alike(capsys: pytest.CaptureFixture[str]) -> None:
    entries, began = size("model_entries", small=4_000, campaign=200_000), process_time()
    reached, types, judged, seed = Counter[str](), Counter[str](), 0, 0
    for seed in count():
        if judged >= entries:
            break
        folded, difference = compared(plan(seed))
        if difference or folded is None:
            pytest.fail(f"story {seed}: {difference}\n{told(shrunk(plan(seed)))}")
        judged += len(_all(folded.journals))
        types.update(entry.type for entry in _all(folded.journals) if not folded.journals.verdict(entry).code)
        reached.update(_reached(folded))
    rate = judged / (process_time() - began)
    with capsys.disabled():
        title = f"{judged} entries of {seed} stories, {rate:.0f}/s of one core"
        print(_figures(title, reached, types))  # noqa: T201 - a campaign tells its figures

    if entries >= 50_000:
        missing = (CODES | GATES | MARKS | STATES) - reached.keys() | TYPES.keys() - types.keys()
        assert not missing, f"never reached: {sorted(missing)}"


@pytest.mark.campaign
@settings(max_examples=size("model_arrivals", small=20, campaign=400), deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), arrival=st.integers(0, 2**32), share=st.floats(0, 1))
def test_in_whatever_order_the_entries_arrive_the_fold_is_that_of_the_one_order(
    seed: int, arrival: int, share: float
) -> None:
    lines = Story(plan(seed, length=60)).lines
    reading = engine.reading(lines, LABELLER, random.Random(arrival))  # noqa: S311 - an order that repeats

    *_, halfway = islice(reading, 1 + int(share * sum(map(len, lines.values()))))
    held = {role: lines[role][: halfway.size(role)] for role in Role}
    assert not list(Folded(journals_of(held)).differences(halfway))

    *_, whole = (halfway, *reading)
    assert not list(Folded(journals_of(lines)).differences(whole))
    for as_it_arrived, anew in whole.rows_as_they_grow():
        assert as_it_arrived == anew


BUGS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a refused entry is never disputed": lambda patch: patch.setattr(
        Context, "standing_state", lambda _context, _past: Standing.STANDS
    ),
    "one word settles a dispute": lambda patch: patch.setattr(
        Context, "_settled", lambda context, _role, place: _any_word(context, place)
    ),
    "a marked entry is relied on": lambda patch: patch.setattr(Deviation, "is_relied_on", lambda _self, _past: True),
    "nothing ever crosses": lambda patch: patch.setattr(overtaking, "crossed", lambda _one, _other: False),
    "what was seen may be withheld": lambda patch: patch.setattr(judge, "_UNCLAIMED", _Everything()),
    "a withdrawn role is kept": lambda patch: patch.setattr(people, "WITHDRAWN", "person.never.v1"),
    "journals are folded one after the other": lambda patch: patch.setattr(
        engine, "order_key", lambda role, position, _seen: (list(Role).index(role), 0, position)
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_the_engine_shows_within_a_few_stories(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BUGS[bug](monkeypatch)

    assert any(difference_in(plan(seed)) for seed in range(60))


def test_a_difference_is_told_in_a_short_story(monkeypatch: pytest.MonkeyPatch) -> None:
    BUGS["a refused entry is never disputed"](monkeypatch)
    differing = next(each for each in map(plan, count()) if difference_in(each))

    shorter = shrunk(differing)

    assert len(shorter.steps) < len(differing.steps) / 2
    assert difference_in(shorter) in told(shorter)


def test_the_model_shares_no_code_with_the_engine() -> None:
    room = Path(__file__).parent
    rooms = [path for path in room.glob("*.py") if not path.name.startswith("test_")]

    imported = {name for path in rooms for name in _imports(ast.parse(path.read_text()))}

    own = {f"tests.model.{path.stem}" for path in rooms}
    assert len(rooms) > 5
    assert {
        name for name in imported if name not in own and name.partition(".")[0] not in sys.stdlib_module_names
    } == set()


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            is_package = node.module == "tests.model"
            yield from (f"tests.model.{alias.name}" for alias in node.names) if is_package else [node.module or "."]


class _Everything:
    def __contains__(self, _code: Any) -> bool:
        return True


def _any_word(context: Context, place: Any) -> bool | None:
    words = [past.body.stands for role in Role for past in context.views[role].settlements(place)]
    return words[-1] if words else None


def _all(journals: Journals) -> list[Entry]:
    return [*journals.entries["mah"], *journals.entries["cmo"]]


def _reached(folded: Folded) -> Counter[str]:
    """What a story reached: verdicts of entries, marks and states of what is shown."""
    reached = Counter[str]()
    for entry in _all(folded.journals):
        verdict = folded.journals.verdict(entry)
        reached[verdict.code or ("violates" if verdict.violates else "accepted")] += 1
    reached.update(folded.standings.values())
    for row in folded.deviations.values():
        reached.update([row["state"], *(["overtaken"] if row["overtaken"] else [])])
    for rows in folded.documents.values():
        versions = [version for row in rows.values() for version in row["versions"]]
        reached.update([version["state"] for version in versions])
        reached["in force"] += sum(version["in_force"] for version in versions)
    return reached


def _figures(title: str, *several: Counter[str]) -> str:
    lines = [f"  {times:7} {name}" for each in several for name, times in sorted(each.items())]
    return "\n".join(["", title, *lines])
