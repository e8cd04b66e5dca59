"""`gate.deviation_closure`: classes that close only after the partner approved exactly the latest investigation."""

from domain.deviation import names as n
from domain.deviation.commands import CloseDeviation, close_deviation
from domain.deviation.review_commands import ApproveClosure, RejectClosure, approve_closure, reject_closure
from events.encoding.identifiers import Role
from tests.domain.communication_list.test_terms import announced
from tests.domain.language import Story, Written, cmo, given, mah, signature
from tests.domain.steps import (
    DEVIATION_ID,
    activated,
    agreement_drafted,
    approved,
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
GATE = "gate.deviation_closure"
MAJOR = (cmo(opened()), cmo(classified("major")), cmo(investigated()))


def close(story: Story, approval: int | None = None, investigation: int = -1) -> CloseDeviation:
    named = None if approval is None else story.ref(n.CLOSURE_APPROVED, approval)
    return CloseDeviation(DEVIATION_ID, story.ref(n.INVESTIGATED, investigation), signature(), named)


def refused_both_ways(story: Story, approval: int | None = None, code: str = "deviation.closure_not_approved") -> None:
    """The author's own gateway refuses it, and so does every reader of an author that did not ask."""
    error = story.when(CMO, close_deviation, close(story, approval)).then_refused(GATE, code)
    assert str(error.source) == "NMPA 134/2025 (V)"
    story.receives(cmo(closed(approval=approval))).then_refused(GATE, code)


def closes_both_ways(story: Story, approval: int | None = None) -> None:
    assert story.judge(cmo(closed()), closed(approval=approval)(story, CMO)) is None
    story.when(CMO, close_deviation, close(story, approval)).then(n.CLOSED)


def under_policy(*classes: str, version: int = 1) -> tuple[Written, ...]:
    return (
        cmo(agreement_drafted(version, policies={"deviation_closure_approval": list(classes)})),
        cmo(signed()),
        mah(signed()),
        cmo(activated()),
    )


def test_a_major_deviation_is_not_closed_without_the_holders_approval() -> None:
    refused_both_ways(given(*MAJOR))


def test_a_major_deviation_is_closed_with_the_holders_approval_of_the_latest_investigation() -> None:
    closes_both_ways(given(*MAJOR, mah(approved())), approval=-1)


def test_an_approval_that_is_not_named_opens_nothing() -> None:
    refused_both_ways(given(*MAJOR, mah(approved())), approval=None)


def test_an_approval_of_an_earlier_investigation_opens_nothing() -> None:
    story = given(*MAJOR, mah(approved()), cmo(investigated("补充")))

    refused_both_ways(story, approval=-1)


def test_an_approval_that_was_taken_back_opens_nothing() -> None:
    refused_both_ways(given(*MAJOR, mah(approved()), mah(rejected())), approval=-1)


def test_a_rejection_that_the_context_does_not_hold_takes_nothing_back() -> None:
    story = given(*MAJOR, mah(approved()), mah(rejected()))
    before = story.past(n.CLOSURE_REJECTED).position

    story.receives(cmo(closed(approval=-1), seen=before)).then(n.CLOSED)


def test_an_approval_after_a_rejection_opens_the_gate_and_the_one_before_it_does_not() -> None:
    story = given(*MAJOR, mah(approved()), mah(rejected()), mah(approved()))

    refused_both_ways(story, approval=0)
    closes_both_ways(story, approval=1)


def test_an_approval_of_an_investigation_that_was_corrected_since_opens_nothing() -> None:
    story = given(*MAJOR, mah(approved()), cmo(corrected(n.INVESTIGATED, "conclusion", "不影响质量", "影响质量")))

    refused_both_ways(story, approval=-1)


def test_an_approval_that_had_seen_the_correction_opens_the_gate() -> None:
    story = given(*MAJOR, cmo(corrected(n.INVESTIGATED, "conclusion", "不影响质量", "影响质量")), mah(approved()))

    closes_both_ways(story, approval=-1)


def test_a_disputed_approval_opens_nothing_until_both_say_that_it_stands() -> None:
    story = given(*MAJOR, mah(approved()), cmo(refused(n.CLOSURE_APPROVED), actor="system/gateway"))
    refused_both_ways(story, approval=-1)

    story.and_then(cmo(settled(n.CLOSURE_APPROVED, stands=True)))
    refused_both_ways(story, approval=-1)

    story.and_then(mah(settled(n.CLOSURE_APPROVED, stands=True)))
    closes_both_ways(story, approval=-1)


def test_an_approval_that_both_say_does_not_stand_opens_nothing() -> None:
    story = given(*MAJOR, mah(approved()), cmo(refused(n.CLOSURE_APPROVED), actor="system/gateway"))
    story.and_then(cmo(settled(n.CLOSURE_APPROVED, stands=False)), mah(settled(n.CLOSURE_APPROVED, stands=False)))

    refused_both_ways(story, approval=-1)


def test_a_disputed_rejection_still_blocks() -> None:
    story = given(*MAJOR, mah(approved()), mah(rejected()), cmo(refused(n.CLOSURE_REJECTED), actor="system/gateway"))

    refused_both_ways(story, approval=-1)


def test_a_class_that_was_lowered_lifts_nothing() -> None:
    refused_both_ways(given(*MAJOR, cmo(classified("minor"))))


def test_a_class_that_was_corrected_downwards_lifts_nothing() -> None:
    refused_both_ways(given(*MAJOR, cmo(corrected(n.CLASSIFIED, "class", "major", "minor"))))


def test_a_class_that_was_corrected_upwards_shuts_the_gate() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))
    story.and_then(cmo(corrected(n.CLASSIFIED, "class", "minor", "major")))

    refused_both_ways(story)


def test_a_minor_deviation_is_closed_without_approval() -> None:
    closes_both_ways(given(cmo(opened()), cmo(classified("minor")), cmo(investigated())))


def test_a_rejection_blocks_whatever_the_class() -> None:
    refused_both_ways(given(cmo(opened()), cmo(classified("minor")), cmo(investigated()), mah(rejected())))


def test_a_new_investigation_leaves_a_rejection_behind() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()), mah(rejected()))

    closes_both_ways(story.and_then(cmo(investigated("补充"))))


def test_the_classes_that_need_approval_are_those_of_the_agreement_in_force() -> None:
    moderate = (cmo(opened()), cmo(classified("moderate")), cmo(investigated()))

    closes_both_ways(given(*moderate))
    refused_both_ways(given(*under_policy("major", "moderate"), *moderate))
    closes_both_ways(given(*under_policy(), *MAJOR))


def test_the_classes_that_need_approval_are_those_agreed_when_the_investigation_was_recorded() -> None:
    moderate = (cmo(opened()), cmo(classified("moderate")), cmo(investigated()))

    refused_both_ways(given(*announced(2), *under_policy("moderate"), *moderate, *under_policy("major", version=2)))
    closes_both_ways(given(*announced(2), *under_policy("major"), *moderate, *under_policy("moderate", version=2)))


def test_a_new_investigation_is_under_what_is_agreed_by_then() -> None:
    moderate = (cmo(opened()), cmo(classified("moderate")), cmo(investigated()))
    story = given(*announced(2), *under_policy("major"), *moderate, *under_policy("moderate", version=2))

    refused_both_ways(story.and_then(cmo(investigated("补充"))))


def test_in_the_first_rule_set_they_are_those_agreed_at_the_closing() -> None:
    moderate = (cmo(opened()), cmo(classified("moderate")), cmo(investigated()))

    refused_both_ways(given(*under_policy("major"), *moderate, *under_policy("moderate", version=2)))
    closes_both_ways(given(*under_policy("moderate"), *moderate, *under_policy("major", version=2)))


def test_nobody_approves_the_closing_of_the_holders_own_deviation() -> None:
    story = given(*announced(2), mah(opened()), mah(classified("major")), mah(investigated()))

    story.when(MAH, close_deviation, close(story)).then(n.CLOSED)


def test_a_rejection_blocks_the_closing_of_the_holders_own_deviation_too() -> None:
    story = given(*announced(2), mah(opened()), mah(classified("major")), mah(investigated()), cmo(rejected()))

    story.when(MAH, close_deviation, close(story)).then_refused(GATE, "deviation.closure_not_approved")
    story.receives(mah(closed())).then_refused(GATE, "deviation.closure_not_approved")


def test_an_agreement_that_is_not_in_force_yet_changes_nothing() -> None:
    moderate = (cmo(opened()), cmo(classified("moderate")), cmo(investigated()))
    later = (*under_policy("moderate")[:3], cmo(activated(effective_from="2026-12-01")))

    closes_both_ways(given(*later, *moderate))


def test_the_holder_approves_the_latest_investigation_once() -> None:
    story = given(*MAJOR)
    approve = ApproveClosure(DEVIATION_ID, story.ref(n.INVESTIGATED), signature())

    story.when(MAH, approve_closure, approve).then(n.CLOSURE_APPROVED)
    story.when(MAH, approve_closure, approve).then_refused("entry.wrong_state", "deviation.wrong_state")
    story.receives(mah(approved())).then_refused("entry.wrong_state")


def test_the_holder_approves_no_earlier_investigation() -> None:
    story = given(*MAJOR, cmo(investigated("补充")))
    earlier = ApproveClosure(DEVIATION_ID, story.ref(n.INVESTIGATED, 0), signature())

    story.when(MAH, approve_closure, earlier).then_refused("entry.wrong_state", "deviation.not_latest_investigation")
    story.receives(mah(approved(0))).then_refused("entry.wrong_state")


def test_the_holder_approves_what_was_the_latest_investigation_as_far_as_it_had_seen() -> None:
    story = given(*MAJOR, cmo(investigated("补充")))
    before = story.past(n.INVESTIGATED).position

    story.receives(mah(approved(0), seen=before)).then(n.CLOSURE_APPROVED)
    refused_both_ways(story, approval=-1)


def test_nothing_is_approved_after_the_closing() -> None:
    story = given(*MAJOR, mah(approved()), cmo(closed(approval=-1)))

    story.receives(mah(approved())).then_refused("entry.wrong_state", "deviation.closed")


def test_the_holder_rejects_with_a_reason() -> None:
    story = given(*MAJOR)

    reject = RejectClosure(DEVIATION_ID, story.ref(n.INVESTIGATED), "原因不充分")
    story.when(MAH, reject_closure, reject).then(n.CLOSURE_REJECTED)


def test_the_rejection_of_an_earlier_investigation_is_marked_and_blocks_nothing() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()), cmo(investigated("补充")))

    story.receives(mah(rejected(0))).then_marked(n.CLOSURE_REJECTED)
    closes_both_ways(story)


def test_a_decision_names_an_investigation_of_the_deviation() -> None:
    story = given(*MAJOR)
    wrong = RejectClosure(DEVIATION_ID, story.ref(n.CLASSIFIED), "r")

    story.when(MAH, reject_closure, wrong).then_refused("entry.wrong_reference")
    unsigned = ApproveClosure(DEVIATION_ID, story.ref(n.OPENED), signature())
    story.when(MAH, approve_closure, unsigned).then_refused("entry.wrong_reference")
