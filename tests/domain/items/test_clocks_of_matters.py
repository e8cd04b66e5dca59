"""The clocks that matters declare as data (`Matter.timings`): from when, until when, by which number of the list."""

from datetime import timedelta
from importlib.resources import files

import orjson
import pytest

from domain.matters import MATTERS
from domain.oos import names as oos
from domain.risk import names as risk
from domain.suspension import names as suspension
from events.encoding.moments import format_moment
from tests.domain.batch import steps as batch
from tests.domain.capa import test_capa as capa
from tests.domain.change import test_change as change
from tests.domain.items.of_matters import (
    agreed_anew,
    clocks_of,
    raised,
    shown,
    started,
    suspected,
    theirs,
    under,
    with_limits,
)
from tests.domain.items.shown import MONDAY, agreed, clocks, detected
from tests.domain.language import STAFF, cmo, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, named, says, signs
from tests.domain.oos.test_oos import INVALIDATED, phase
from tests.domain.risk.test_risk import MAJOR, MEASURE, level, signed_by
from tests.domain.steps import classified, investigated
from tests.domain.suspension.test_suspension import DEMANDED, LIFT, PARTNERS_LIFT

HOUR = timedelta(hours=1)
RISK_DECISION = {"start": "recorded", "stop": "decided", "party": "cmo", "value": 4, "unit": "hours"}
TAKES_NOTE = mah(says("risk_review.asked.v1", text="？"))


def moment(hours: float) -> str:
    return format_moment(MONDAY + hours * HOUR)


def test_a_major_risk_is_to_be_stopped_from_its_identification_on() -> None:
    story = under("capas").and_then(cmo(raised()))
    assert "suspend" not in clocks_of(story, "risk")

    story.write(cmo(MAJOR))

    clock = clocks_of(story, "risk")["suspend"]
    assert (clock["started_at"], clock["due_at"]) == (moment(-1), moment(23))
    assert (clock["state"], clock["party"], clock["start_known"]) == ("running", "cmo", "stated")


@pytest.mark.parametrize("actor", ["person/nobody", "person/qa_manager"])
def test_the_partners_word_that_it_is_major_starts_the_clock_too_marked_or_not(actor: str) -> None:
    story = under("capas").and_then(cmo(raised()), cmo(says(**level("minor"))))

    story.write(mah(says(**level("major", risk.REVIEW_CLASSIFIED)), actor))

    assert clocks_of(story, "risk")["suspend"]["state"] == "running"


def test_a_suspension_that_names_the_risk_stops_its_clock_and_another_does_not() -> None:
    story = under("capas").and_then(cmo(raised()), cmo(MAJOR))
    story.write(cmo(started("0193572e-0000-7000-8000-0000000000e3", risk=None)))
    assert clocks_of(story, "risk")["suspend"]["state"] == "running"

    story.write(cmo(started()))

    clock = clocks_of(story, "risk")["suspend"]
    assert (clock["state"], clock["stopped_at"]) == ("met", story.past(suspension.STARTED).time)


def test_a_demand_alone_stops_nothing_but_following_it_does() -> None:
    demand = says(suspension.DEMANDED, OTHER_ID, number="D", source="QA", reason="r", scope={}, risk=named(risk.RAISED))
    story = under("capas").and_then(mah(raised()), mah(MAJOR), mah(demand))
    assert clocks_of(story, "risk")["suspend"]["state"] == "running"
    assert clocks_of(story, "suspension", OTHER_ID)["suspend"]["party"] == "cmo"

    followed = says(suspension.FOLLOWED, OTHER_ID, demand=named(suspension.DEMANDED), stopped_at="2026-11-23")
    story.now += 48 * HOUR
    story.write(cmo(followed))

    assert clocks_of(story, "risk")["suspend"]["state"] == "late"
    assert clocks_of(story, "suspension", OTHER_ID)["suspend"]["state"] == "late"


def test_a_risk_that_was_closed_without_a_stop_asks_for_none_any_more() -> None:
    demand = says(suspension.DEMANDED, OTHER_ID, number="D", source="QA", reason="r", scope={}, risk=named(risk.RAISED))
    story = under("capas").and_then(cmo(raised()), cmo(MAJOR), cmo(MEASURE), mah(demand))
    story.and_then(mah(signs(suspension.LIFT_SIGNED, OTHER_ID)), cmo(signs(suspension.REVIEW_LIFT_SIGNED, OTHER_ID)))
    story.and_then(cmo(signed_by(risk.MEASURES_SIGNED, risk.MEASURE_TAKEN)))
    story.and_then(mah(signed_by(risk.REVIEW_MEASURES_SIGNED, risk.MEASURE_TAKEN)))

    story.write(cmo(signed_by(risk.CLOSED, risk.MEASURE_TAKEN)))

    assert clocks_of(story, "risk")["suspend"]["state"] == "void"


def test_a_signature_of_one_party_under_measures_asks_for_the_others() -> None:
    story = under("risks", theirs("sign")).and_then(cmo(raised()), cmo(MAJOR), cmo(MEASURE))
    story.write(cmo(signed_by(risk.MEASURES_SIGNED, risk.MEASURE_TAKEN)))
    assert clocks_of(story, "risk")["sign"]["state"] == "running"

    story.write(mah(signed_by(risk.REVIEW_MEASURES_SIGNED, risk.MEASURE_TAKEN)))

    assert clocks_of(story, "risk")["sign"]["state"] == "met"


def test_a_major_deviation_asks_for_a_word_on_the_class_of_a_risk_that_names_it() -> None:
    story = under("deviations", {**RISK_DECISION, "name": "risk_decision"}).and_then(detected())
    assert "risk_decision" not in clocks(story)

    story.and_then(cmo(classified("major")), cmo(classified("minor")))
    clock = clocks(story)["risk_decision"]
    assert (clock["state"], clock["limit"]["value"]) == ("running", 4)
    assert clock["started_at"] == story.past("deviation.classified.v1", 0).time

    story.and_then(cmo(raised(deviation=named("deviation.opened.v1"))))
    assert clocks(story)["risk_decision"]["state"] == "running"
    story.write(mah(says(**level("moderate", risk.REVIEW_CLASSIFIED))))

    assert clocks(story)["risk_decision"]["state"] == "met"


def test_without_a_number_of_its_own_the_hours_of_the_suspension_hold_for_the_decision() -> None:
    story = under("capas").and_then(detected(), cmo(classified("major")))

    clock = clocks(story)["risk_decision"]

    assert (clock["limit"]["name"], clock["limit"]["value"]) == ("suspend", 24)


def test_a_minor_deviation_asks_for_no_decision_on_a_risk() -> None:
    story = under("capas").and_then(detected(), cmo(classified("minor")), cmo(investigated()))
    assert "risk_decision" not in clocks(story)


def test_a_suspension_that_one_has_signed_off_waits_for_the_other() -> None:
    story = under("suspensions", theirs("lift")).and_then(cmo(raised()), cmo(MAJOR), cmo(MEASURE))
    story.and_then(cmo(started(MATTER_ID)), cmo(LIFT))
    row, found = shown(story, "suspension")
    assert (found["lift"]["state"], row["closed"], row["state"]) == ("running", None, "lift_pending")

    story.write(mah(PARTNERS_LIFT))

    row, found = shown(story, "suspension")
    assert (found["lift"]["state"], row["closed"]["journal"]) == ("met", "mah")


def test_where_one_party_lifts_a_suspension_nobody_waits_for_the_other() -> None:
    story = under("suspensions", theirs("lift"), suspension_lift="mah").and_then(mah(DEMANDED))
    story.write(mah(signs(suspension.LIFT_SIGNED)))
    assert "lift" not in clocks_of(story, "suspension")


def test_the_holder_decides_on_a_change_from_when_it_had_it() -> None:
    story = under("capas").and_then(cmo(change.PROPOSED))
    assert "approve" not in clocks_of(story, "change")
    story.and_then(mah(says("change_review.asked.v1", text="？")))
    clock = clocks_of(story, "change")["approve"]
    assert (clock["state"], clock["started_at"]) == ("running", story.past("change_review.asked.v1").time)

    story.write(mah(change.APPROVED))

    assert clocks_of(story, "change")["approve"]["state"] == "met"


def test_nobody_waits_for_a_decision_on_a_change_that_was_withdrawn() -> None:
    story = under("capas").and_then(cmo(change.PROPOSED), mah(says("change_review.asked.v1", text="？")))
    story.write(cmo(says("change.withdrawn.v1", reason="r")))
    assert clocks_of(story, "change")["approve"]["state"] == "void"


def test_each_risk_of_a_change_is_eliminated_in_its_time_whoever_saw_it() -> None:
    story = under("capas").and_then(cmo(change.PROPOSED))
    story.and_then(cmo(says("change.risk_raised.v1", description="d")))
    story.and_then(mah(says("change_review.risk_raised.v1", description="d")))
    own, partners = (story.past(f"{kind}.risk_raised.v1").position for kind in ("change", "change_review"))

    story.write(cmo(says("change.risk_eliminated.v1", risk=named("change_review.risk_raised.v1"), measures="m")))

    found = clocks_of(story, "change")
    assert found[f"eliminate_risk/{own}"]["state"] == "running"
    assert found[f"eliminate_risk_review/{partners}"]["state"] == "met"


ENDED = (cmo(phase(), STAFF), cmo(says(oos.CONFIRMED, cause="工艺偏移")))


@pytest.mark.parametrize(
    ("policy", "named_clocks"),
    [("both", {"notify", "notify/"}), ("suspected", {"notify"}), ("confirmed", {"notify/"})],
)
def test_a_result_has_the_clocks_that_the_policy_names(policy: str, named_clocks: set[str]) -> None:
    story = under("capas", oos_clock_start=policy).and_then(cmo(says(oos.SUSPECTED, **suspected())), *ENDED)
    confirmed = story.past(oos.CONFIRMED)

    found = clocks_of(story, "oos")

    wanted = {f"notify/{confirmed.position}" if name.endswith("/") else name for name in named_clocks}
    assert {name for name in found if name.startswith("notify")} == wanted


def test_the_policy_is_that_of_the_agreement_in_force_when_the_clock_starts() -> None:
    story = under("capas", oos_clock_start="suspected").and_then(cmo(says(oos.SUSPECTED, **suspected())))

    story.and_then(*agreed_anew(oos_clock_start="confirmed"), *ENDED)

    confirmed = story.past(oos.CONFIRMED).position
    assert {"notify", f"notify/{confirmed}"} <= clocks_of(story, "oos").keys()


def test_the_confirmation_is_told_when_the_partners_journal_covers_it() -> None:
    story = under("capas").and_then(cmo(says(oos.SUSPECTED, **suspected())), *ENDED)
    name = f"notify/{story.past(oos.CONFIRMED).position}"
    assert clocks_of(story, "oos")[name]["state"] == "running"

    story.write(mah(says("oos_review.asked.v1", text="？")))

    assert clocks_of(story, "oos")[name]["stopped_at"] == story.past("oos_review.asked.v1").time


def test_the_partner_says_what_it_thinks_of_how_an_examination_ended() -> None:
    story = under("oos_oot", theirs("decide"))
    story.and_then(cmo(says(oos.SUSPECTED, **suspected())), cmo(phase(), STAFF), cmo(INVALIDATED))
    story.write(mah(says("oos_review.asked.v1", text="？")))
    name = f"decide/{story.past(oos.INVALIDATED).position}"
    assert clocks_of(story, "oos")[name]["state"] == "running"

    story.write(mah(signs(oos.DECIDED, about=named(oos.INVALIDATED), decision="agreed")))

    assert clocks_of(story, "oos")[name]["state"] == "met"


def test_the_holder_releases_or_refuses_a_batch_from_when_it_had_the_package() -> None:
    story = batch.reviewed(*agreed(), *with_limits("batches", (theirs("release"),)))
    assert clocks_of(story, "batch", batch.BATCH_ID) == {}  # it began before there was a list
    story = under("batches", theirs("release"))
    paired = (mah(batch.paired), mah(batch.PROCESS), mah(batch.STANDARD))
    making = (cmo(batch.authorised()), cmo(batch.started()), cmo(batch.MANUFACTURED), cmo(batch.results()))
    story.and_then(*paired, *making, cmo(batch.released(), batch.QP), cmo(batch.package()))
    story.and_then(*(mah(batch.concluded(item)) for item in batch.ITEMS))
    assert clocks_of(story, "batch", batch.BATCH_ID)["release"]["state"] == "running"

    story.write(mah(batch.marketed(), batch.QP))

    assert clocks_of(story, "batch", batch.BATCH_ID)["release"]["state"] == "met"


def test_each_action_is_due_at_the_end_of_the_day_that_its_owner_named_whatever_the_list_says() -> None:
    story = under("capas").and_then(cmo(capa.OPENED))
    assert clocks_of(story, "capa").keys() == {"action/1", "action/2"}  # it was opened before there was a list
    story.now = MONDAY + 14 * 24 * HOUR  # the first of its days is over, the second is not

    story.write(cmo(capa.completed(2)))

    row, rows = shown(story, "capa")
    first, second = rows["action/1"], rows["action/2"]
    assert (first["due_at"], first["state"], first["party"]) == ("2026-12-01T15:59:59.999999Z", "running", "cmo")
    assert (first["limit"], first["list"], row["due_at"]) == (None, None, first["due_at"])
    assert (second["state"], second["stopped_by"] is None) == ("met", False)


def test_an_action_done_after_its_day_is_late_and_a_day_put_right_is_the_one_that_counts() -> None:
    story = under("capas").and_then(cmo(capa.OPENED))
    changes = [{"field": "actions.0.due", "before": "2026-12-01", "after": "2026-12-20"}]
    put_right = says("capa.corrected.v1", entry=named("capa.opened.v1"), changes=changes, reason="r")
    story.write(cmo(put_right))
    story.now = MONDAY + 25 * 24 * HOUR  # past the second of its days

    story.and_then(cmo(capa.completed(1)), cmo(capa.completed(2)))

    rows = clocks_of(story, "capa")
    assert {name: row["state"] for name, row in rows.items() if name.startswith("action/")} == {
        "action/1": "met",
        "action/2": "late",
    }


def test_every_limit_that_a_matter_declares_has_a_word_in_both_languages() -> None:
    known = {each["code"] for each in orjson.loads(files("domain.vocabulary").joinpath("clocks.json").read_bytes())}
    assert {timing.limit for each in MATTERS.values() for timing in each.timings} | {"risk_decision"} <= known
