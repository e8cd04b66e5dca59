"""The timeline of an item: every entry in the one order, with its times and marks."""

from domain.deviation import names as n
from events.encoding.identifiers import Role
from tests.domain.items.shown import timeline
from tests.domain.key_person.test_key_person import registered
from tests.domain.language import MANAGER, cmo, given, mah
from tests.domain.steps import acknowledged, asked, classified, closed, corrected, investigated, opened, rejected


def test_a_timeline_tells_three_times_of_every_entry() -> None:
    story = given(cmo(opened()), mah(acknowledged()))

    opening, note = timeline(story)

    assert opening["occurred"] == "2026-11-22T08:10:00+08:00"
    assert opening["recorded"] == story.past(n.OPENED).time
    assert opening["received"] == story.past(n.ACKNOWLEDGED).time
    assert note["received"] is None
    assert (opening["actor"], opening["kind"], opening["text"]) == ("person/qa_manager", "fact", "压片机转速超出范围")


def test_both_journals_are_told_in_the_one_order() -> None:
    story = given(cmo(opened()), mah(asked()), cmo(classified("minor")), mah(acknowledged()))

    assert [row["type"] for row in timeline(story)] == [n.OPENED, n.ASKED, n.CLASSIFIED, n.ACKNOWLEDGED]


def test_an_entry_that_had_seen_less_stands_where_it_was_written_not_where_it_arrived() -> None:
    story = given(cmo(opened()), cmo(classified("minor")))
    opening = story.past(n.OPENED)

    story.write(mah(asked(), seen=opening.position + 1))

    assert [row["type"] for row in timeline(story)] == [n.OPENED, n.ASKED, n.CLASSIFIED]


def test_a_refused_entry_is_shown_with_its_code() -> None:
    story = given(cmo(opened()), cmo(classified("major")), cmo(investigated()), cmo(closed()))

    last = timeline(story)[-1]

    assert (last["type"], last["code"]) == (n.CLOSED, "gate.deviation_closure")


def test_a_fact_that_violates_is_marked() -> None:
    rows = timeline(given(cmo(opened()), cmo(classified("minor"), actor="person/nobody")))

    assert [row["violates"] for row in rows] == [False, True]


def test_the_original_stays_with_what_was_put_right_beside_it() -> None:
    story = given(cmo(opened()), cmo(corrected(n.OPENED, "title", "压片机转速超出范围", "压片机转速偏低")))

    opening = timeline(story)[0]

    assert opening["body"]["title"] == "压片机转速超出范围"
    assert "salt" not in opening["body"]
    (correction,) = opening["corrections"]
    assert (correction["field"], correction["after"], correction["reason"]) == ("title", "压片机转速偏低", "录入错误")
    assert correction["by"]["position"] == story.past(n.CORRECTED).position


def test_a_closing_that_crossed_a_rejection_names_what_it_crossed() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))
    before = story.sizes[Role.MAH]
    story.and_then(mah(rejected()), cmo(closed(), seen=before))

    closing = next(row for row in timeline(story) if row["type"] == n.CLOSED)

    assert closing["overtaken"] is True
    assert closing["overtaken_by"]["position"] == story.past(n.CLOSURE_REJECTED).position


def test_who_signed_is_shown_with_the_posts_held_on_that_day_and_who_holds_none_as_such() -> None:
    signing = (cmo(opened()), cmo(classified("minor")), cmo(investigated()), cmo(closed()))
    person = MANAGER.removeprefix("person/")
    story = given(cmo(registered(person)), *signing)
    known = timeline(story)
    unknown = timeline(given(cmo(registered(person, to="2026-01-31")), *signing))

    registration = story.past("key_person.registered.v1").position
    (post,) = known[-1]["posts"]
    assert (post["post"], post["qualification"], post["by"]["position"]) == (
        "qualified_person",
        "执业药师，12 年",
        registration,
    )
    assert unknown[-1]["posts"] == []
    assert {row["posts"] for row in known[:-1]} == {None}
