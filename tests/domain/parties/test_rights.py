"""Who may do what: the whole table from both sides, how people come to their roles, and how it begins."""

from datetime import timedelta

import pytest

from domain.citations import Citation
from domain.judging.context import Proposed
from domain.parties.commands import (
    AuthorisePerson,
    NamePerson,
    WithdrawPerson,
    authorise_person,
    name_person,
    withdraw_person,
)
from domain.parties.errors import NotPermittedError
from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN, PersonRole, roles_of
from domain.parties.right import POLICY
from domain.rights import RIGHTS, check_right, roles_with
from events.catalogue.bodies import Signature
from events.catalogue.registry import Kind, all_event_types, event_type
from events.encoding.identifiers import Role
from tests.domain.language import (
    ADMIN,
    JOURNAL_ID,
    START,
    Story,
    authorised,
    cmo,
    given,
    given_nobody,
    mah,
    signature,
)
from tests.domain.parties.table import MAY
from tests.domain.steps import agreement_drafted, classified, closed, investigated, opened, refused, signed

CMO, MAH = Role.CMO, Role.MAH
NAMES = [type_.name for type_ in all_event_types()]


def may(story: Story, party: Role, name: str, actor: str) -> bool:
    try:
        check_right(Proposed(party, name, "-", None, actor, story.now), story.context(party))
    except NotPermittedError:
        return False
    return True


@pytest.mark.parametrize("role", list(PersonRole))
def test_each_role_may_write_exactly_what_the_table_says(role: PersonRole) -> None:
    story = given()

    for party in Role:
        assert {name for name in NAMES if may(story, party, name, f"person/{role.value}")} == MAY[role]


@pytest.mark.parametrize("name", NAMES)
def test_somebody_has_the_right_to_every_event_type(name: str) -> None:
    assert roles_with(name)


def test_every_right_names_a_clause_or_says_that_it_is_a_policy() -> None:
    for right in RIGHTS:
        assert right.source == POLICY or isinstance(right.source, Citation)


def test_no_event_type_has_two_rights() -> None:
    names = [name for right in RIGHTS for name in right.types]

    assert len(names) == len(set(names))
    assert set(names) <= set(NAMES)


def test_an_unknown_event_type_is_nobodys() -> None:
    assert roles_with("spell.cast.v1") == frozenset()


@pytest.mark.parametrize("name", NAMES)
def test_a_system_states_facts_and_never_acts(name: str) -> None:
    type_ = event_type(name)
    assert type_ is not None

    assert may(given(), CMO, name, "system/gateway") is (type_.kind is Kind.FACT)


def test_a_person_whom_the_journal_does_not_know_may_nothing() -> None:
    assert not any(may(given(), CMO, name, "person/stranger") for name in NAMES)


def test_a_right_in_ones_own_party_is_none_in_the_other() -> None:
    story = given_nobody(cmo(authorised("qa_manager", "wang"), actor="system/setup"))

    assert may(story, CMO, "deviation.opened.v1", "person/wang")
    assert not may(story, MAH, "deviation_review.asked.v1", "person/wang")


def test_an_act_without_the_right_is_refused_on_both_sides() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))

    staff = cmo(closed(person="person/qa_staff"), actor="person/qa_staff")
    story.receives(staff).then_refused("entry.not_permitted", "right.missing")


def test_a_fact_without_the_right_is_recorded_and_marked() -> None:
    given(cmo(opened())).receives(cmo(investigated(), actor="person/integrator")).then_marked(
        "deviation.investigated.v1"
    )


def test_nobody_signs_in_the_name_of_another() -> None:
    story = given(cmo(agreement_drafted()))

    borrowed = cmo(signed(person="person/qualified_person"), actor="person/qa_manager")
    story.receives(borrowed).then_refused("entry.not_permitted", "right.missing")
    story.receives(cmo(signed())).then("agreement.signed.v1")


def test_until_there_is_an_administrator_authorising_is_free() -> None:
    story = given_nobody()

    story.receives(cmo(authorised("qa_manager", "wang"), actor="person/wang")).then(AUTHORISED)
    story.receives(cmo(authorised("admin", "li"), actor="person/wang")).then(AUTHORISED)
    story.receives(cmo(authorised("qa_staff", "wang"), actor="person/wang")).then_marked(AUTHORISED)
    story.receives(cmo(authorised("qa_staff", "wang"), actor="person/li")).then(AUTHORISED)


def test_quality_records_are_never_free() -> None:
    story = given_nobody()

    story.receives(cmo(opened(), actor="person/anybody")).then_marked("deviation.opened.v1")
    assert not may(story, CMO, "agreement.signed.v1", "person/anybody")


def test_one_party_may_begin_while_the_other_has_people_already() -> None:
    story = given_nobody(mah(authorised("admin", "li"), actor="person/li"))

    story.receives(cmo(authorised("admin", "zhao"), actor="person/zhao")).then(AUTHORISED)


def test_an_authorisation_without_the_right_gives_nothing() -> None:
    story = given(cmo(authorised("qa_manager", "qa_staff"), actor="person/qa_staff"))

    assert story.past(AUTHORISED).violates
    assert roles_of(story.context(CMO), CMO, "qa_staff", story.now) == {"qa_staff"}


def test_a_withdrawal_without_the_right_takes_nothing() -> None:
    story = given()
    command = WithdrawPerson(JOURNAL_ID, "admin", [PersonRole.ADMIN])

    story.when(CMO, withdraw_person, command, actor="person/qa_staff").then_marked(WITHDRAWN)
    assert roles_of(story.context(CMO), CMO, "admin", story.now) == {"admin"}


def test_a_role_is_held_from_its_beginning_and_before_its_end() -> None:
    since, until = START + timedelta(days=1), START + timedelta(days=2)
    story = given(cmo(authorised("qa_staff", "wang", since, until), actor=ADMIN))
    context = story.context(CMO)
    instant = timedelta(microseconds=1)

    held = [bool(roles_of(context, CMO, "wang", at)) for at in (since - instant, since, until - instant, until)]
    assert held == [False, True, True, False]


def test_the_later_word_about_a_role_and_a_moment_counts() -> None:
    story = given()
    story.when(CMO, withdraw_person, WithdrawPerson(JOURNAL_ID, "qa_staff", [PersonRole.QA_STAFF]), actor=ADMIN).then(
        WITHDRAWN
    )
    assert roles_of(story.context(CMO), CMO, "qa_staff", story.now) == frozenset()

    again = AuthorisePerson(JOURNAL_ID, "qa_staff", [PersonRole.QA_STAFF, PersonRole.AUDITOR])
    story.when(CMO, authorise_person, again, actor=ADMIN).then(AUTHORISED)
    assert roles_of(story.context(CMO), CMO, "qa_staff", story.now) == {"qa_staff", "auditor"}


def test_a_withdrawal_for_a_time_leaves_the_time_after_it() -> None:
    story = given()
    absent = WithdrawPerson(JOURNAL_ID, "qa_staff", [PersonRole.QA_STAFF], START, START + timedelta(days=3))
    story.when(CMO, withdraw_person, absent, actor=ADMIN).then(WITHDRAWN)
    context = story.context(CMO)

    assert not roles_of(context, CMO, "qa_staff", START + timedelta(days=2))
    assert roles_of(context, CMO, "qa_staff", START + timedelta(days=3))


def test_what_was_done_before_a_withdrawal_stays_permitted() -> None:
    story = given(cmo(opened(), actor="person/qa_staff"))
    early = WithdrawPerson(JOURNAL_ID, "qa_staff", [PersonRole.QA_STAFF], since=START)
    story.when(CMO, withdraw_person, early, actor=ADMIN).then(WITHDRAWN)

    assert not story.past("deviation.opened.v1").violates
    assert not may(story, CMO, "deviation.opened.v1", "person/qa_staff")


def test_a_disputed_authorisation_gives_no_role_and_a_disputed_withdrawal_takes_one() -> None:
    story = given(cmo(authorised("qa_manager", "wang"), actor=ADMIN))
    story.and_then(mah(refused(AUTHORISED), actor="system/gateway"))
    assert roles_of(story.context(CMO), CMO, "wang", story.now) == frozenset()

    command = WithdrawPerson(JOURNAL_ID, "qa_staff", [PersonRole.QA_STAFF])
    story.when(CMO, withdraw_person, command, actor=ADMIN).then(WITHDRAWN)
    story.and_then(mah(refused(WITHDRAWN), actor="system/gateway"))
    assert roles_of(story.context(CMO), CMO, "qa_staff", story.now) == frozenset()


def test_a_period_that_ends_before_it_begins_is_marked() -> None:
    command = AuthorisePerson(JOURNAL_ID, "wang", [PersonRole.QA_STAFF], START, START)

    given().when(CMO, authorise_person, command, actor=ADMIN).then_marked(AUTHORISED)


def test_a_person_is_named() -> None:
    story = given()
    story.when(CMO, name_person, NamePerson(JOURNAL_ID, "qa_staff", "王芳（示例）", "分机 12"), actor=ADMIN).then(NAMED)
    story.when(CMO, name_person, NamePerson(JOURNAL_ID, "admin", "李娜（示例）"), actor=ADMIN).then(NAMED)

    assert story.past(NAMED).type is not None
    assert story.past(NAMED).type.erasable  # type: ignore[union-attr] # asserted above


def test_a_signature_names_its_person_without_the_prefix() -> None:
    assert isinstance(signature(), Signature)
    assert signature("person/li.na").person == "li.na"
