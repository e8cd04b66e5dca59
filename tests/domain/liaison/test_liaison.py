"""The manufacturer's liaison with the holder's quality management: named, deputised, dated."""

from dataclasses import replace
from datetime import date

from domain.drafts import Draft
from domain.liaison import names as n
from domain.liaison.designated import designations_in, liaison_on
from events.encoding.identifiers import Role
from tests.domain.language import Step, Story, cmo, given, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, asks
from tests.domain.steps import refused

CMO, MAH = Role.CMO, Role.MAH
FIRST, SECOND = date(2026, 11, 22), date(2027, 1, 1)


def designated(person: str = "li.na", since: date = FIRST, identity: str = MATTER_ID) -> Step:
    body = {
        "person": person,
        "name": "李娜",
        "deputy": "zhao.min",
        "deputy_name": "赵敏",
        "responsibilities": "与持有人质量管理体系衔接",
        "from": since.isoformat(),
    }
    return lambda _story, _role: Draft(n.DESIGNATED, f"liaison/{identity}", body)


def liaison(story: Story, day: date) -> str | None:
    found = liaison_on(story.context(MAH), day)
    assert found == liaison_on(story.context(CMO), day)
    return None if found is None else str(found.body.person)


def test_a_liaison_is_designated_from_a_day_on_until_the_next_one() -> None:
    story = asks(given(), CMO, designated()).then(n.DESIGNATED)
    asks(story, CMO, designated("chen.gang", SECOND, OTHER_ID)).then(n.DESIGNATED)

    days = (date(2026, 11, 21), FIRST, date(2026, 12, 31), SECOND)
    assert [liaison(story, day) for day in days] == [None, "li.na", "li.na", "chen.gang"]


def test_a_designation_that_is_disputed_or_was_not_permitted_designates_nobody() -> None:
    story = given(cmo(designated()), mah(refused(n.DESIGNATED), actor="system/gateway"))
    assert liaison(story, FIRST) is None

    asks(given(), CMO, designated(), actor="person/qa_staff").then_marked(n.DESIGNATED)


def test_another_designation_under_one_id_is_marked() -> None:
    story = given(cmo(designated()))
    asks(story, CMO, designated("chen.gang", SECOND)).then_marked(n.DESIGNATED)
    assert liaison(story, SECOND) == "li.na"


def test_a_designation_whose_body_was_erased_names_nobody() -> None:
    story = given(cmo(designated()))
    past = story.views[CMO].standing(n.DESIGNATED)[0]
    erased = replace(past, body=None)
    context = story.context(MAH)
    story.views[CMO].retract(past)
    story.views[CMO].remember(erased)

    assert designations_in(context) == []
