"""Key persons of both parties: who held which post on a day, with which qualification, and who stood in."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.drafts import Draft
from domain.key_person import names as n
from domain.key_person.posts import held_by, holders_on
from events.encoding.identifiers import Role
from tests.domain.language import Step, Story, cmo, given, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, asks, says
from tests.domain.steps import refused

CMO, MAH = Role.CMO, Role.MAH
DAY = date(2026, 12, 5)


def registered(person: str = "wang.wei", identity: str = MATTER_ID, **changes: Any) -> Step:
    body = {
        "person": person,
        "name": "王伟",
        "post": "qualified_person",
        "qualification": "执业药师，12 年",
        "from": "2026-01-01",
        "to": "2028-12-31",
        **changes,
    }
    return lambda _story, _role: Draft(n.REGISTERED, f"key_person/{identity}", body)


def delegated(**changes: Any) -> Step:
    body = {
        "deputy": "chen.gang",
        "deputy_name": "陈刚",
        "qualification": "执业药师，8 年",
        "reason": "休假",
        "from": "2026-12-01",
        "to": "2026-12-14",
        **changes,
    }
    return says(n.DELEGATED, **body)


def withdrawn(since: str = "2027-03-01") -> Step:
    return says(n.WITHDRAWN, reason="岗位调整", **{"from": since})


def holders(story: Story, day: date, party: Role = CMO, post: str | None = None) -> list[str]:
    found = holders_on(story.context(MAH), party, day, post)
    assert found == holders_on(story.context(CMO), party, day, post)
    return [each.person for each in found]


def test_a_person_holds_a_post_for_a_time() -> None:
    story = asks(given(), CMO, registered()).then(n.REGISTERED)

    days = (date(2025, 12, 31), date(2026, 1, 1), date(2028, 12, 31), date(2029, 1, 1))
    assert [holders(story, day) for day in days] == [[], ["wang.wei"], ["wang.wei"], []]
    assert holders(story, DAY, post="head_of_quality") == []
    assert holders(story, DAY, party=MAH) == []


def test_both_parties_register_their_people() -> None:
    story = given(cmo(registered()), mah(registered("zhou.jie", to=None)))

    assert (holders(story, DAY), holders(story, DAY, party=MAH)) == (["wang.wei"], ["zhou.jie"])


def test_a_deputy_stands_in_for_a_time_with_a_qualification_of_its_own() -> None:
    story = asks(given(cmo(registered())), CMO, delegated()).then(n.DELEGATED)

    assert holders(story, DAY) == ["wang.wei", "chen.gang"]
    assert holders(story, date(2026, 12, 15)) == ["wang.wei"]
    held = held_by(story.context(MAH), CMO, "chen.gang", DAY)
    assert [(each.post, each.qualification, each.deputy_for) for each in held] == [
        ("qualified_person", "执业药师，8 年", "wang.wei")
    ]


def test_a_deputy_stands_in_no_longer_than_the_person_holds_the_post() -> None:
    story = given(cmo(registered(to="2026-12-03")), cmo(delegated()))

    assert holders(story, DAY) == []


def test_a_deputy_stands_in_no_sooner_than_the_person_holds_the_post() -> None:
    story = given(cmo(registered(**{"from": "2026-12-04"})), cmo(delegated()))
    assert [held_by(story.context(CMO), CMO, "chen.gang", date(2026, 12, day)) != [] for day in (3, 4)] == [False, True]


def test_nobody_is_the_own_deputy() -> None:
    story = given(cmo(registered()), cmo(delegated(deputy="wang.wei", qualification="另")))
    assert [each.deputy_for for each in held_by(story.context(CMO), CMO, "wang.wei", DAY)] == [None]


def test_who_is_withdrawn_holds_the_post_no_more_and_nobody_stands_in() -> None:
    story = given(cmo(registered()), cmo(delegated()))
    asks(story, CMO, withdrawn("2026-12-04")).then(n.WITHDRAWN)

    assert holders(story, date(2026, 12, 3)) == ["wang.wei", "chen.gang"]
    assert holders(story, date(2026, 12, 4)) == []
    asks(story, CMO, withdrawn("2027-06-01")).then_marked(n.WITHDRAWN)
    asks(story, CMO, delegated()).then_marked(n.DELEGATED)


def test_a_disputed_registration_gives_no_post_and_a_disputed_withdrawal_takes_one() -> None:
    story = given(cmo(registered()), cmo(withdrawn("2026-12-01")))
    story.write(mah(refused(n.WITHDRAWN), actor="system/gateway"))
    assert holders(story, DAY) == []

    disputed = given(cmo(registered())).and_then(mah(refused(n.REGISTERED), actor="system/gateway"))
    assert holders(disputed, DAY) == []


def test_a_time_that_ends_before_it_begins_is_recorded_and_marked() -> None:
    asks(given(), CMO, registered(to="2025-01-01")).then_marked(n.REGISTERED)
    asks(given(cmo(registered())), CMO, delegated(to="2026-11-30")).then_marked(n.DELEGATED)


def test_a_second_person_under_one_id_is_marked() -> None:
    story = given(cmo(registered()))
    asks(story, CMO, registered("zhou.jie")).then_marked(n.REGISTERED)
    asks(story, CMO, registered("zhou.jie", OTHER_ID)).then(n.REGISTERED)

    assert holders(story, DAY) == ["wang.wei", "zhou.jie"]


def test_whose_entry_was_erased_is_named_no_more_and_what_follows_is_judged_as_before() -> None:
    story = given(cmo(registered()))
    past = story.views[CMO].standing(n.REGISTERED)[0]
    story.views[CMO].retract(past)
    story.views[CMO].remember(replace(past, body=None))

    asks(story, CMO, delegated()).then(n.DELEGATED)
    asks(story, CMO, withdrawn()).then(n.WITHDRAWN)
    assert holders(story, DAY) == []
