"""What ends a matter resolves it for a batch only with the batch, and what it rests on, in view (G10, G11)."""

from typing import Any

import pytest

from domain.batch import names as n
from domain.change import names as change
from domain.deviation import names as deviation
from domain.oos import names as oos
from events.encoding.identifiers import Role
from tests.domain.batch.steps import QP, apart, made_and_tested, released, then_refused_both_ways
from tests.domain.change import test_change as changes
from tests.domain.language import STAFF, Step, Story, Written, cmo, mah
from tests.domain.matters import asks, named, says, signs
from tests.domain.oos.test_oos import INVALIDATED, SUSPECTED, phase
from tests.domain.steps import approved, batch_linked, classified, closed, corrected, investigated, opened, rejected

CMO, MAH = Role.CMO, Role.MAH
GATE = "gate.factory_release"
SECOND = "0193572e-0000-7000-8000-0000000000d2"
OF_ANOTHER: dict[str, Any] = {"batches": [{"number": "B2026-009"}]}
FINISHED = (cmo(investigated()), cmo(classified("minor")), cmo(closed()))
EXAMINED = (cmo(phase(), STAFF), cmo(INVALIDATED))
CLOSED, INVALID, IN_EFFECT = (named(each) for each in (deviation.CLOSED, oos.INVALIDATED, change.IMPLEMENTED))
CARRIED_OUT = (
    cmo(changes.opinion("filing")),
    mah(changes.opinion("filing", change.REVIEW_OPINION)),
    cmo(changes.determined("filing")),
    mah(changes.APPROVED),
    mah(changes.recorded("filing_record")),
    cmo(changes.implemented()),
)


def second(*steps: Step) -> list[Written]:
    """Another matter of the manufacturer."""
    return [cmo(apart(step, SECOND)) for step in steps]


def proposed(**scope: Any) -> Step:
    return says(change.PROPOSED, number="CHG-1", source="eQMS", title="胶塞", description="由甲换为乙", scope=scope)


def suspected(number: str) -> Step:
    body = {"result_kind": "oos", "test": "含量", "result": "94.80", "limits": "95–105", "suspected_at": "2026-11-22"}
    scope = {"batches": [{"number": number}]}
    return says(oos.SUSPECTED, number="OOS-1", source="LIMS", title="含量", scope=scope, **body)


LINK: dict[str, Any] = {"batch": {"number": "B2026-001"}}


@pytest.mark.parametrize(
    ("ended", "late", "resolved"),
    [
        ((cmo(opened(**OF_ANOTHER)), *FINISHED), batch_linked("B2026-001"), CLOSED),
        (
            (cmo(opened(**OF_ANOTHER)), *FINISHED),
            corrected(deviation.OPENED, "batches.0.number", "B2026-009", "B2026-001"),
            CLOSED,
        ),
        ((cmo(suspected("B2026-009")), *EXAMINED), says("oos.batch_linked.v1", **LINK), INVALID),
        ((cmo(proposed(**OF_ANOTHER)), *CARRIED_OUT), says("change.batch_linked.v1", **LINK), IN_EFFECT),
    ],
)
def test_an_ending_that_had_not_seen_the_batch_does_not_resolve_it(
    ended: tuple[Written, ...], late: Step, resolved: Any
) -> None:
    asks(made_and_tested(*ended), CMO, released(), QP).then(n.FACTORY_RELEASED)
    then_refused_both_ways(made_and_tested(*ended, cmo(late)), CMO, released(resolved), GATE, "open: ")


def test_a_batch_that_was_linked_to_a_closed_deviation_is_handled_by_another_one() -> None:
    story = made_and_tested(cmo(opened(**OF_ANOTHER)), *FINISHED, cmo(batch_linked("B2026-001")))
    story.and_then(*second(opened(), investigated(), classified("minor")))
    then_refused_both_ways(story, CMO, released(CLOSED), GATE, "deviation DEV-2026-0001")
    first = story.ref(deviation.CLOSED).model_dump()
    story.and_then(*second(closed()))
    asks(story, CMO, released(first, CLOSED), QP).then(n.FACTORY_RELEASED)


def test_a_deviation_that_was_open_before_the_batch_was_linked_handles_nothing() -> None:
    story = made_and_tested(cmo(opened(**OF_ANOTHER)), *FINISHED, *second(opened()))
    first = story.ref(deviation.CLOSED).model_dump()
    story.and_then(cmo(batch_linked("B2026-001")), *second(investigated(), classified("minor"), closed()))
    then_refused_both_ways(story, CMO, released(first, CLOSED), GATE, "deviation DEV-2026-0001")


def test_a_change_to_which_the_batch_was_linked_late_is_put_into_effect_with_it_in_view() -> None:
    story = made_and_tested(cmo(proposed(**OF_ANOTHER)), *CARRIED_OUT, cmo(says("change.batch_linked.v1", **LINK)))
    story.and_then(cmo(changes.implemented()))
    asks(story, CMO, released(IN_EFFECT), QP).then(n.FACTORY_RELEASED)


def test_a_change_whose_proposal_was_put_right_after_it_was_implemented_is_approved_and_implemented_anew() -> None:
    of_the_batch: dict[str, Any] = {"batches": [{"number": "B2026-001"}]}
    rewritten = changes.corrected(change.PROPOSED, "description", "由甲换为乙", "改变灭菌工艺")
    story = made_and_tested(cmo(proposed(**of_the_batch)), *CARRIED_OUT, cmo(rewritten))
    then_refused_both_ways(story, CMO, released(IN_EFFECT), GATE, "change CHG-1")
    story.and_then(*CARRIED_OUT)
    asks(story, CMO, released(IN_EFFECT), QP).then(n.FACTORY_RELEASED)


def test_a_risk_that_was_seen_in_an_implemented_change_shuts_the_release_until_it_is_eliminated() -> None:
    of_the_batch: dict[str, Any] = {"batches": [{"number": "B2026-001"}]}
    story = made_and_tested(cmo(proposed(**of_the_batch)), *CARRIED_OUT)
    story.and_then(mah(says(change.REVIEW_RISK_RAISED, description="影响无菌")))
    then_refused_both_ways(story, CMO, released(IN_EFFECT), GATE, "change CHG-1")
    risk = named(change.REVIEW_RISK_RAISED)
    story.and_then(mah(says(change.REVIEW_RISK_ELIMINATED, risk=risk, measures="更换供应商")))
    asks(story, CMO, released(IN_EFFECT), QP).then(n.FACTORY_RELEASED)


def test_a_result_whose_invalidation_the_partner_does_not_agree_with_shuts_until_it_agrees() -> None:
    def decided(word: str) -> Written:
        return mah(signs(oos.DECIDED, about=named(oos.INVALIDATED), decision=word))

    story = made_and_tested(cmo(SUSPECTED), *EXAMINED, decided("agreed"), decided("not_agreed"))
    then_refused_both_ways(story, CMO, released(INVALID), GATE, "oos OOS-2026-0001")
    story.and_then(decided("agreed"))
    asks(story, CMO, released(INVALID), QP).then(n.FACTORY_RELEASED)


MAJOR_AFTERWARDS: list[tuple[Written, ...]] = [
    (*FINISHED, cmo(corrected(deviation.CLASSIFIED, "class", "minor", "major"))),
    (*FINISHED, cmo(classified("major"))),
    (
        *(cmo(investigated()), cmo(classified("major")), mah(approved()), cmo(closed(approval=-1))),
        cmo(corrected(deviation.INVESTIGATED, "conclusion", "不影响质量", "影响无菌")),
    ),
]


@pytest.mark.parametrize("told", MAJOR_AFTERWARDS)
def test_what_needs_the_holders_approval_after_the_closing_is_handled_by_a_deviation_closed_on_it(
    told: tuple[Written, ...],
) -> None:
    story = made_and_tested(cmo(opened()), *told)
    then_refused_both_ways(story, CMO, released(CLOSED), GATE, "deviation DEV-2026-0001")
    first = story.ref(deviation.CLOSED).model_dump()
    alone = made_and_tested(cmo(opened()), *told)
    alone.and_then(*second(opened(), investigated(), classified("minor"), closed()))
    then_refused_both_ways(alone, CMO, released(first, CLOSED), GATE, "deviation DEV-2026-0001")
    story.and_then(*second(opened(), investigated(), classified("major")), mah(apart(approved(), SECOND)))
    story.and_then(*second(closed(approval=-1)))
    asks(story, CMO, released(first, CLOSED), QP).then(n.FACTORY_RELEASED)


def test_a_deviation_of_a_class_that_its_owner_closes_may_be_put_right_afterwards() -> None:
    fixed = cmo(corrected(deviation.INVESTIGATED, "conclusion", "不影响质量", "不影响本批质量"))
    asks(made_and_tested(cmo(opened()), *FINISHED, fixed), CMO, released(CLOSED), QP).then(n.FACTORY_RELEASED)


def test_a_deviation_that_was_reopened_is_not_resolved() -> None:
    story: Story = made_and_tested(cmo(opened()), cmo(classified("minor")), cmo(investigated()))
    seen = story.sizes[MAH]
    closing = closed()(story, CMO)
    story.and_then(mah(rejected()), cmo(lambda _story, _role: closing, seen=seen))
    story.and_then(cmo(investigated("影响质量")), mah(approved()))
    then_refused_both_ways(story, CMO, released(CLOSED), GATE, "deviation DEV-2026-0001")
    story.and_then(cmo(closed(approval=-1)))
    asks(story, CMO, released(CLOSED), QP).then(n.FACTORY_RELEASED)
