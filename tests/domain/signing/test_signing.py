"""What a signature must fulfil: its meaning fits the act, and nobody approves the own work."""

from datetime import date, timedelta

import pytest

from domain.batch import names as batch
from domain.clocks.clock import day_of
from domain.deviation.rules import RULES
from domain.judging.context import Proposed
from domain.oos import names as oos
from domain.signing.errors import SelfApprovalError, SignatureMeaningError
from domain.signing.rules import LASTS, MEANINGS, WRITTEN_BY_ANOTHER, check_own_signature, check_signature
from events.catalogue.bodies import SignedBody
from events.catalogue.registry import event_type
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from tests.domain import steps
from tests.domain.batch.steps import QP, made_and_tested, package, released, statement
from tests.domain.change.test_change import PROPOSED, corrected
from tests.domain.language import MANAGER, STAFF, Step, Story, cmo, given, mah, signature
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways
from tests.domain.oos.test_oos import INVALIDATED, SUSPECTED, phase
from tests.domain.steps import classified, closed, investigated, opened

CMO, MAH = Role.CMO, Role.MAH
SELF, MEANING, TIME = "signature.self_approval", "signature.wrong_meaning", "signature.wrong_time"


def meant(meaning: str) -> Step:
    """The invalidation of a result, signed with another meaning."""
    signed = signature(MANAGER, meaning).model_dump()
    return says(oos.INVALIDATED, signature=signed, phase=named(oos.PHASE_COMPLETED), cause="对照品称量错误")


def closing(story: Story, approval: int | None = None) -> Proposed:
    draft = closed(approval=approval)(story, CMO)
    return Proposed(CMO, draft.type, draft.subject, story.body_of(draft), MANAGER, story.now)


@pytest.mark.parametrize("meaning", ["drafted", "reviewed", "noted", "released"])
def test_an_act_that_is_signed_with_another_meaning_is_refused(meaning: str) -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF))
    then_refused_both_ways(story, CMO, meant(meaning), "entry.not_permitted", MEANING)


def signed_at(at: str) -> Step:
    """The invalidation of a result, signed at another time than it is recorded."""
    signed = signature(MANAGER).model_dump() | {"at": at}
    return says(oos.INVALIDATED, signature=signed, phase=named(oos.PHASE_COMPLETED), cause="对照品称量错误")


def told(offset: timedelta) -> tuple[Story, str]:
    """A story in which a result was examined, and a moment so far from now."""
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF))
    return story, format_moment(story.now + offset)


@pytest.mark.parametrize("offset", [timedelta(), -timedelta(days=2), -LASTS])
def test_what_was_signed_on_paper_is_entered_within_days(offset: timedelta) -> None:
    story, at = told(offset)
    asks(story, CMO, signed_at(at)).then(oos.INVALIDATED)


@pytest.mark.parametrize("offset", [timedelta(microseconds=1), timedelta(days=400), -LASTS - timedelta(microseconds=1)])
def test_an_act_that_is_signed_after_it_or_long_before_is_refused(offset: timedelta) -> None:
    story, at = told(offset)
    then_refused_both_ways(story, CMO, signed_at(at), "entry.not_permitted", TIME)


def test_a_day_of_signing_counts_whole() -> None:
    story, _ = told(timedelta())
    days = {each: str(date(2026, 11, 22) + timedelta(days=each)) for each in (1, 0, -7, -8)}
    assert day_of(story.now) == date(2026, 11, 22)
    for each in (1, -8):
        then_refused_both_ways(story, CMO, signed_at(days[each]), "entry.not_permitted", TIME)
    for each in (0, -7):
        assert story.judge(cmo(signed_at(days[each])), signed_at(days[each])(story, CMO)) is None


def test_a_statement_that_there_were_no_deviations_has_its_time_too() -> None:
    story = made_and_tested()
    asks(story, CMO, released(), QP).then(batch.FACTORY_RELEASED)
    late = package(no_deviations={**statement(MANAGER), "at": "1999-01-01"})

    past = story.write(cmo(late))
    assert past.violates


def test_who_examined_a_result_does_not_invalidate_it() -> None:
    story = given(cmo(SUSPECTED), cmo(phase()))
    then_refused_both_ways(story, CMO, INVALIDATED, "entry.not_permitted", SELF)


def test_who_proposed_a_change_does_not_approve_it() -> None:
    story = given(mah(PROPOSED))
    then_refused_both_ways(
        story, MAH, signs("change.approved.v1", proposal=named("change.proposed.v1")), "entry.not_permitted", SELF
    )


def test_who_rewrote_a_proposal_by_a_correction_does_not_approve_it() -> None:
    approval = signs("change.approved.v1", proposal=named("change.proposed.v1"))
    rewritten = corrected("change.proposed.v1", "description", "由甲换为乙", "更换处方")
    then_refused_both_ways(given(mah(PROPOSED, STAFF), mah(rewritten)), MAH, approval, "entry.not_permitted", SELF)
    asks(given(mah(PROPOSED, STAFF), mah(rewritten, STAFF)), MAH, approval).then("change.approved.v1")


def test_the_same_id_at_the_partner_is_another_person() -> None:
    story = given(cmo(PROPOSED))
    asks(story, MAH, signs("change_review.approved.v1", proposal=named("change.proposed.v1"))).then(
        "change_review.approved.v1"
    )


def test_who_investigated_a_deviation_does_not_close_it_alone() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))

    with pytest.raises(SelfApprovalError):
        check_own_signature(closing(story), story.context(CMO))


def test_who_investigated_a_deviation_closes_it_on_the_partners_approval() -> None:
    story = given(cmo(opened()), cmo(classified()), cmo(investigated()), mah(steps.approved()))

    check_own_signature(closing(story, approval=-1), story.context(CMO))


def test_of_the_first_rule_set_readers_ask_neither() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))
    proposed = closing(story)

    check_signature(proposed, story.context(CMO))
    RULES[proposed.type](proposed, story.context(CMO))
    proposed.body.signature.__dict__["meaning"] = "noted"
    check_signature(proposed, story.context(CMO))
    with pytest.raises(SignatureMeaningError):
        check_own_signature(proposed, story.context(CMO))


def test_what_the_tables_name_are_acts_with_these_fields() -> None:
    for name, field in WRITTEN_BY_ANOTHER.items():
        type_ = event_type(name)
        assert type_ is not None
        assert field in type_.model.model_fields
    known = [type_ for name in MEANINGS if (type_ := event_type(name)) is not None]
    assert all(issubclass(type_.model, SignedBody) for type_ in known)
