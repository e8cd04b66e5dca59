"""Results out of specification or trend: confirmed, or invalidated for a cause that the examination found."""

from domain.oos import names as n
from events.encoding.identifiers import Role
from tests.domain.language import STAFF, Step, cmo, given, mah
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways
from tests.domain.steps import refused

CMO, MAH = Role.CMO, Role.MAH
SUSPECTED = says(
    n.SUSPECTED,
    number="OOS-2026-0001",
    source="LIMS",
    title="含量",
    result_kind="oos",
    test="含量测定 HPLC",
    result="94.80",
    unit="%",
    limits="95.0–105.0",
    suspected_at="2026-11-22T08:00:00+08:00",
    scope={"batches": [{"number": "B2026-001"}]},
)
INVALIDATED = signs(n.INVALIDATED, phase=named(n.PHASE_COMPLETED), cause="对照品称量错误")


def phase(cause: str | None = "对照品称量错误") -> Step:
    found = {} if cause is None else {"cause": cause}
    return says(n.PHASE_COMPLETED, phase="laboratory", conclusion="实验室原因", **found)


def test_a_result_is_invalidated_for_a_cause_that_a_phase_found() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF))
    asks(story, CMO, INVALIDATED).then(n.INVALIDATED)


def test_a_phase_without_a_cause_invalidates_nothing() -> None:
    then_refused_both_ways(
        given(cmo(SUSPECTED), cmo(phase(None), STAFF)), CMO, INVALIDATED, "entry.wrong_state", "oos.no_cause_found"
    )


def test_a_disputed_phase_invalidates_nothing() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF), mah(refused(n.PHASE_COMPLETED), actor="system/gateway"))
    then_refused_both_ways(story, CMO, INVALIDATED, "entry.wrong_state", "oos.no_cause_found")


def test_a_confirmed_result_is_not_invalidated_afterwards() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF), cmo(says(n.CONFIRMED, cause="工艺偏移")))
    then_refused_both_ways(story, CMO, INVALIDATED, "entry.wrong_state", "oos.wrong_state")


def test_what_comes_after_the_end_is_recorded_and_marked() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF), cmo(INVALIDATED))
    asks(story, CMO, phase()).then_marked(n.PHASE_COMPLETED)
    asks(story, CMO, says(n.RETEST_PLANNED, plan="重新测定")).then_marked(n.RETEST_PLANNED)


def test_a_system_invalidates_nothing() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF))
    asks(story, CMO, INVALIDATED, actor="system/lims").then_refused("entry.not_permitted")


def test_the_partner_decides_on_how_it_ended() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF), cmo(INVALIDATED))
    asks(story, MAH, signs(n.DECIDED, about=named(n.INVALIDATED), decision="agreed")).then(n.DECIDED)
    wrong = signs(n.DECIDED, about=named(n.SUSPECTED), decision="agreed")
    then_refused_both_ways(story, MAH, wrong, "entry.wrong_reference")


def test_the_holders_laboratory_suspects_results_too() -> None:
    asks(given(), MAH, SUSPECTED).then(n.SUSPECTED)


def test_the_partner_asks_and_is_answered() -> None:
    story = given(cmo(SUSPECTED), mah(says("oos_review.asked.v1", text="仪器状态？")))
    asks(story, CMO, says("oos.answered.v1", question=named("oos_review.asked.v1"), text="正常")).then(
        "oos.answered.v1"
    )


def test_a_correction_starts_from_what_stands() -> None:
    story = given(cmo(SUSPECTED))
    right = says(
        "oos.corrected.v1",
        entry=named(n.SUSPECTED),
        changes=[{"field": "result", "before": "94.80", "after": "94.08"}],
        reason="录入错误",
    )
    wrong = says(
        "oos.corrected.v1",
        entry=named(n.SUSPECTED),
        changes=[{"field": "result", "before": "94.0", "after": "94.08"}],
        reason="录入错误",
    )
    asks(story, CMO, wrong).then_marked("oos.corrected.v1")
    asks(given(cmo(SUSPECTED)), CMO, right).then("oos.corrected.v1")


def test_a_retest_is_planned_while_the_examination_goes_on() -> None:
    asks(given(cmo(SUSPECTED)), CMO, says(n.RETEST_PLANNED, plan="重新测定")).then(n.RETEST_PLANNED)


def test_a_result_that_was_invalidated_and_is_confirmed_all_the_same_is_marked() -> None:
    story = given(cmo(SUSPECTED), cmo(phase(), STAFF), cmo(INVALIDATED))
    asks(story, CMO, says(n.CONFIRMED, cause="工艺偏移")).then_marked(n.CONFIRMED)
