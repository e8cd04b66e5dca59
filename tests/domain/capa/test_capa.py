"""Corrective and preventive actions: done, checked, and closed on a check that found that they helped."""

from domain.capa import names as n
from events.encoding.identifiers import Role
from tests.domain.language import STAFF, Step, Story, cmo, given
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways

CMO = Role.CMO
OPENED = says(
    n.OPENED,
    number="CAPA-2026-0001",
    source="eQMS",
    title="更换传感器",
    opened_at="2026-11-22",
    actions=[
        {"text": "更换", "owner": "设备部", "due": "2026-12-01"},
        {"text": "培训", "owner": "生产部", "due": "2026-12-15"},
    ],
)
CLOSED = signs(n.CLOSED, effectiveness=named(n.EFFECTIVENESS_CHECKED), residual_risk_accepted_by="qa_manager")


def completed(action: int) -> Step:
    return says(n.ACTION_COMPLETED, action=action, result="完成", completed_at="2026-11-30")


def checked(*, effective: bool) -> Step:
    return says(n.EFFECTIVENESS_CHECKED, effective=effective, conclusion="三个月无再发")


def all_done() -> Story:
    return given(cmo(OPENED), cmo(completed(1)), cmo(completed(2)))


def test_actions_are_done_checked_and_closed() -> None:
    story = all_done()
    asks(story, CMO, checked(effective=True), STAFF).then(n.EFFECTIVENESS_CHECKED)
    asks(story, CMO, CLOSED).then(n.CLOSED)


def test_a_check_before_everything_is_done_is_marked_and_closes_nothing() -> None:
    story = given(cmo(OPENED), cmo(completed(1)))
    asks(story, CMO, checked(effective=True)).then_marked(n.EFFECTIVENESS_CHECKED)
    then_refused_both_ways(story, CMO, CLOSED, "entry.wrong_state", "capa.not_effective")


def test_actions_that_did_not_help_are_not_closed_until_a_later_check_finds_that_they_do() -> None:
    story = all_done().and_then(cmo(checked(effective=False), STAFF))
    then_refused_both_ways(story, CMO, CLOSED, "entry.wrong_state", "capa.not_effective")
    story.write(cmo(checked(effective=True), STAFF))
    asks(story, CMO, CLOSED).then(n.CLOSED)


def test_an_earlier_check_is_not_the_last_word() -> None:
    story = all_done().and_then(cmo(checked(effective=True), STAFF), cmo(checked(effective=False), STAFF))
    earlier = signs(n.CLOSED, effectiveness=named(n.EFFECTIVENESS_CHECKED, 0), residual_risk_accepted_by="qa_manager")
    then_refused_both_ways(story, CMO, earlier, "entry.wrong_state", "capa.not_effective")


def test_an_action_that_was_not_planned_or_is_done_twice_is_marked() -> None:
    story = given(cmo(OPENED), cmo(completed(1)))
    asks(story, CMO, completed(3)).then_marked(n.ACTION_COMPLETED)
    asks(story, CMO, completed(1)).then_marked(n.ACTION_COMPLETED)
