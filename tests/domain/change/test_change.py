"""`gate.change_category` (G7) and `gate.change_implementation` (G6)."""

import itertools
from typing import Any

import pytest

from domain.change import names as n
from domain.change.category import ORDER
from events.encoding.identifiers import Role
from tests.domain.language import STAFF, Step, Story, cmo, given, mah
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways
from tests.domain.steps import refused

CMO, MAH = Role.CMO, Role.MAH
IMPLEMENTATION, CATEGORY = "gate.change_implementation", "gate.change_category"
PROPOSED = says(n.PROPOSED, number="CHG-2026-0001", source="eQMS", title="更换胶塞供应商", description="由甲换为乙")
FOUND = {"source": "巡检", "description": "现场已使用新胶塞", "implemented_at": "2026-11-20"}
DOCUMENT = "c" * 64
APPROVED = signs(n.REVIEW_APPROVED, proposal=named(n.PROPOSED))


def opinion(category: str, name: str = n.OPINION) -> Step:
    return says(name, category=category, major=False, rationale="依据指导原则")


def determined(category: str, own: int = -1, partners: int = -1) -> Step:
    opinions = [named(n.OPINION, own), named(n.REVIEW_OPINION, partners)]
    return signs(n.DETERMINED, category=category, opinions=opinions, basis="双方意见")


def recorded(step: str, name: str = n.REVIEW_STEP_RECORDED, **documented: str) -> Step:
    shown = documented or {"number": "2026B01234", "document": DOCUMENT}
    return says(name, step=step, date="2026-11-21", **shown)


def corrected(entry: str, field: str, before: str | None, after: str, index: int = -1) -> Step:
    kind = entry.partition(".")[0]
    changes = [{"field": field, "after": after} | ({} if before is None else {"before": before})]
    return says(f"{kind}.corrected.v1", entry=named(entry, index), changes=changes, reason="录入错误")


def implemented(step: str | None = n.REVIEW_STEP_RECORDED, effective_from: str = "2026-12-01") -> Step:
    rests_on: dict[str, Any] = {} if step is None else {"regulatory_step": named(step)}
    return signs(
        n.IMPLEMENTED,
        approval=named(n.REVIEW_APPROVED),
        category=named(n.DETERMINED),
        effective_from=effective_from,
        **rests_on,
    )


def with_opinions(own: str, partners: str) -> Story:
    return given(cmo(PROPOSED), cmo(opinion(own)), mah(opinion(partners, n.REVIEW_OPINION)))


def ready(category: str = "approval", step: str = "approval_certificate") -> Story:
    story = with_opinions(category, category)
    return story.and_then(cmo(determined(category)), mah(APPROVED), mah(recorded(step)))


@pytest.mark.parametrize(("own", "partners"), itertools.product(ORDER, ORDER))
def test_the_category_is_the_higher_of_both_opinions_and_nothing_else(own: str, partners: str) -> None:
    higher = max(own, partners, key=ORDER.index)
    for category in ORDER:
        story = with_opinions(own, partners)
        if category == higher:
            asks(story, CMO, determined(category)).then(n.DETERMINED)
        else:
            then_refused_both_ways(story, CMO, determined(category), CATEGORY)


def test_a_category_rests_on_the_last_opinion_of_each() -> None:
    story = with_opinions("reporting", "reporting")
    story.write(mah(opinion("approval", n.REVIEW_OPINION)))
    then_refused_both_ways(story, CMO, determined("reporting", partners=0), CATEGORY)
    asks(story, CMO, determined("approval")).then(n.DETERMINED)


def test_one_opinion_named_twice_is_not_two() -> None:
    story = with_opinions("reporting", "approval")
    twice = signs(n.DETERMINED, category="reporting", opinions=[named(n.OPINION), named(n.OPINION)], basis="b")
    then_refused_both_ways(story, CMO, twice, CATEGORY)


def test_a_lower_category_than_before_needs_the_same_opinion_of_both() -> None:
    story = with_opinions("approval", "filing")
    story.write(cmo(determined("approval")))
    story.and_then(cmo(opinion("reporting")), mah(opinion("filing", n.REVIEW_OPINION)))
    then_refused_both_ways(story, CMO, determined("filing"), CATEGORY)
    story.write(cmo(opinion("filing")))
    asks(story, CMO, determined("filing")).then(n.DETERMINED)


@pytest.mark.parametrize(
    ("category", "step"),
    [("approval", "approval_certificate"), ("filing", "filing_record"), ("reporting", "annual_report_queued")],
)
def test_an_approved_change_is_implemented_after_the_step_of_its_category(category: str, step: str) -> None:
    asks(ready(category, step), CMO, implemented()).then(n.IMPLEMENTED)


@pytest.mark.parametrize(("category", "step"), [("approval", "filing_record"), ("filing", "annual_report_queued")])
def test_a_step_of_a_lower_category_opens_nothing(category: str, step: str) -> None:
    then_refused_both_ways(ready(category, step), CMO, implemented(), IMPLEMENTATION)


def test_without_the_regulators_step_nothing_is_implemented() -> None:
    then_refused_both_ways(ready(), CMO, implemented(None), IMPLEMENTATION)


def test_a_change_without_registration_effect_needs_approval_only() -> None:
    story = with_opinions("no_registration_effect", "no_registration_effect")
    story.and_then(cmo(determined("no_registration_effect")), mah(APPROVED))
    asks(story, CMO, implemented(None)).then(n.IMPLEMENTED)


def test_an_approval_that_was_taken_back_or_is_disputed_opens_nothing() -> None:
    story = ready()
    story.write(mah(says(n.REVIEW_REJECTED, proposal=named(n.PROPOSED), reason="数据不足")))
    then_refused_both_ways(story, CMO, implemented(), IMPLEMENTATION, "change.not_approved")

    disputed = ready()
    disputed.write(cmo(refused(n.REVIEW_APPROVED), actor="system/gateway"))
    then_refused_both_ways(disputed, CMO, implemented(), "entry.wrong_reference")


def test_a_category_that_was_raised_since_is_the_one_that_counts() -> None:
    story = ready("reporting", "annual_report_queued")
    story.and_then(mah(opinion("approval", n.REVIEW_OPINION)), cmo(determined("approval")))
    old = signs(
        n.IMPLEMENTED,
        approval=named(n.REVIEW_APPROVED),
        category=named(n.DETERMINED, 0),
        regulatory_step=named(n.REVIEW_STEP_RECORDED),
        effective_from="2026-12-01",
    )
    then_refused_both_ways(story, CMO, old, IMPLEMENTATION)


def test_the_manufacturer_approves_no_change_of_the_holder() -> None:
    story = given(mah(PROPOSED, STAFF))
    asks(story, MAH, signs(n.APPROVED, proposal=named(n.PROPOSED))).then(n.APPROVED)


def test_a_change_found_implemented_is_a_fact_and_a_violation() -> None:
    asks(given(), CMO, says(n.FOUND_IMPLEMENTED, title="t", **FOUND)).then_marked(n.FOUND_IMPLEMENTED)
    asks(given(cmo(PROPOSED)), MAH, says(n.REVIEW_FOUND_IMPLEMENTED, **FOUND)).then_marked(n.REVIEW_FOUND_IMPLEMENTED)


def test_a_change_found_implemented_that_was_ready_is_no_violation() -> None:
    asks(ready(), MAH, says(n.REVIEW_FOUND_IMPLEMENTED, **FOUND)).then(n.REVIEW_FOUND_IMPLEMENTED)


def test_a_withdrawn_change_is_neither_approved_nor_implemented() -> None:
    story = ready()
    story.write(cmo(says(n.WITHDRAWN, reason="不再需要")))
    then_refused_both_ways(story, CMO, implemented(), "entry.wrong_state", "change.wrong_state")
    then_refused_both_ways(story, MAH, APPROVED, "entry.wrong_state", "change.wrong_state")


def test_a_risk_of_an_implemented_change_is_eliminated_by_name() -> None:
    story = ready()
    story.and_then(cmo(implemented()), mah(says(n.REVIEW_RISK_RAISED, description="密封性下降")))
    eliminated = says(n.RISK_ELIMINATED, risk=named(n.REVIEW_RISK_RAISED), measures="恢复原胶塞")
    asks(story, CMO, eliminated).then(n.RISK_ELIMINATED)
    wrong = says(n.RISK_ELIMINATED, risk=named(n.PROPOSED), measures="m")
    then_refused_both_ways(story, CMO, wrong, "entry.wrong_reference")


def test_a_change_that_was_found_implemented_is_unmarked_where_everything_allowed_it() -> None:
    asks(ready(), CMO, says(n.FOUND_IMPLEMENTED, **FOUND)).then(n.FOUND_IMPLEMENTED)


def test_the_partner_implements_and_eliminates_too_and_names_what_is_there() -> None:
    story = ready()
    theirs = signs(
        n.REVIEW_IMPLEMENTED,
        approval=named(n.REVIEW_APPROVED),
        category=named(n.DETERMINED),
        regulatory_step=named(n.REVIEW_STEP_RECORDED),
        effective_from="2026-12-01",
    )
    asks(story, MAH, theirs).then(n.REVIEW_IMPLEMENTED)
    story.write(cmo(says(n.RISK_RAISED, description="胶塞脱落")))
    asks(story, MAH, says(n.REVIEW_RISK_ELIMINATED, risk=named(n.RISK_RAISED), measures="m")).then(
        n.REVIEW_RISK_ELIMINATED
    )
    nothing = says(n.REVIEW_RISK_ELIMINATED, risk=named(n.PROPOSED), measures="m")
    then_refused_both_ways(story, MAH, nothing, "entry.wrong_reference")


def test_the_partner_implements_nothing_without_the_regulators_step() -> None:
    story = with_opinions("approval", "approval").and_then(cmo(determined("approval")), mah(APPROVED))
    early = signs(
        n.REVIEW_IMPLEMENTED,
        approval=named(n.REVIEW_APPROVED),
        category=named(n.DETERMINED),
        effective_from="2026-12-01",
    )
    then_refused_both_ways(story, MAH, early, IMPLEMENTATION)


def test_a_rejection_names_the_proposal() -> None:
    story = with_opinions("reporting", "reporting")
    wrong = says(n.REVIEW_REJECTED, proposal=named(n.OPINION), reason="r")
    then_refused_both_ways(story, MAH, wrong, "entry.wrong_reference")
