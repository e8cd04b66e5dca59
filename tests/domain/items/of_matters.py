"""Matters under a list with limits of their own: their rows and clocks as both sides show them."""

from typing import Any

from domain.items.item import item_of
from domain.items.rows import Row, rows_of
from domain.items.surroundings import surroundings_of
from domain.risk import names as risk
from domain.suspension import names as suspension
from tests.domain.items.shown import MONDAY, agreed, in_one_order, listed, received_in
from tests.domain.language import Story, Written, cmo, given
from tests.domain.matters import MATTER_ID, OTHER_ID, named, says
from tests.domain.oos.test_oos import SUSPECTED


def raised(identity: str = MATTER_ID, **changes: Any) -> Any:
    body = {"number": "RSK-1", "source": "eQMS", "title": "t", "identified_at": "2026-11-23T08:00:00+08:00"}
    return says(risk.RAISED, identity, **{**body, **changes})


def started(identity: str = OTHER_ID, **changes: Any) -> Any:
    body = {"number": "SUS-1", "source": "eQMS", "reason": "r", "stopped_at": "2026-11-23", "scope": {}}
    return says(suspension.STARTED, identity, **{**body, "risk": named(risk.RAISED), **changes})


def under(category: str, *limits: dict[str, Any], **policies: Any) -> Story:
    """Begin under an agreement with these policies, and a list with these limits beside those that it must have."""
    story = given(*agreed(**policies), *with_limits(category, limits))
    story.now = MONDAY
    return story


def with_limits(category: str, limits: tuple[dict[str, Any], ...]) -> list[Written]:
    draft, *signing = listed()

    def with_row(story: Story, role: Any) -> Any:
        made = draft.step(story, role)
        stated = {row["category"]: row for row in made.body["rows"]}
        told = [] if category in stated else [theirs("notify", 24, "cmo")]
        made.body["rows"].append({**stated["risks"], "category": category, "limits": [*told, *limits]})
        return made

    return [cmo(with_row), *signing]


def theirs(name: str, hours: int = 4, party: str = "mah", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "start": "received",
        "stop": "decided",
        "party": party,
        "value": hours,
        "unit": "hours",
        **more,
    }


def clocks_of(story: Story, kind: str, identity: str = MATTER_ID) -> dict[str, Row]:
    return shown(story, kind, identity)[1]


def shown(story: Story, kind: str, identity: str = MATTER_ID) -> tuple[Row, dict[str, Row]]:
    surroundings = surroundings_of(story.views)
    about = {f"{each}/{identity}" for each in (kind, f"{kind}_review", "release_package" if kind == "batch" else kind)}
    events = [past for past in in_one_order(story) if past.head is not None and past.head.subject in about]
    item = item_of(events, surroundings)
    assert item is not None
    return rows_of(item, surroundings, lambda *place: received_in(story, *place))


def agreed_anew(**policies: Any) -> tuple[Written, ...]:
    draft, *signing = agreed(**policies)

    def second(story: Story, role: Any) -> Any:
        made = draft.step(story, role)
        made.body["version"] = 2
        return made

    return (cmo(second), *signing)


def suspected() -> dict[str, Any]:
    story = given()
    body = dict(SUSPECTED(story, cmo(SUSPECTED).role).body)
    return {**body, "suspected_at": "2026-11-23T08:30:00+08:00"}
