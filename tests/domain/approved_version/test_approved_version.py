"""Versions of processes and standards: approved by the holder, effective for product, site and day, then withdrawn."""

from datetime import date
from typing import Any

import pytest

from domain.approved_version import names as n
from domain.approved_version.in_force import is_effective, why_not_effective
from events.encoding.identifiers import Role
from tests.domain.language import Step, Story, cmo, given, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, asks, says, signs, then_refused_both_ways
from tests.domain.steps import refused

CMO, MAH = Role.CMO, Role.MAH
PRODUCT, SITE = "CRO-1G", "二车间"
FIRST, BEFORE, LATER = date(2026, 12, 1), date(2026, 11, 30), date(2027, 6, 1)
SYSTEM = "system/gateway"


def approved(kind: str, identity: str = MATTER_ID, **changes: Any) -> Step:
    body: dict[str, Any] = {
        "number": "V-2026-0001",
        "source": "DMS",
        "title": "注射用头孢曲松钠",
        "version": "3.0",
        "document": "a" * 64,
        "effective_from": FIRST.isoformat(),
        "scope": {"products": [{"name": "注射用头孢曲松钠 1.0 g", "code": PRODUCT}], "sites": [SITE]},
    }
    if kind == n.PROCESS:
        body |= {"state": "commercial", "prescription": {"number": "RX-1", "version": "2", "document": "c" * 64}}
    return signs(f"{kind}.approved.v1", identity, **(body | changes))


def withdrawn(kind: str, until: str = "2027-01-31") -> Step:
    return says(f"{kind}.withdrawn.v1", reason="新版生效", until=until)


def effective(story: Story, kind: str, day: date, product: str = PRODUCT, site: str = SITE, **asked: Any) -> bool:
    """Whether both parties find the last approval effective."""
    past = story.past(f"{kind}.approved.v1")
    found = {is_effective(past, story.context(role), product, site, day, **asked) for role in Role}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("kind", n.KINDS)
def test_a_version_is_effective_from_its_day_on_for_its_products_and_sites(kind: str) -> None:
    story = asks(given(), MAH, approved(kind)).then(f"{kind}.approved.v1")

    assert [effective(story, kind, day) for day in (BEFORE, FIRST, LATER)] == [False, True, True]
    assert not effective(story, kind, LATER, product="OTHER")
    assert not effective(story, kind, LATER, site="一车间")


@pytest.mark.parametrize("kind", n.KINDS)
def test_a_withdrawn_version_is_effective_up_to_the_day_that_was_said(kind: str) -> None:
    story = given(mah(approved(kind)))
    asks(story, MAH, withdrawn(kind)).then(f"{kind}.withdrawn.v1")

    days = (FIRST, date(2027, 1, 31), date(2027, 2, 1))
    assert [effective(story, kind, day) for day in days] == [True, True, False]
    reason = why_not_effective(story.past(f"{kind}.approved.v1"), story.context(CMO), PRODUCT, SITE, LATER)
    assert reason is not None
    assert "its last day was 2027-01-31" in reason


@pytest.mark.parametrize("kind", n.KINDS)
def test_a_second_withdrawal_is_recorded_and_marked_and_the_earlier_day_holds(kind: str) -> None:
    story = given(mah(approved(kind)), mah(withdrawn(kind)))
    asks(story, MAH, withdrawn(kind, "2027-12-31")).then_marked(f"{kind}.withdrawn.v1")
    assert not effective(story, kind, LATER)
    asks(story, MAH, withdrawn(kind, "2026-12-05")).then_marked(f"{kind}.withdrawn.v1")
    assert not effective(story, kind, date(2026, 12, 6))


@pytest.mark.parametrize("kind", n.KINDS)
def test_two_versions_are_effective_side_by_side_while_a_changeover_runs(kind: str) -> None:
    story = given(mah(approved(kind)), mah(approved(kind, OTHER_ID, version="4.0", effective_from="2026-12-15")))
    both = [story.past(f"{kind}.approved.v1", index) for index in (0, 1)]

    assert [is_effective(past, story.context(CMO), PRODUCT, SITE, LATER) for past in both] == [True, True]


@pytest.mark.parametrize("kind", n.KINDS)
def test_a_version_is_approved_once(kind: str) -> None:
    story = given(mah(approved(kind)))
    again = approved(kind, version="4.0")
    then_refused_both_ways(story, MAH, again, "entry.wrong_state", "approved_version.wrong_state")


@pytest.mark.parametrize("kind", n.KINDS)
def test_no_system_and_no_staff_approves_a_version(kind: str) -> None:
    asks(given(), MAH, approved(kind), actor="system/dms").then_refused("entry.not_permitted")
    asks(given(), MAH, approved(kind, person="person/qa_staff"), actor="person/qa_staff").then_refused(
        "entry.not_permitted"
    )


@pytest.mark.parametrize("kind", n.KINDS)
def test_a_disputed_approval_makes_nothing_effective(kind: str) -> None:
    story = given(mah(approved(kind)))
    story.write(cmo(refused(f"{kind}.approved.v1"), actor=SYSTEM))

    assert not effective(story, kind, LATER)


@pytest.mark.parametrize("kind", n.KINDS)
def test_a_disputed_withdrawal_still_shuts(kind: str) -> None:
    story = given(mah(approved(kind)), mah(withdrawn(kind)))
    story.write(cmo(refused(f"{kind}.withdrawn.v1"), actor=SYSTEM))

    assert not effective(story, kind, LATER)


def test_what_is_approved_for_validation_is_not_effective_for_commercial_batches() -> None:
    story = given(mah(approved(n.PROCESS, state="validation")))

    assert not effective(story, n.PROCESS, LATER)
    assert effective(story, n.PROCESS, LATER, states=("validation", "commercial"))


def test_what_is_not_seen_yet_is_not_known_to_be_withdrawn() -> None:
    story = given(mah(approved(n.PROCESS)))
    before = story.context(CMO)
    story.write(mah(withdrawn(n.PROCESS)))

    assert is_effective(story.past(n.PROCESS_APPROVED), before, PRODUCT, SITE, LATER)


def test_another_entry_is_no_version() -> None:
    story = given(mah(approved(n.PROCESS)), mah(withdrawn(n.PROCESS)))
    past = story.past(n.PROCESS_WITHDRAWN)

    assert why_not_effective(past, story.context(CMO), PRODUCT, SITE, LATER) == (
        "process_version.withdrawn.v1 is no approval of a version"
    )


@pytest.mark.parametrize("kind", n.KINDS)
def test_the_manufacturer_asks_about_a_version_and_is_answered(kind: str) -> None:
    question = says(f"{kind}_review.asked.v1", text="是否适用于一车间？")
    story = asks(given(mah(approved(kind))), CMO, question).then(f"{kind}_review.asked.v1")
    answer = says(f"{kind}.answered.v1", question=story.ref(f"{kind}_review.asked.v1").model_dump(), text="否")

    asks(story, MAH, answer).then(f"{kind}.answered.v1")
