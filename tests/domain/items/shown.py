"""Stories as both sides see them: their items, clocks and timelines once both hold the same entries."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from domain.communication_list.terms import AGREED_TERMS, DEVIATION_CLOCKS, LEGAL_CATEGORIES
from domain.items.item import item_of
from domain.items.rows import Row, rows_of
from domain.items.surroundings import surroundings_of
from domain.items.timeline import timeline_of
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.journal.order import order_key
from tests.domain.language import Story, Written, cmo, given, mah
from tests.domain.steps import DEVIATION, REVIEW, activated, agreement_drafted, list_drafted, opened, signed

LIST = "communication_list"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 in Beijing, the day after agreement and list came into force."""

DETECTED = "2026-11-23T08:30:00+08:00"


def limit(name: str, value: int = 24, unit: str = "hours", **more: Any) -> dict[str, Any]:
    term = DEVIATION_CLOCKS[name]
    party = "cmo" if term.sender_acts else "mah"
    return {"name": name, "start": term.start, "stop": term.stop, "party": party, "value": value, "unit": unit, **more}


def rows(*limits: dict[str, Any]) -> list[dict[str, Any]]:
    """All categories and terms; of deviations these limits, and one of 24 hours for every clock that they leave out."""
    stated = {each["name"] for each in limits}
    all_limits = [*limits, *(limit(name) for name in DEVIATION_CLOCKS if name not in stated)]
    categories = dict.fromkeys((*LEGAL_CATEGORIES, *(term.category for term in AGREED_TERMS)))
    return [_row(each, all_limits if each == "deviations" else _limits_of(each)) for each in categories]


def _limits_of(category: str) -> list[dict[str, Any]]:
    """One limit to notify, and one for each term that is agreed in the category."""
    agreed_names = [term.name for term in AGREED_TERMS if term.category == category and term.name != "notify"]
    return [limit("notify"), *({**limit("notify"), "name": name} for name in agreed_names)]


def agreed(**policies: Any) -> tuple[Written, ...]:
    return (cmo(agreement_drafted(policies=policies)), cmo(signed()), mah(signed()), cmo(activated()))


def listed(*limits: dict[str, Any], version: int = 1) -> tuple[Written, ...]:
    return (cmo(list_drafted(rows(*limits), version)), cmo(signed(LIST)), mah(signed(LIST)), cmo(activated(LIST)))


def under_a_list(*limits: dict[str, Any], before: Iterable[Written] = ()) -> Story:
    """Begin a story under agreement and list; it is Monday, 09:00 in Beijing."""
    story = given(*before, *agreed(), *listed(*limits))
    story.now = MONDAY
    return story


def detected(at: str = DETECTED, **changes: Any) -> Written:
    return cmo(opened(detected_at=at, **changes))


def in_one_order(story: Story) -> list[PastEvent]:
    """Return all entries of a story in the one order, refused ones at their places."""
    placed: list[tuple[tuple[int, int, int], PastEvent]] = []
    for role in Role:
        largest = 0
        for past in (past for past in story.all() if past.role is role and past.head is not None):
            if past.code is None and past.head is not None:
                largest = max(largest, past.head.seen)
            placed.append((order_key(role, past.position, largest), past))
    return [past for _, past in sorted(placed, key=lambda each: each[0])]


def about_the_item(story: Story) -> list[PastEvent]:
    return [past for past in in_one_order(story) if past.head is not None and past.head.subject in (DEVIATION, REVIEW)]


def received_in(story: Story, role: Role, position: int) -> str | None:
    """Return when the reader had taken in a position: the time of its first entry whose `seen` covers it."""
    for past in story.all():
        if past.role is not role and past.code is None and past.head is not None and past.head.seen > position:
            return past.time
    return None


def item(story: Story) -> Row:
    return _rows(story)[0]


def clocks(story: Story) -> dict[str, Row]:
    return _rows(story)[1]


def timeline(story: Story) -> list[Row]:
    return timeline_of(about_the_item(story), surroundings_of(story.views), lambda *place: received_in(story, *place))


def _rows(story: Story) -> tuple[Row, dict[str, Row]]:
    surroundings = surroundings_of(story.views)
    found = item_of(about_the_item(story), surroundings)
    assert found is not None
    return rows_of(found, surroundings, lambda *place: received_in(story, *place))


def _row(category: str, limits: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "category": category,
        "direction": "cmo_to_mah",
        "senders": ["王芳"],
        "receivers": ["赵敏"],
        "deputies": ["李强"],
        "responsibilities": "QA",
        "method": "网关",
        "limits": limits,
    }
