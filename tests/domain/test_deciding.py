"""What holds of every history that two parties may write: remembering never fails, and all who judge agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.agreement.commands import activate_agreement, sign_agreement
from domain.agreement.document import document_of
from domain.agreement.in_force import agreements_in, closure_approval_classes
from domain.agreement.rules import AGREEMENT
from domain.agreement.steps import ActivateDocument, SignDocument
from domain.communication_list.in_force import list_in_force
from domain.deviation import names as n
from domain.deviation.aggregate import deviation_of, evolve, initial_state
from domain.deviation.commands import CloseDeviation, close_deviation
from domain.deviation.overtaking import overtakings
from domain.deviation.review_commands import ApproveClosure, RejectClosure, approve_closure, reject_closure
from domain.drafts import FORM
from domain.parties.people import PersonRole, roles_of
from events.catalogue.registry import Kind
from events.encoding.identifiers import Role
from tests.domain.language import MANAGER, START, Decide, Step, Story, Written, authorised, given, signature
from tests.domain.steps import (
    AGREEMENT_ID,
    DEVIATION,
    DEVIATION_ID,
    REVIEW,
    acknowledged,
    activated,
    agreement_drafted,
    answered,
    approved,
    asked,
    batch_linked,
    calendar_published,
    classified,
    closed,
    corrected,
    investigated,
    opened,
    refused,
    rejected,
    settled,
    signed,
)

CMO, MAH = Role.CMO, Role.MAH
STEPS_OF_THE_OWNER = (
    opened(),
    classified("major"),
    classified("minor"),
    investigated(),
    closed(),
    closed(approval=-1),
    answered(),
    batch_linked(),
    corrected(n.INVESTIGATED, "conclusion", "不影响质量", "影响质量"),
    corrected(n.CLASSIFIED, "class", "major", "minor"),
    agreement_drafted(1, policies={"deviation_closure_approval": ["minor"]}),
    agreement_drafted(2),
    activated(),
)
STEPS_OF_THE_PARTNER = (approved(), approved(0), rejected(), asked(), acknowledged())
STEPS_OF_BOTH = (
    signed(),
    calendar_published(),
    authorised("qa_manager", "qa_staff"),
    refused(n.CLOSED),
    refused(n.CLOSURE_APPROVED),
    settled(n.CLOSURE_APPROVED, stands=True),
    settled(n.CLOSED, stands=False),
)
ACTORS = ("person/qa_manager", "person/qa_manager", "person/qa_staff", "person/stranger", "system/gateway")


@dataclass(frozen=True)
class Turn:
    """A party writes something, having missed the partner's latest entries."""

    role: Role
    step: Step
    actor: str
    missed: int


def _turns(owners: Sequence[Step], partners: Sequence[Step], actors: Sequence[str]) -> st.SearchStrategy[list[Turn]]:
    missed, who = st.integers(0, 6), st.sampled_from(actors)
    owner = st.builds(Turn, st.just(CMO), st.sampled_from(owners), who, missed)
    partner = st.builds(Turn, st.just(MAH), st.sampled_from(partners), who, missed)
    return st.lists(owner | partner, max_size=20)


def _begun(class_: str) -> list[Turn]:
    return [Turn(CMO, step, MANAGER, 0) for step in (opened(), classified(class_), investigated())]


_AGREED = [
    Turn(CMO, agreement_drafted(policies={"deviation_closure_approval": ["minor"]}), MANAGER, 0),
    Turn(CMO, signed(), MANAGER, 0),
    Turn(MAH, signed(), MANAGER, 0),
    Turn(CMO, activated(), MANAGER, 0),
]
_ANYTHING = _turns((*STEPS_OF_THE_OWNER, *STEPS_OF_BOTH), (*STEPS_OF_THE_PARTNER, *STEPS_OF_BOTH), ACTORS)
_CLOSING = _turns((closed(), closed(approval=-1), investigated()), (approved(), rejected()), (MANAGER,))
_SIGNING = _turns((agreement_drafted(2), signed(), activated()), (signed(),), (MANAGER,))
_HISTORIES = st.one_of(
    _ANYTHING,
    st.tuples(_CLOSING, _ANYTHING).map(lambda parts: [*_begun("minor"), *parts[0], *parts[1]]),
    st.tuples(_SIGNING, _CLOSING).map(lambda parts: [*_AGREED, *parts[0], *_begun("minor"), *parts[1]]),
)
"""Anything at all; a deviation about to be closed, then anything; an agreement amended, then a closing under it."""


def told(turns: list[Turn]) -> Story:
    """Write what the turns say, as far as what they name is there; `seen` never falls."""
    story = given()
    seen = dict.fromkeys(Role, story.sizes[CMO])
    for turn in turns:
        seen[turn.role] = max(seen[turn.role], story.sizes[turn.role.other] - turn.missed)
        try:
            turn.step(story, turn.role)
        except IndexError:  # what it would name was never accepted
            continue
        story.write(Written(turn.role, turn.step, turn.actor, seen[turn.role]))
    return story


@for_all(_HISTORIES)
@settings(deadline=None)
def test_remembering_never_fails(turns: list[Turn]) -> None:
    story = told(turns)
    for role in Role:
        for size in range(story.sizes[role.other] + 1):
            context = story.context(role, size)
            deviation = deviation_of(context, CMO, DEVIATION_ID)
            assert deviation.is_settled <= deviation.is_closed
            assert deviation.is_overtaken <= bool(deviation.closings)
            document_of(context, AGREEMENT, CMO, AGREEMENT_ID)
            closure_approval_classes(agreements_in(context), story.now)
            list_in_force(context, story.now)
            roles_of(context, role, "qa_staff", story.now)
    overtakings(story.views[CMO].subject(DEVIATION), story.views[MAH].subject(REVIEW))


@for_all(_HISTORIES)
@settings(deadline=None)
def test_remembering_is_a_fold_of_one_event_after_the_other(turns: list[Turn]) -> None:
    story = told(turns)
    context = story.context(MAH)
    deviation = initial_state(context.is_disputed)
    for past in (*context.accepted(CMO, DEVIATION), *context.accepted(MAH, REVIEW)):
        deviation = evolve(deviation, past)

    assert deviation == deviation_of(context, CMO, DEVIATION_ID)


@for_all(_HISTORIES)
@settings(deadline=None)
def test_a_verdict_depends_on_the_context_and_on_nothing_that_came_later(turns: list[Turn]) -> None:
    story = told(turns)
    for past in story.all():
        error = story.judge_again(past)
        if past.code is not None:
            assert error is not None
            assert error.refusal == past.code
        else:
            assert past.violates is (error is not None)


@for_all(_HISTORIES)
@settings(deadline=None)
def test_no_act_is_ever_marked_and_no_fact_refused_but_for_its_form(turns: list[Turn]) -> None:
    for past in told(turns).all():
        assert past.type is not None
        assert not (past.type.kind is Kind.ACT and past.violates)
        assert past.type.kind is Kind.ACT or past.code is None or past.code in FORM


@for_all(_HISTORIES, st.sampled_from(ACTORS), st.integers(0, 3))
@settings(deadline=None)
def test_what_a_command_lets_through_the_rule_lets_through_and_the_other_way_round(
    turns: list[Turn], actor: str, missed: int
) -> None:
    story = told(turns)
    for role, decide, command, step in _asked_for(story, actor):
        seen = max(0, story.sizes[role.other] - missed)
        by_command = story.when(role, decide, command, actor, seen)
        by_rule = story.receives(Written(role, step, actor, seen))
        assert [draft.type for draft in by_command.drafts] == [draft.type for draft in by_rule.drafts]
        if by_command.error is not None and by_rule.error is not None:
            assert by_command.error.refusal == by_rule.error.refusal


@for_all(_HISTORIES)
@settings(deadline=None)
def test_a_closing_that_needs_an_approval_names_one_that_opens_the_gate(turns: list[Turn]) -> None:
    """The gate, said once more from its outcome: G of domain.md 2.2, deviation_closure."""
    story = told(turns)
    for past in story.all():
        if past.name != n.CLOSED or past.code is not None or past.head is None:
            continue
        history = [each for each in story.all() if each.code is None]
        before = [each for each in history if each.role is CMO and each.position < past.position]
        seen = [each for each in history if each.role is MAH and each.position < past.head.seen]
        latest = [each for each in before if each.name == n.INVESTIGATED][-1]
        assert past.body.investigation.position == latest.position
        decisions = [each for each in seen if each.name in (n.CLOSURE_APPROVED, n.CLOSURE_REJECTED)]
        on_it = [each.name for each in decisions if each.body.investigation.position == latest.position]
        assert on_it[-1:] != [n.CLOSURE_REJECTED]
        if past.body.approval is not None:
            assert on_it[-1:] == [n.CLOSURE_APPROVED]


def _asked_for(story: Story, actor: str) -> list[tuple[Role, Decide[Any], Any, Any]]:
    """Return commands beside the steps that say the same."""
    who = actor if actor.startswith("person/") else MANAGER
    sign = signature(who)
    candidates: list[Callable[[], tuple[Role, Decide[Any], Any, Any]]] = [
        lambda: (
            CMO,
            close_deviation,
            CloseDeviation(DEVIATION_ID, story.ref(n.INVESTIGATED), sign),
            closed(person=who),
        ),
        lambda: (
            CMO,
            close_deviation,
            CloseDeviation(DEVIATION_ID, story.ref(n.INVESTIGATED), sign, story.ref(n.CLOSURE_APPROVED)),
            closed(approval=-1, person=who),
        ),
        lambda: (
            MAH,
            approve_closure,
            ApproveClosure(DEVIATION_ID, story.ref(n.INVESTIGATED), sign),
            approved(person=who),
        ),
        lambda: (MAH, reject_closure, RejectClosure(DEVIATION_ID, story.ref(n.INVESTIGATED), "r"), rejected()),
        lambda: (
            MAH,
            sign_agreement,
            SignDocument(CMO, AGREEMENT_ID, story.ref("agreement.drafted.v1"), sign),
            signed(person=who),
        ),
    ]
    found = []
    for candidate in candidates:
        try:
            found.append(candidate())
        except IndexError:  # what it would name was never accepted
            continue
    return found


def test_the_roles_of_the_table_are_those_of_the_vocabulary() -> None:
    story = given()

    assert {role for person in PersonRole for role in roles_of(story.context(CMO), CMO, person.value, START)} == {
        role.value for role in PersonRole
    }


def test_an_activation_is_asked_for_where_there_is_nothing_to_activate() -> None:
    command = ActivateDocument(AGREEMENT_ID, START.date(), signature())

    given().when(CMO, activate_agreement, command).then_refused("entry.wrong_state", "document.wrong_state")
