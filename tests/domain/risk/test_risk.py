"""Risks: raised by either party, classified by both, closed on measures that both signed."""

from domain.risk import names as n
from events.encoding.identifiers import Role
from tests.domain.language import Step, Story, cmo, given, mah
from tests.domain.matters import asks, named, says, signs, then_refused_both_ways
from tests.domain.steps import opened

CMO, MAH = Role.CMO, Role.MAH
RAISED = says(
    n.RAISED,
    number="RSK-2026-0001",
    source="eQMS",
    title="灭菌柜温度分布不均",
    identified_at="2026-11-22T09:00:00+08:00",
    scope={"products": [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}]},
)


def level(level: str, name: str = n.CLASSIFIED) -> dict[str, str]:
    return {"name": name, "level": level, "risk_kind": "quality", "rationale": "可能影响无菌保证"}


MAJOR = says(**level("major"))
MEASURE = says(n.MEASURE_TAKEN, measure="停用灭菌柜", taken_at="2026-11-22T10:00:00+08:00")
PARTNERS_MEASURE = says(n.REVIEW_MEASURE_TAKEN, measure="暂停发货", taken_at="2026-11-22T10:30:00+08:00")


def with_measures() -> Story:
    return given(cmo(RAISED), cmo(says(**level("moderate"))), cmo(MEASURE), mah(PARTNERS_MEASURE))


def signed_by(name: str, *measures: str) -> Step:
    return signs(name, measures=[named(measure) for measure in measures])


def test_either_party_raises_a_risk_and_the_other_classifies_it_too() -> None:
    story = given(cmo(opened()))
    asks(story, MAH, RAISED).then(n.RAISED)
    asks(story, CMO, says(**level("minor", n.REVIEW_CLASSIFIED))).then(n.REVIEW_CLASSIFIED)


def test_a_risk_names_a_deviation_of_either_party() -> None:
    story = given(cmo(opened()))
    in_a_deviation = says(
        n.RAISED, number="R", source="s", title="t", identified_at="2026-11-22", deviation=named("deviation.opened.v1")
    )
    asks(story, MAH, in_a_deviation).then(n.RAISED)


def test_a_risk_that_names_something_else_as_its_deviation_is_refused() -> None:
    story = given(cmo(RAISED))
    wrong = says(
        n.RAISED,
        "0193572e-0000-7000-8000-0000000000ff",
        number="R",
        source="s",
        title="t",
        identified_at="2026-11-22",
        deviation=named(n.RAISED),
    )
    then_refused_both_ways(story, CMO, wrong, "entry.wrong_reference")


def test_raising_the_same_risk_twice_is_marked() -> None:
    given(cmo(RAISED)).receives(cmo(RAISED)).then_marked(n.RAISED)


def test_a_risk_is_closed_on_measures_that_both_signed() -> None:
    story = with_measures()
    both = (n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN)
    asks(story, CMO, signed_by(n.MEASURES_SIGNED, *both)).then(n.MEASURES_SIGNED)
    then_refused_both_ways(story, CMO, signed_by(n.CLOSED, *both), "entry.wrong_state", "risk.measures_not_signed")

    asks(story, MAH, signed_by(n.REVIEW_MEASURES_SIGNED, *both)).then(n.REVIEW_MEASURES_SIGNED)
    asks(story, CMO, signed_by(n.CLOSED, *both)).then(n.CLOSED)


def test_a_measure_that_only_one_party_signed_closes_nothing() -> None:
    story = with_measures()
    story.and_then(
        cmo(signed_by(n.MEASURES_SIGNED, n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN)),
        mah(signed_by(n.REVIEW_MEASURES_SIGNED, n.MEASURE_TAKEN)),
    )
    closing = signed_by(n.CLOSED, n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN)
    then_refused_both_ways(story, CMO, closing, "entry.wrong_state", "risk.measures_not_signed")
    asks(story, CMO, signed_by(n.CLOSED, n.MEASURE_TAKEN)).then(n.CLOSED)


def test_nobody_signs_what_is_no_measure_of_this_risk() -> None:
    then_refused_both_ways(with_measures(), MAH, signed_by(n.REVIEW_MEASURES_SIGNED, n.RAISED), "entry.wrong_reference")


def test_a_risk_that_nobody_classified_is_not_closed() -> None:
    story = given(cmo(RAISED), cmo(MEASURE))
    story.and_then(cmo(signed_by(n.MEASURES_SIGNED, n.MEASURE_TAKEN)))
    story.and_then(mah(signed_by(n.REVIEW_MEASURES_SIGNED, n.MEASURE_TAKEN)))
    then_refused_both_ways(story, CMO, signed_by(n.CLOSED, n.MEASURE_TAKEN), "entry.wrong_state", "risk.wrong_state")


def test_a_word_on_the_class_after_the_closing_is_recorded_and_marked() -> None:
    story = with_measures()
    story.and_then(
        cmo(signed_by(n.MEASURES_SIGNED, n.MEASURE_TAKEN)), mah(signed_by(n.REVIEW_MEASURES_SIGNED, n.MEASURE_TAKEN))
    )
    asks(story, CMO, signed_by(n.CLOSED, n.MEASURE_TAKEN)).then(n.CLOSED)
    asks(story, MAH, says(**level("major", n.REVIEW_CLASSIFIED))).then_marked(n.REVIEW_CLASSIFIED)


def test_staff_signs_no_measures() -> None:
    story = with_measures()
    step = signs(n.MEASURES_SIGNED, person="person/qa_staff", measures=[named(n.MEASURE_TAKEN)])
    asks(story, CMO, step, actor="person/qa_staff").then_refused("entry.not_permitted")


def test_nobody_signs_what_is_no_measure_of_the_risk() -> None:
    for role, name in ((CMO, n.MEASURES_SIGNED), (MAH, n.REVIEW_MEASURES_SIGNED)):
        then_refused_both_ways(with_measures(), role, signed_by(name, n.RAISED), "entry.wrong_reference")
