"""What is read from the stored entries themselves: timelines, explained clocks, documents."""

from domain.agreement.rules import AGREEMENT
from domain.deviation import names as n
from events.encoding.identifiers import Role
from services.gateway.projections.documents import shown_documents
from services.gateway.projections.explaining import explained_clocks
from services.gateway.projections.timeline import timeline
from tests.domain.items.shown import detected, limit, under_a_list
from tests.domain.language import Story, cmo, given, mah
from tests.domain.steps import (
    DEVIATION_ID,
    acknowledged,
    calendar_published,
    classified,
    closed,
    investigated,
    refused,
)
from tests.services.projections.sides import RELATIONSHIP, Side, arrivals, recorded


def projected(story: Story) -> Side:
    side = Side(arrivals(recorded(story), [Role.MAH] * 100))
    side.projector.catch_up()
    return side


def test_a_timeline_tells_everything_about_the_item_and_nothing_else() -> None:
    story = under_a_list().and_then(detected(), cmo(classified("minor")), mah(acknowledged()))
    side = projected(story)

    rows = timeline(side.store, side.read_model, RELATIONSHIP, DEVIATION_ID)

    assert [row["type"] for row in rows] == [n.OPENED, n.CLASSIFIED, n.ACKNOWLEDGED]
    assert [row["received"] for row in rows] == [story.past(n.ACKNOWLEDGED).time] * 2 + [None]
    assert [row["sequence"] for row in rows] == [entry.sequence for entry in side.held[-3:]]


def test_a_timeline_as_of_a_place_shows_nothing_that_came_later() -> None:
    side = projected(under_a_list().and_then(detected(), cmo(classified("minor")), mah(acknowledged())))
    opening = side.held[-3].sequence

    (row,) = timeline(side.store, side.read_model, RELATIONSHIP, DEVIATION_ID, as_of=opening)

    assert (row["type"], row["received"]) == (n.OPENED, None)


def test_a_timeline_shows_refused_and_disputed_entries_as_such() -> None:
    story = under_a_list().and_then(detected(), cmo(classified("minor")), cmo(investigated()))
    story.and_then(cmo(classified("major")), cmo(closed()), mah(refused(n.INVESTIGATED), actor="system/gateway"))
    side = projected(story)

    rows = timeline(side.store, side.read_model, RELATIONSHIP, DEVIATION_ID)

    assert rows[2]["disputed"] is True
    assert rows[4]["code"] == "gate.deviation_closure"


def test_there_is_no_timeline_of_what_nobody_wrote_about() -> None:
    side = projected(under_a_list())

    assert timeline(side.store, side.read_model, RELATIONSHIP, DEVIATION_ID) == []


def test_a_clock_is_explained_day_by_day() -> None:
    published = (cmo(calendar_published()),)
    calendar = given(*published).ref("calendar.published.v1").model_dump()
    story = under_a_list(limit("handle", 5, "working_days", calendar=calendar), before=published)
    side = projected(story.and_then(detected()))

    clocks = explained_clocks(side.store, side.read_model, RELATIONSHIP, DEVIATION_ID)

    handle = next(clock for clock in clocks if clock["name"] == "handle")
    assert [(day["day"], day["number"], day["reason"]) for day in handle["days"]] == [
        ("2026-11-23", None, "start_day"),
        ("2026-11-24", 1, "weekday"),
        ("2026-11-25", 2, "weekday"),
        ("2026-11-26", 3, "weekday"),
        ("2026-11-27", 4, "weekday"),
        ("2026-11-28", None, "weekend"),
        ("2026-11-29", None, "weekend"),
        ("2026-11-30", 5, "weekday"),
    ]
    assert handle["due_at"] == "2026-11-30T15:59:59.999999Z"


def test_documents_are_shown_with_what_is_in_force() -> None:
    story = under_a_list()
    side = projected(story)

    (document,) = shown_documents(side.store, side.read_model, RELATIONSHIP, AGREEMENT, at=story.now)

    assert (document["state"], document["versions"][0]["in_force"]) == ("activated", True)
