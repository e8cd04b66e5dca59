"""The manufacturer's capability: published, changed element by element, valid for a time."""

from datetime import date
from typing import Any

from domain.capability_profile import names as n
from domain.capability_profile.current import CapabilityProfile, profiles_in
from events.encoding.identifiers import Role
from tests.domain.language import Step, Story, cmo, given, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, asks, named, says, then_refused_both_ways
from tests.domain.steps import opened, refused

CMO, MAH = Role.CMO, Role.MAH
LINE = {"kind": "line", "name": "粉针2线", "description": "无菌粉针分装线"}
PROCEDURE = {"kind": "qa_procedure", "name": "SOP-QA-001", "description": "质量保证体系"}
TOLD: dict[str, Any] = {"number": "CAP-2026-0001", "source": "DMS", "title": "受托生产能力档案"}


def published(identity: str = MATTER_ID, **changes: Any) -> Step:
    body = {**TOLD, "elements": [LINE, PROCEDURE], "valid_until": "2027-12-31", **changes}
    return says(n.PUBLISHED, identity, **body)


def changed(*changes: tuple[str, dict[str, Any]], **more: Any) -> Step:
    told = [{"change": change, "element": element} for change, element in changes]
    body = {
        **TOLD,
        "profile": named(n.PUBLISHED),
        "changes": told,
        "reason": "设备老化",
        "effective_from": "2026-12-15",
    }
    return says(n.CHANGED, OTHER_ID, **(body | more))


def current(story: Story) -> CapabilityProfile:
    found = profiles_in(story.context(MAH))[0]
    assert found == profiles_in(story.context(CMO))[0]
    return found


def test_the_manufacturer_publishes_its_capability() -> None:
    story = asks(given(), CMO, published()).then(n.PUBLISHED)
    profile = current(story)

    assert [element.name for element in profile.elements] == ["粉针2线", "SOP-QA-001"]
    assert [profile.is_valid(day) for day in (date(2027, 12, 31), date(2028, 1, 1))] == [True, False]


def test_a_change_is_an_item_of_its_own_and_the_profile_is_as_changed() -> None:
    added = {"kind": "equipment", "name": "分装机 B", "description": "2026 年新购"}
    replaced = {**LINE, "description": "更换分装机"}
    step = changed(("changed", replaced), ("added", added), ("removed", PROCEDURE), valid_until="2028-06-30")
    story = asks(given(cmo(published())), CMO, step).then(n.CHANGED)
    profile = current(story)

    assert [(each.name, each.description) for each in profile.elements] == [
        ("粉针2线", "更换分装机"),
        ("分装机 B", "2026 年新购"),
    ]
    assert (len(profile.changes), profile.valid_until) == (1, date(2028, 6, 30))


def test_a_change_that_is_disputed_changes_nothing() -> None:
    story = given(cmo(published()), cmo(changed(("removed", LINE))))
    story.write(mah(refused(n.CHANGED), actor="system/gateway"))

    assert len(current(story).elements) == 2


def test_the_profile_published_last_comes_first() -> None:
    story = given(cmo(published()), cmo(published(OTHER_ID, elements=[LINE])))

    assert [len(profile.elements) for profile in profiles_in(story.context(MAH))] == [1, 2]


def test_a_change_of_something_that_is_no_profile_is_refused() -> None:
    story = given(cmo(published()), cmo(opened()))
    wrong = changed(("changed", LINE), profile=named("deviation.opened.v1"))
    then_refused_both_ways(story, CMO, wrong, "entry.wrong_reference")


def test_what_is_told_twice_under_one_id_is_marked() -> None:
    story = given(cmo(published()), cmo(changed(("changed", LINE))))
    asks(story, CMO, published()).then_marked(n.PUBLISHED)
    asks(story, CMO, changed(("changed", LINE))).then_marked(n.CHANGED)


def test_a_clerk_without_the_right_publishes_nothing_that_counts() -> None:
    story = asks(given(), CMO, published(), actor="person/auditor").then_marked(n.PUBLISHED)

    assert profiles_in(story.context(MAH)) == []


def test_the_holder_takes_note_of_a_change() -> None:
    story = given(cmo(published()), cmo(changed(("changed", LINE))))
    noted = says("capability_profile_review.acknowledged.v1", OTHER_ID, entry=named(n.CHANGED))
    asks(story, MAH, noted).then("capability_profile_review.acknowledged.v1")
