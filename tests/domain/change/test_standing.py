"""What an implementation (G6) and a category (G7) rest on: a correction opens nothing that the original left shut."""

from datetime import timedelta

import pytest

from domain.change import names as n
from events.encoding.identifiers import Role
from tests.domain.change.test_change import (
    APPROVED,
    CATEGORY,
    DOCUMENT,
    FOUND,
    IMPLEMENTATION,
    PROPOSED,
    corrected,
    determined,
    implemented,
    opinion,
    ready,
    recorded,
    with_opinions,
)
from tests.domain.language import STAFF, Written, cmo, given, mah
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways
from tests.domain.steps import refused

CMO, MAH = Role.CMO, Role.MAH


def test_an_approval_is_of_nothing_that_was_corrected_after_it() -> None:
    story = ready()
    story.write(cmo(corrected(n.PROPOSED, "description", "由乙换为丙", "由甲换为丙")))  # changes nothing: it is marked
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")
    story.and_then(mah(APPROVED), cmo(corrected(n.PROPOSED, "description", "由乙换为丙", "由甲换为丙")))
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")

    story.write(mah(APPROVED))
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")

    story.and_then(cmo(opinion("approval")), mah(opinion("approval", n.REVIEW_OPINION)), cmo(determined("approval")))
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")
    story.write(mah(recorded("approval_certificate")))

    asks(story, CMO, implemented()).then(n.IMPLEMENTED)


def test_a_category_rests_on_opinions_of_the_proposal_as_it_was_corrected() -> None:
    nothing = "no_registration_effect"
    story = with_opinions(nothing, nothing)
    story.write(cmo(corrected(n.PROPOSED, "description", "由甲换为乙", "改变灭菌工艺")))
    then_refused_both_ways(story, CMO, determined(nothing), CATEGORY)
    story.write(cmo(opinion(nothing)))
    then_refused_both_ways(story, CMO, determined(nothing), CATEGORY)
    story.write(mah(opinion("approval", n.REVIEW_OPINION)))
    asks(story, CMO, determined("approval")).then(n.DETERMINED)


def test_a_category_and_a_certificate_of_before_a_correction_open_nothing() -> None:
    story = ready()
    story.and_then(cmo(corrected(n.PROPOSED, "description", "由甲换为乙", "改变灭菌工艺")), mah(APPROVED))
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")
    asks(story, MAH, says(n.REVIEW_FOUND_IMPLEMENTED, **FOUND)).then_marked(n.REVIEW_FOUND_IMPLEMENTED)


def test_a_certificate_of_a_day_that_has_not_come_is_marked_and_opens_nothing() -> None:
    story = with_opinions("approval", "approval").and_then(cmo(determined("approval")), mah(APPROVED))
    ahead = says(n.REVIEW_STEP_RECORDED, step="approval_certificate", date="2026-11-23", number="1", document=DOCUMENT)
    asks(story, MAH, ahead).then_marked(n.REVIEW_STEP_RECORDED)
    then_refused_both_ways(story, CMO, implemented(), "entry.wrong_reference")

    moved = ready()
    moved.write(mah(corrected(n.REVIEW_STEP_RECORDED, "date", "2026-11-21", "2026-11-23")))
    then_refused_both_ways(moved, CMO, implemented(), IMPLEMENTATION, "change.not_approved")


def test_a_change_takes_effect_neither_before_its_approval_nor_before_its_certificate() -> None:
    then_refused_both_ways(ready(), CMO, implemented(effective_from="2026-11-21"), IMPLEMENTATION)

    story = with_opinions("approval", "approval").and_then(cmo(determined("approval")), mah(APPROVED))
    story.now += timedelta(days=2)
    later = says(n.REVIEW_STEP_RECORDED, step="approval_certificate", date="2026-11-24", number="1", document=DOCUMENT)
    story.write(mah(later))
    then_refused_both_ways(story, CMO, implemented(effective_from="2026-11-23"), IMPLEMENTATION)
    asks(story, CMO, implemented(effective_from="2026-11-24")).then(n.IMPLEMENTED)


def test_an_approval_that_crossed_a_correction_of_the_proposal_opens_nothing() -> None:
    story = ready()
    seen = story.sizes[CMO]
    story.write(cmo(corrected(n.PROPOSED, "description", "由甲换为乙", "由甲换为丙")))
    story.write(mah(says(n.REVIEW_REJECTED, proposal=named(n.PROPOSED), reason="数据不足"), seen=seen))
    story.write(mah(APPROVED, seen=seen))
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")


def test_an_own_change_of_the_holder_is_approved_anew_after_a_correction_of_the_proposal() -> None:
    approved = signs(n.APPROVED, proposal=named(n.PROPOSED))
    story = given(mah(PROPOSED, STAFF), mah(approved))
    then_refused_both_ways(story, MAH, approved, "entry.wrong_state", "change.wrong_state")
    story.write(mah(corrected(n.PROPOSED, "description", "由甲换为乙", "由甲换为丙"), STAFF))
    asks(story, MAH, approved).then(n.APPROVED)


def test_of_an_opinion_and_its_correction_the_higher_binds() -> None:
    raised = with_opinions("reporting", "reporting")
    raised.write(mah(corrected(n.REVIEW_OPINION, "category", "reporting", "approval")))
    then_refused_both_ways(raised, CMO, determined("reporting"), CATEGORY)
    asks(raised, CMO, determined("approval")).then(n.DETERMINED)

    lowered = with_opinions("reporting", "approval")
    lowered.write(mah(corrected(n.REVIEW_OPINION, "category", "approval", "reporting")))
    then_refused_both_ways(lowered, CMO, determined("reporting"), CATEGORY)
    lowered.write(mah(opinion("reporting", n.REVIEW_OPINION)))
    asks(lowered, CMO, determined("reporting")).then(n.DETERMINED)


@pytest.mark.parametrize(
    "higher",
    [
        mah(corrected(n.REVIEW_OPINION, "category", "reporting", "approval")),
        mah(opinion("approval", n.REVIEW_OPINION)),
        cmo(corrected(n.OPINION, "category", "reporting", "approval")),
        cmo(corrected(n.DETERMINED, "category", "reporting", "approval")),
    ],
)
def test_an_opinion_that_is_raised_after_the_determination_shuts_the_implementation(higher: Written) -> None:
    story = ready("reporting", "annual_report_queued")
    story.write(higher)
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")
    asks(story, MAH, says(n.REVIEW_FOUND_IMPLEMENTED, **FOUND)).then_marked(n.REVIEW_FOUND_IMPLEMENTED)


def test_an_opinion_that_its_partner_disputes_binds_and_opens_nothing() -> None:
    story = with_opinions("reporting", "reporting")
    story.write(mah(opinion("approval", n.REVIEW_OPINION)))
    story.write(cmo(refused(n.REVIEW_OPINION), actor="system/gateway"))
    then_refused_both_ways(story, CMO, determined("reporting", partners=0), CATEGORY)


@pytest.mark.parametrize("step", ["approval_certificate", "filing_record"])
@pytest.mark.parametrize("said", [{"number": "2026B01234"}, {"document": DOCUMENT}])
def test_a_certificate_or_a_filing_without_number_or_document_is_marked_and_opens_nothing(
    step: str, said: dict[str, str]
) -> None:
    category = step.partition("_")[0]
    story = with_opinions(category, category).and_then(cmo(determined(category)), mah(APPROVED))
    outcome = asks(story, MAH, recorded(step, **said))
    outcome.then_marked(n.REVIEW_STEP_RECORDED)
    then_refused_both_ways(story, CMO, implemented(), "entry.wrong_reference")
    missing = ({"number", "document"} - set(said)).pop()
    text = {"number": "2026B01234", "document": DOCUMENT}[missing]
    story.write(mah(corrected(n.REVIEW_STEP_RECORDED, missing, None, text)))
    then_refused_both_ways(story, CMO, implemented(), "entry.wrong_reference")


def test_a_place_in_the_annual_report_has_neither_number_nor_document() -> None:
    story = with_opinions("reporting", "reporting").and_then(cmo(determined("reporting")), mah(APPROVED))
    queued = says(n.REVIEW_STEP_RECORDED, step="annual_report_queued", date="2026-11-21")
    asks(story, MAH, queued).then(n.REVIEW_STEP_RECORDED)
    asks(story, CMO, implemented()).then(n.IMPLEMENTED)


def test_a_step_that_was_corrected_to_another_opens_nothing_and_one_that_was_corrected_to_it_neither() -> None:
    away = ready()
    away.write(mah(corrected(n.REVIEW_STEP_RECORDED, "step", "approval_certificate", "filing_record")))
    then_refused_both_ways(away, CMO, implemented(), IMPLEMENTATION)
    toward = ready("approval", "annual_report_queued")
    toward.write(mah(corrected(n.REVIEW_STEP_RECORDED, "step", "annual_report_queued", "approval_certificate")))
    then_refused_both_ways(toward, CMO, implemented(), IMPLEMENTATION)


def test_what_the_manufacturer_records_of_its_own_licence_opens_nothing_of_the_registration() -> None:
    story = with_opinions("approval", "approval").and_then(cmo(determined("approval")), mah(APPROVED))
    asks(story, CMO, recorded("approval_certificate", n.STEP_RECORDED)).then(n.STEP_RECORDED)
    then_refused_both_ways(story, CMO, implemented(n.STEP_RECORDED), IMPLEMENTATION)
    asks(story, MAH, says(n.REVIEW_FOUND_IMPLEMENTED, **FOUND)).then_marked(n.REVIEW_FOUND_IMPLEMENTED)
