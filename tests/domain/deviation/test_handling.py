"""From opened to closed: what is asked, what is marked, and what may still come after the closing."""

import pytest

from domain.deviation import names as n
from domain.deviation.commands import (
    AnswerQuestion,
    ClassifyDeviation,
    CloseDeviation,
    InvestigateDeviation,
    LinkBatch,
    OpenDeviation,
    answer_question,
    classify_deviation,
    close_deviation,
    investigate_deviation,
    link_batch,
    open_deviation,
)
from domain.deviation.review_commands import AcknowledgeEntry, AskQuestion, acknowledge_entry, ask_question
from events.catalogue.bodies import Batch, Product
from events.encoding.identifiers import Role
from events.errors import EntryError
from tests.domain.language import Written, cmo, given, mah, signature
from tests.domain.steps import (
    DEVIATION_ID,
    acknowledged,
    answered,
    approved,
    asked,
    batch_linked,
    classified,
    closed,
    corrected,
    investigated,
    opened,
    rejected,
)

CMO, MAH = Role.CMO, Role.MAH
OTHER_ID = "0193572e-0000-7000-8000-0000000000d2"
CLOSED_MINOR = (cmo(opened()), cmo(classified("minor")), cmo(investigated()), cmo(closed()))


def closing(story_ref: object, approval: object = None) -> CloseDeviation:
    return CloseDeviation(DEVIATION_ID, story_ref, signature(), approval)  # type: ignore[arg-type] # a reference


def test_a_deviation_is_opened_with_everything_that_is_known_of_it() -> None:
    command = OpenDeviation(
        DEVIATION_ID,
        number="DEV-2026-0142",
        source="eQMS",
        title="-5℃ 冷库温度超标",
        detected_at="2026-11-22",
        external_number="EXT-1",
        description="+2 ℃",
        occurred_at="2026-11-21T23:00:00+08:00",
        product=Product(name="示例片", code="P1"),
        batches=[Batch(number="B1")],
        line="L1",
        site="S1",
        cause="import/abc/2",
    )
    outcome = given().when(CMO, open_deviation, command)

    assert outcome.drafts[0].cause == "import/abc/2"
    body = outcome.then(n.OPENED).past(n.OPENED).body
    assert (body.title, body.external_number, body.batches[0].number) == ("-5℃ 冷库温度超标", "EXT-1", "B1")


def test_what_is_wrong_in_form_is_told_before_anything_is_written() -> None:
    command = OpenDeviation(DEVIATION_ID, "DEV-1", "eQMS", "t", detected_at="2026-02-30")

    with pytest.raises(EntryError) as wrong:
        given().when(CMO, open_deviation, command)

    assert wrong.value.code == "entry.schema_invalid"
    assert "detected_at" in wrong.value.detail


def test_a_deviation_goes_from_opened_to_closed() -> None:
    story = given()
    story.when(CMO, open_deviation, OpenDeviation(DEVIATION_ID, "D1", "eQMS", "t", "2026-11-22")).then(n.OPENED)
    story.when(CMO, classify_deviation, ClassifyDeviation(DEVIATION_ID, "minor", "r")).then(n.CLASSIFIED)
    story.when(CMO, investigate_deviation, InvestigateDeviation(DEVIATION_ID, "c", "i", "c")).then(n.INVESTIGATED)
    story.when(CMO, close_deviation, closing(story.ref(n.INVESTIGATED))).then(n.CLOSED)


def test_class_and_investigation_may_be_repeated_before_the_closing() -> None:
    story = given(cmo(opened()), cmo(classified("major")), cmo(investigated()))

    story.when(CMO, classify_deviation, ClassifyDeviation(DEVIATION_ID, "minor", "r")).then(n.CLASSIFIED)
    story.when(CMO, investigate_deviation, InvestigateDeviation(DEVIATION_ID, "c", "i", "c")).then(n.INVESTIGATED)


def test_a_deviation_that_nobody_classified_is_not_closed() -> None:
    story = given(cmo(opened()), cmo(investigated()))

    story.when(CMO, close_deviation, closing(story.ref(n.INVESTIGATED))).then_refused(
        "entry.wrong_state", "deviation.not_classified"
    )
    story.receives(cmo(closed())).then_refused("entry.wrong_state", "deviation.not_classified")


def test_a_deviation_is_closed_on_its_latest_investigation_only() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()), cmo(investigated("二")))

    older = closing(story.ref(n.INVESTIGATED, 0))
    story.when(CMO, close_deviation, older).then_refused("entry.wrong_state", "deviation.not_latest_investigation")
    story.receives(cmo(closed(investigation=0))).then_refused("entry.wrong_state")
    story.when(CMO, close_deviation, closing(story.ref(n.INVESTIGATED))).then(n.CLOSED)


def test_a_closing_does_not_rest_on_an_investigation_by_somebody_without_the_right() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))
    story.receives(cmo(investigated("无权"), actor="person/integrator")).then_marked(n.INVESTIGATED)

    story.receives(cmo(closed())).then_refused("entry.wrong_state", "deviation.not_latest_investigation")


def test_a_closing_names_an_investigation_of_this_very_deviation() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(investigated()))
    elsewhere = CloseDeviation(OTHER_ID, story.ref(n.INVESTIGATED), signature())

    story.when(CMO, close_deviation, elsewhere).then_refused("entry.wrong_reference", "evidence.not_found")
    story.when(CMO, close_deviation, closing(story.ref(n.CLASSIFIED))).then_refused("entry.wrong_reference")


def test_a_deviation_is_closed_once() -> None:
    story = given(*CLOSED_MINOR)

    story.when(CMO, close_deviation, closing(story.ref(n.INVESTIGATED))).then_refused(
        "entry.wrong_state", "deviation.closed"
    )
    story.receives(cmo(closed())).then_refused("entry.wrong_state", "deviation.closed")


def test_a_second_opening_of_the_same_deviation_is_marked() -> None:
    given(cmo(opened())).receives(cmo(opened("DEV-2"))).then_marked(n.OPENED)


@pytest.mark.parametrize(
    "late",
    [
        cmo(batch_linked()),
        cmo(corrected(n.OPENED, "title", "压片机转速超出范围", "压片机转速低")),
        mah(asked()),
        mah(acknowledged(n.CLOSED)),
    ],
)
def test_what_belongs_to_the_record_still_comes_after_the_closing(late: Written) -> None:
    story = given(*CLOSED_MINOR)

    assert not story.write(late).violates


def test_a_question_is_answered_after_the_closing_too() -> None:
    given(*CLOSED_MINOR, mah(asked())).receives(cmo(answered())).then(n.ANSWERED)


@pytest.mark.parametrize("late", [cmo(classified("major")), cmo(investigated()), mah(rejected())])
def test_what_the_closing_no_longer_rests_on_is_recorded_and_marked(late: Written) -> None:
    story = given(*CLOSED_MINOR)
    past = story.write(late)

    assert past.code is None
    assert past.violates


def test_a_batch_is_linked() -> None:
    given(cmo(opened())).when(CMO, link_batch, LinkBatch(DEVIATION_ID, Batch(number="B2"))).then(n.BATCH_LINKED)


def test_a_question_may_be_about_one_entry_of_the_deviation() -> None:
    story = given(cmo(opened()))

    story.when(MAH, ask_question, AskQuestion(DEVIATION_ID, "？", story.ref(n.OPENED))).then(n.ASKED)
    story.when(MAH, ask_question, AskQuestion(DEVIATION_ID, "？")).then(n.ASKED)


def test_a_question_about_another_deviation_is_refused() -> None:
    story = given(cmo(opened()))

    elsewhere = AskQuestion(OTHER_ID, "？", story.ref(n.OPENED))
    story.when(MAH, ask_question, elsewhere).then_refused("entry.wrong_reference")


def test_an_answer_names_a_question_of_the_review() -> None:
    story = given(cmo(opened()), mah(asked()), mah(acknowledged()))

    story.when(CMO, answer_question, AnswerQuestion(DEVIATION_ID, story.ref(n.ASKED), "否")).then(n.ANSWERED)
    no_question = AnswerQuestion(DEVIATION_ID, story.ref(n.ACKNOWLEDGED), "否")
    story.when(CMO, answer_question, no_question).then_refused("entry.wrong_reference")
    story.receives(cmo(answered(n.ACKNOWLEDGED))).then_refused("entry.wrong_reference")


def test_a_question_that_the_answer_had_not_seen_is_no_evidence() -> None:
    story = given(cmo(opened()), mah(asked()))
    unseen = story.past(n.ASKED).position

    story.receives(cmo(answered(), seen=unseen)).then_refused("entry.wrong_reference")


def test_a_named_person_takes_note() -> None:
    story = given(cmo(opened()))

    story.when(MAH, acknowledge_entry, AcknowledgeEntry(DEVIATION_ID, story.ref(n.OPENED))).then(n.ACKNOWLEDGED)


def test_a_system_that_takes_note_is_marked() -> None:
    given(cmo(opened())).receives(mah(acknowledged(), actor="system/mail")).then_marked(n.ACKNOWLEDGED)


def test_nobody_takes_note_of_an_own_entry() -> None:
    story = given(cmo(opened()), mah(asked()))

    story.receives(mah(acknowledged(n.ASKED))).then_refused("entry.wrong_reference")


def test_an_approval_that_names_the_review_of_another_deviation_is_no_evidence() -> None:
    story = given(cmo(opened()), cmo(classified()), cmo(investigated()), mah(approved()))
    elsewhere = CloseDeviation(OTHER_ID, story.ref(n.INVESTIGATED), signature(), story.ref(n.CLOSURE_APPROVED))

    story.when(CMO, close_deviation, elsewhere).then_refused("entry.wrong_reference")
