"""The clocks of an item: from when, until when, by which list, and how they ended."""

from datetime import timedelta

import pytest

from domain.deviation import names as n
from events.encoding.moments import format_moment
from tests.domain.items.shown import DETECTED, MONDAY, clocks, detected, item, limit, listed, under_a_list
from tests.domain.language import Story, Written, cmo, given, mah
from tests.domain.steps import (
    acknowledged,
    answered,
    approved,
    asked,
    calendar_published,
    classified,
    closed,
    corrected,
    investigated,
    opened,
    rejected,
)

HOUR = timedelta(hours=1)


def moment(hours: float = 0) -> str:
    return format_moment(MONDAY + hours * HOUR)


def test_the_notification_runs_from_the_detection_as_stated() -> None:
    clock = clocks(under_a_list().and_then(detected()))["notify"]

    assert (clock["started_at"], clock["start_known"]) == (moment(-0.5), "stated")
    assert clock["due_at"] == moment(23.5)
    assert (clock["state"], clock["stopped_at"]) == ("running", None)
    assert clock["list"]["version"] == 1
    assert clock["party"] == "cmo"


def test_a_detection_without_a_time_counts_from_midnight_in_beijing() -> None:
    clock = clocks(under_a_list().and_then(detected("2026-11-23")))["notify"]

    assert (clock["started_at"], clock["start_known"]) == (moment(-9), "stated_date")


def test_the_notification_is_met_when_the_partners_journal_covers_it() -> None:
    story = under_a_list().and_then(detected())
    story.now = MONDAY + 2 * HOUR

    story.write(mah(acknowledged()))

    notify = clocks(story)["notify"]
    assert (notify["state"], notify["stopped_at"]) == ("met", moment(2))
    assert notify["stopped_by"] == item(story)["opened_by"]


def test_what_arrives_at_the_very_moment_is_in_time_and_later_is_late() -> None:
    for late, state in ((timedelta(), "met"), (timedelta(microseconds=1), "late")):
        story = under_a_list().and_then(detected())
        story.now = MONDAY + 23.5 * HOUR + late

        story.write(mah(acknowledged()))

        assert clocks(story)["notify"]["state"] == state


def test_time_alone_changes_no_row() -> None:
    story = under_a_list().and_then(detected())
    before = clocks(story)

    story.now = MONDAY + 1000 * HOUR

    assert clocks(story) == before


def test_an_opening_that_violates_does_not_stop_the_notification() -> None:
    story = under_a_list()
    story.write(cmo(detected().step, actor="person/nobody"))
    story.write(mah(acknowledged()))
    assert clocks(story)["notify"]["state"] == "running"

    story.and_then(cmo(classified("minor")), mah(acknowledged()))

    assert clocks(story)["notify"]["state"] == "met"


def test_handling_runs_from_the_record_to_the_closing() -> None:
    story = under_a_list().and_then(detected(), cmo(classified("minor")), cmo(investigated()))
    assert clocks(story)["handle"]["started_at"] == moment(0)

    story.write(cmo(closed()))

    handle = clocks(story)["handle"]
    assert (handle["state"], handle["stopped_at"]) == ("met", story.past(n.CLOSED).time)
    assert item(story)["due_at"] == clocks(story)["notify"]["due_at"]


def test_taking_note_is_owed_from_the_receipt_on_and_by_the_partner() -> None:
    story = under_a_list().and_then(detected())
    assert "acknowledge" not in clocks(story)

    story.write(mah(asked()))
    running = clocks(story)["acknowledge"]
    story.write(mah(acknowledged()))

    assert (running["state"], running["party"]) == ("running", "mah")
    assert (running["started_at"], running["start_known"]) == (story.past(n.ASKED).time, "received")
    assert clocks(story)["acknowledge"]["state"] == "met"


def test_each_question_has_a_clock_of_its_own() -> None:
    story = under_a_list().and_then(detected(), mah(asked()), mah(asked()))
    first, second = (story.past(n.ASKED, index).position for index in (0, 1))

    story.write(cmo(answered()))

    assert clocks(story)[f"answer/{second}"]["state"] == "met"
    assert clocks(story)[f"answer/{first}"]["state"] == "running"


def test_the_holder_decides_within_the_time_for_each_investigation() -> None:
    story = under_a_list().and_then(detected(), cmo(classified("major")), cmo(investigated()))
    first = f"closure_approval/{story.past(n.INVESTIGATED).position}"
    assert clocks(story)[first]["state"] == "running"

    story.and_then(mah(rejected()), cmo(investigated("再次调查")))
    second = f"closure_approval/{story.past(n.INVESTIGATED).position}"

    assert (clocks(story)[first]["state"], clocks(story)[second]["state"]) == ("met", "running")


def test_an_investigation_that_another_replaces_waits_for_no_decision() -> None:
    story = under_a_list().and_then(detected(), cmo(classified("major")), cmo(investigated()), cmo(investigated()))

    first = f"closure_approval/{story.past(n.INVESTIGATED, 0).position}"
    assert clocks(story)[first]["state"] == "void"


def test_the_decision_is_owed_from_when_the_class_came_to_need_it() -> None:
    story = under_a_list().and_then(detected(), cmo(classified("minor")), cmo(investigated()))
    name = f"closure_approval/{story.past(n.INVESTIGATED).position}"
    assert name not in clocks(story)

    story.and_then(cmo(classified("major")), mah(approved()))

    assert clocks(story)[name]["started_at"] == story.past(n.CLASSIFIED).time
    assert clocks(story)[name]["stopped_at"] == story.past(n.CLOSURE_APPROVED).time


def test_nobody_owes_a_decision_on_the_holders_own_deviation() -> None:
    story = under_a_list().and_then(mah(opened(detected_at=DETECTED)), mah(classified("major")), mah(investigated()))

    assert item(story)["state"] == "investigated"
    assert not [name for name in clocks(story) if name.startswith("closure_approval")]


def by_class(story: Story) -> str:
    due: str = clocks(story)["notify"]["due_at"]
    return due


def test_an_unclassified_item_is_due_when_the_first_of_all_classes_is() -> None:
    limits = [limit("notify", 2, **{"class": "major"}), limit("notify", 48, **{"class": "moderate"})]
    limits.append(limit("notify", 72, **{"class": "minor"}))
    story = under_a_list(*limits).and_then(detected())
    assert by_class(story) == moment(1.5)

    story.write(cmo(classified("minor")))

    assert by_class(story) == moment(71.5)


def test_an_item_is_judged_by_the_list_in_force_when_its_clock_started() -> None:
    story = under_a_list(limit("handle", 24)).and_then(detected())

    story.and_then(*listed(limit("handle", 5), version=2))

    assert clocks(story)["handle"]["list"]["version"] == 1
    assert clocks(story)["handle"]["due_at"] == moment(24)


def test_a_clock_that_starts_under_the_new_list_is_judged_by_it() -> None:
    story = under_a_list().and_then(detected(), *listed(limit("answer", 5), version=2), mah(asked()))

    answer = clocks(story)[f"answer/{story.past(n.ASKED).position}"]

    assert (answer["list"]["version"], answer["limit"]["value"]) == (2, 5)


def test_what_was_detected_before_the_first_list_is_history_without_clocks() -> None:
    story = under_a_list().and_then(detected("2015-03-02"), cmo(classified("major")), mah(asked()))

    assert item(story)["historical"] is True
    assert item(story)["due_at"] is None
    assert clocks(story) == {}


def test_without_a_list_everything_is_history() -> None:
    assert item(given(detected()))["historical"] is True


def test_the_item_is_due_when_the_first_of_its_running_clocks_is() -> None:
    story = under_a_list(limit("notify", 48), limit("handle", 24)).and_then(detected())

    assert item(story)["due_at"] == clocks(story)["handle"]["due_at"]


def test_a_corrected_detection_counts_from_the_corrected_time() -> None:
    story = under_a_list().and_then(detected())

    story.write(cmo(corrected(n.OPENED, "detected_at", "2026-11-23T08:30:00+08:00", "2026-11-23T07:30:00+08:00")))

    assert clocks(story)["notify"]["started_at"] == moment(-1.5)


def corrected_to(at: str, before: str = DETECTED) -> Written:
    return cmo(corrected(n.OPENED, "detected_at", before, at))


def test_a_detection_that_is_stated_after_its_record_counts_from_the_record() -> None:
    notify = clocks(under_a_list().and_then(detected("2099-01-01")))["notify"]

    assert (notify["started_at"], notify["start_known"], notify["due_at"]) == (moment(0), "recorded", moment(24))


def test_no_correction_moves_a_due_date_later() -> None:
    story = under_a_list().and_then(detected(), corrected_to("2026-11-23T08:45:00+08:00"))
    assert clocks(story)["notify"]["due_at"] == moment(23.5)

    story.write(corrected_to("2099-01-01", before="2026-11-23T08:45:00+08:00"))
    assert clocks(story)["notify"]["due_at"] == moment(23.5)
    assert item(story)["detected_at"] == "2099-01-01"


def test_a_correction_to_under_an_earlier_list_with_a_longer_limit_moves_nothing_later() -> None:
    story = under_a_list(limit("notify", 72)).and_then(*listed(limit("notify", 1), version=2))
    story.now += HOUR
    at = format_moment(story.now)
    story.and_then(detected(at), corrected_to(moment(-0.5), before=at))

    notify = clocks(story)["notify"]
    assert (notify["started_at"], notify["list"]["version"]) == (at, 2)


@pytest.mark.parametrize(("stated", "corrected_at"), [(DETECTED, "2015-03-02"), ("2015-03-02", DETECTED)])
def test_a_matter_that_was_ever_stated_under_a_list_is_no_history(stated: str, corrected_at: str) -> None:
    story = under_a_list().and_then(detected(stated), corrected_to(corrected_at, before=stated))

    assert item(story)["historical"] is False
    assert clocks(story)["notify"]["due_at"] == moment(23.5)
    assert clocks(story)["handle"]["due_at"] == moment(24)


def test_working_days_are_counted_by_the_published_calendar_and_provisional_beyond_it() -> None:
    published = given(cmo(calendar_published()))
    calendar = published.ref("calendar.published.v1").model_dump()
    story = under_a_list(
        limit("handle", 2, "working_days", calendar=calendar),
        limit("notify", 60, "working_days", calendar=calendar),
        before=[cmo(calendar_published())],
    )

    story.write(detected())

    handle, notify = clocks(story)["handle"], clocks(story)["notify"]
    assert (handle["due_at"], handle["provisional"]) == ("2026-11-25T15:59:59.999999Z", False)
    assert notify["provisional"] is True

    story.write(cmo(calendar_published(version=1, year=2027)))

    assert clocks(story)["notify"]["provisional"] is False
