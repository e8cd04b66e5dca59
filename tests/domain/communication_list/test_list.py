"""The communication list: eight categories, people, method and numbers (G3), both signatures, an agreement in force."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.agreement.steps import ActivateDocument, SignDocument
from domain.communication_list.commands import (
    DraftCommunicationList,
    activate_communication_list,
    draft_communication_list,
    sign_communication_list,
)
from domain.communication_list.in_force import list_in_force
from domain.communication_list.terms import DEVIATION_CLOCKS, LEGAL_CATEGORIES, Direction
from events.catalogue.communication_list import Row
from events.encoding.identifiers import Role
from tests.domain.language import Story, Written, cmo, given, mah, signature
from tests.domain.steps import (
    LIST_ID,
    activated,
    agreement_drafted,
    calendar_published,
    list_drafted,
    opened,
    refused,
    signed,
)

CMO, MAH = Role.CMO, Role.MAH
KIND = "communication_list"
DRAFTED, SIGNED, REVIEW_SIGNED, ACTIVATED = (
    f"{KIND}.drafted.v1",
    f"{KIND}.signed.v1",
    f"{KIND}_review.signed.v1",
    f"{KIND}.activated.v1",
)
AGREED = (cmo(agreement_drafted()), cmo(signed()), mah(signed()), cmo(activated()))


def limit(name: str, **changes: Any) -> dict[str, Any]:
    clock = DEVIATION_CLOCKS.get(name, DEVIATION_CLOCKS["notify"])
    party = "cmo" if clock.sender_acts else "mah"
    written = {"name": name, "start": clock.start, "stop": clock.stop, "party": party, "value": 24, "unit": "hours"}
    return {key: value for key, value in {**written, **changes}.items() if value is not None}


def row(category: str, **changes: Any) -> dict[str, Any]:
    names = DEVIATION_CLOCKS if category == "deviations" else ("notify",)
    written = {
        "category": category,
        "direction": "cmo_to_mah",
        "senders": ["王芳"],
        "receivers": ["赵敏"],
        "deputies": ["李强"],
        "responsibilities": "QA",
        "method": "网关",
        "limits": [limit(name) for name in names],
    }
    return {**written, **changes}


def rows(**changes: Any) -> list[dict[str, Any]]:
    """All eight categories; the changes are of the row of deviations."""
    return [row(each, **(changes if each == "deviations" else {})) for each in LEGAL_CATEGORIES]


def signed_list(*before: Written, rows_of: list[dict[str, Any]] | None = None) -> Story:
    story = given(*(before or AGREED), cmo(list_drafted(rows() if rows_of is None else rows_of)))
    return story.and_then(cmo(signed(KIND)), mah(signed(KIND)))


def activate() -> ActivateDocument:
    return ActivateDocument(LIST_ID, date(2026, 11, 22), signature())


def lacks(story: Story) -> str:
    """Return what is missing, as both sides say."""
    error = story.when(CMO, activate_communication_list, activate()).then_refused("gate.agreement")
    received = story.receives(cmo(activated(KIND))).then_refused("gate.agreement", "document.incomplete")
    assert received.detail == error.detail
    return error.detail


def test_a_list_is_drafted_signed_by_both_and_activated() -> None:
    story = given(*AGREED)
    draft = DraftCommunicationList(
        LIST_ID, story.ref("agreement.drafted.v1"), [Row.model_validate(each) for each in rows()]
    )
    story.when(CMO, draft_communication_list, draft).then(DRAFTED)
    for party, name in ((CMO, SIGNED), (MAH, REVIEW_SIGNED)):
        command = SignDocument(CMO, LIST_ID, story.ref(DRAFTED), signature())
        story.when(party, sign_communication_list, command).then(name)
    story.when(CMO, activate_communication_list, activate()).then(ACTIVATED)

    version = list_in_force(story.context(MAH), story.now)
    assert version is not None
    assert version.number == 1
    assert version.terms.limits("deviations", Direction.CMO_TO_MAH, "notify", "major")[0].value == 24


@pytest.mark.parametrize("category", LEGAL_CATEGORIES)
def test_none_of_the_eight_categories_may_be_missing(category: str) -> None:
    story = signed_list(rows_of=[each for each in rows() if each["category"] != category])

    assert f"the category {category}" in lacks(story)


@pytest.mark.parametrize("field", ["senders", "receivers", "deputies", "responsibilities", "method"])
@pytest.mark.parametrize("category", ["deviations", "credit_records"])
def test_every_row_names_people_their_responsibilities_and_the_method(category: str, field: str) -> None:
    blank: object = [] if field in ("senders", "receivers", "deputies") else ""
    some = [{**each, field: blank} if each["category"] == category else each for each in rows()]

    assert f"({category}): {field}" in lacks(signed_list(rows_of=some))


@pytest.mark.parametrize("category", LEGAL_CATEGORIES)
@pytest.mark.parametrize("limits", [None, []])
def test_every_category_has_a_number_for_its_notification(category: str, limits: list[object] | None) -> None:
    some = [{**each, "limits": limits} if each["category"] == category else each for each in rows()]

    assert "a number for notify" in lacks(signed_list(rows_of=some))


@pytest.mark.parametrize("name", list(DEVIATION_CLOCKS))
def test_deviations_have_a_number_for_each_of_their_clocks(name: str) -> None:
    some = rows(limits=[limit(each) for each in DEVIATION_CLOCKS if each != name])

    assert f"a number for {name}" in lacks(signed_list(rows_of=some))


def test_a_limit_may_be_stated_by_class_if_it_is_for_each() -> None:
    others = [limit(name) for name in DEVIATION_CLOCKS if name != "handle"]
    by_class = [limit("handle", **{"class": class_}) for class_ in ("major", "moderate", "minor")]

    assert "of class minor" in lacks(signed_list(rows_of=rows(limits=[*others, *by_class[:2]])))
    signed_list(rows_of=rows(limits=[*others, *by_class])).receives(cmo(activated(KIND))).then(ACTIVATED)


def test_one_number_holds_for_one_class() -> None:
    twice = [limit("notify"), limit("notify", value=48)]
    some = rows(limits=[limit(name) for name in DEVIATION_CLOCKS if name != "notify"] + twice)

    assert "one number for notify" in lacks(signed_list(rows_of=some))


def test_a_limit_that_is_called_like_a_clock_is_that_clock() -> None:
    others = [limit(name) for name in DEVIATION_CLOCKS if name != "notify"]

    assert "from detected to received" in lacks(
        signed_list(rows_of=rows(limits=[*others, limit("notify", start="recorded")]))
    )
    assert "a duty of the cmo" in lacks(signed_list(rows_of=rows(limits=[*others, limit("notify", party="mah")])))


def test_no_limit_is_longer_than_ten_years() -> None:
    others = [limit(name) for name in DEVIATION_CLOCKS if name != "handle"]

    assert "at most 87600 hours" in lacks(signed_list(rows_of=rows(limits=[*others, limit("handle", value=87_601)])))


def test_working_days_are_counted_by_a_published_calendar() -> None:
    some = rows(limits=[limit(name, unit="working_days") for name in DEVIATION_CLOCKS])
    assert "the published calendar" in lacks(signed_list(rows_of=some))

    story = given(*AGREED, cmo(calendar_published()))
    calendar = story.ref("calendar.published.v1").model_dump()
    named = rows(limits=[limit(name, unit="working_days", calendar=calendar) for name in DEVIATION_CLOCKS])
    story.and_then(cmo(list_drafted(named)), cmo(signed(KIND)), mah(signed(KIND)))
    story.when(CMO, activate_communication_list, activate()).then(ACTIVATED)


def test_a_draft_that_names_something_else_as_its_calendar_or_agreement_is_refused() -> None:
    story = given(*AGREED, cmo(opened()))
    wrong = story.ref("deviation.opened.v1").model_dump()
    some = rows(limits=[limit(name, unit="working_days", calendar=wrong) for name in DEVIATION_CLOCKS])

    story.receives(cmo(list_drafted(some))).then_refused("entry.wrong_reference", "evidence.not_found")
    draft = DraftCommunicationList(LIST_ID, story.ref("deviation.opened.v1"), [])
    story.when(CMO, draft_communication_list, draft).then_refused("entry.wrong_reference")


def test_a_draft_may_be_incomplete() -> None:
    story = given(*AGREED)

    story.when(
        CMO, draft_communication_list, DraftCommunicationList(LIST_ID, story.ref("agreement.drafted.v1"), [])
    ).then(DRAFTED)


def test_the_holders_own_deviations_need_no_approval_of_anybody() -> None:
    back = [limit(n, party="mah" if DEVIATION_CLOCKS[n].sender_acts else "cmo") for n in DEVIATION_CLOCKS]
    own = row(
        "deviations", direction="mah_to_cmo", limits=[each for each in back if each["name"] != "closure_approval"]
    )

    signed_list(rows_of=[*rows(), own]).receives(cmo(activated(KIND))).then(ACTIVATED)


def test_a_list_of_the_holders_deviations_alone_is_not_enough() -> None:
    back = [limit(n, party="mah" if DEVIATION_CLOCKS[n].sender_acts else "cmo") for n in DEVIATION_CLOCKS]

    assert "deviations (cmo_to_mah)" in lacks(signed_list(rows_of=rows(direction="mah_to_cmo", limits=back)))


def test_everything_that_is_missing_is_said_at_once() -> None:
    told = lacks(signed_list(rows_of=[]))

    assert all(category in told for category in LEGAL_CATEGORIES)


def test_a_list_needs_its_agreement_activated() -> None:
    story = signed_list(cmo(agreement_drafted()), cmo(signed()), mah(signed()))

    assert "the activation of the quality agreement" in lacks(story)


def test_a_list_under_an_agreement_that_was_replaced_is_not_activated() -> None:
    story = signed_list()
    story.and_then(cmo(agreement_drafted(2)), cmo(signed()), mah(signed()), cmo(activated()))

    assert "was replaced" in lacks(story)


def test_a_list_may_be_activated_before_the_day_on_which_its_agreement_comes_into_force() -> None:
    later = (*AGREED[:3], cmo(activated(effective_from="2026-12-01")))

    signed_list(*later).receives(cmo(activated(KIND))).then(ACTIVATED)


def test_a_list_needs_both_signatures() -> None:
    story = given(*AGREED, cmo(list_drafted(rows())), cmo(signed(KIND)))

    told = story.when(CMO, activate_communication_list, activate()).then_refused("gate.agreement")
    assert "the holder's" in told.detail
    story.receives(cmo(activated(KIND, parties=(CMO,)))).then_refused("gate.agreement")


def test_the_versions_of_a_list_rise() -> None:
    given(*AGREED, cmo(list_drafted(rows(), 2))).receives(cmo(list_drafted(rows(), 1))).then_marked(DRAFTED)


def test_an_event_is_judged_by_the_version_in_force_at_its_moment() -> None:
    story = signed_list()
    first = story.now
    story.and_then(cmo(activated(KIND)), cmo(list_drafted(rows(), 2)), cmo(signed(KIND)), mah(signed(KIND)))
    story.and_then(cmo(activated(KIND, "2026-12-01")))
    numbers = {
        moment: version.number if (version := list_in_force(story.context(CMO), moment)) else None
        for moment in (first - timedelta(seconds=1), first, story.now, datetime(2026, 12, 1, tzinfo=UTC))
    }

    assert list(numbers.values()) == [None, 1, 1, 2]


def test_a_disputed_activation_puts_no_list_in_force() -> None:
    story = signed_list().and_then(cmo(activated(KIND)), mah(refused(ACTIVATED), actor="system/gateway"))

    assert list_in_force(story.context(MAH), story.now) is None


def test_staff_signs_no_list() -> None:
    staff = "person/qa_staff"
    story = given(*AGREED, cmo(list_drafted(rows())))

    story.receives(mah(signed(KIND, person=staff), actor=staff)).then_refused("entry.not_permitted")
