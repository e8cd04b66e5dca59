"""Time limits run against whoever is silent, from the list on: (V), (VII), (XXVIII)."""

from collections.abc import Iterator

import pytest

from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from tests.compliance.citing import cites
from tests.compliance.contract import Agreed, agree, contract
from tests.services.api.stepped import Pair, Person

DAY_SECONDS = 24 * 3600


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A world of its own: here time passes."""
    with contract(tmp_path_factory.mktemp("time")) as made:
        yield made


@pytest.fixture(scope="module")
def agreed(pair: Pair) -> Agreed:
    return agree(pair)


@pytest.mark.usefixtures("agreed")
@cites("(XXVIII)", "This Announcement shall come into force as of the date of issuance")
@cites("(VII)", "relevant timeframes")
def test_what_happened_before_there_was_a_list_is_told_all_the_same_and_runs_no_clock(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    item = clerk.does("/v1/deviations", {"title": "旧偏差", "detected_at": "2025-12-01"})["item"]
    pair.settle()

    row = holder.get(f"/v1/communications/{item}").json()
    assert (row["historical"], row["due_at"]) == (True, None)
    assert holder.get(f"/v1/communications/{item}/clocks").json()["data"] == []


@pytest.mark.usefixtures("agreed")
@cites("(V)", "In case of major quality risks or compliance risks, manufacturing shall be immediately suspended")
def test_a_major_deviation_asks_for_a_word_on_its_risk_and_a_major_risk_for_a_stop_in_the_agreed_hours(
    pair: Pair,
) -> None:
    clerk, now = pair.cmo.as_("qa_manager"), format_moment(pair.cmo.gateway.clock.now())
    told = {"title": "x", "detected_at": now, "class": "major", "rationale": "r"}
    deviation = clerk.does("/v1/deviations", told)["item"]
    assert state_of(pair, deviation, "risk_decision") == "running"

    opening = clerk.get(f"/v1/communications/{deviation}").json()["opened_by"]
    risk = clerk.does("/v1/risks", {"title": "x", "identified_at": now, "deviation": opening})["item"]
    clerk.does(f"/v1/risks/{risk}/classification", {"level": "major", "risk_kind": "quality", "rationale": "r"})
    assert (state_of(pair, deviation, "risk_decision"), state_of(pair, risk, "suspend")) == ("met", "running")

    raised = clerk.get(f"/v1/communications/{risk}").json()["opened_by"]
    scope = {"products": [{"name": "x", "code": "X-STOPPED"}]}
    clerk.does("/v1/suspensions", {"reason": "r", "stopped_at": now, "risk": raised, "scope": scope})
    assert state_of(pair, risk, "suspend") == "met"


def state_of(pair: Pair, item: str, limit: str) -> str:
    """How it stands with a limit of an item, as both sides show it."""
    pair.settle()
    shown = []
    for person in (pair.cmo.as_("qa_manager"), pair.mah.as_("qa_manager", "person/wang.wei")):
        clocks = person.get(f"/v1/communications/{item}/clocks").json()["data"]
        shown += [clock["state"] for clock in clocks if clock["name"] == limit]
    assert shown == [shown[0]] * len(Role)
    return str(shown[0])


@pytest.mark.usefixtures("agreed")
@cites("(V)", "Any deviation shall be promptly recorded, handled, and the MAHs shall be promptly notified")
@cites("(VII)", "relevant timeframes to ensure smooth, timely, and effective communication")
def test_a_limit_that_passed_is_shown_as_overdue_against_a_silent_holder_too(pair: Pair) -> None:
    detected = format_moment(pair.cmo.gateway.clock.now())
    told = {"title": "x", "detected_at": detected, "class": "minor", "rationale": "r"}
    item = pair.cmo.as_("qa_manager").does("/v1/deviations", told)["item"]
    pair.settle()
    pair.beat()
    pair.world.clock.move(30 * DAY_SECONDS)
    pair.beat()

    assert overdue(pair.cmo.as_("qa_manager"), item) == {("handle", "cmo"), ("acknowledge", "mah")}
    assert overdue(pair.mah.as_("qa_manager", "person/wang.wei"), item) == {("handle", "cmo"), ("acknowledge", "mah")}


def overdue(person: Person, item: str) -> set[tuple[str, str]]:
    """The limits of an item that are over, each with the party that should have acted."""
    work = person.get("/v1/my-work").json()["data"]
    clocks = (clock for row in work if row["item"] == item for clock in row["clocks"])
    return {(clock["name"], clock["party"]) for clock in clocks if clock["overdue"]}
