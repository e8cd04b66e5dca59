"""Corrections start from what stands, leave a body that the catalogue takes, and touch own entries only."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.deviation import names as n
from domain.deviation.commands import CorrectEntry, correct_deviation
from domain.deviation.review_commands import correct_review
from domain.steps.corrections import corrected_values, corrections_of, text_at
from domain.steps.errors import CorrectionInvalidError, CorrectionMismatchError
from events.encoding.identifiers import Role
from events.errors import EntryError
from tests.domain.language import Story, cmo, given, mah
from tests.domain.steps import DEVIATION_ID, asked, corrected, opened

CMO, MAH = Role.CMO, Role.MAH
TITLE = "压片机转速超出范围"


def correct(story: Story, fields: dict[str, str | None], name: str = n.OPENED) -> CorrectEntry:
    return CorrectEntry(DEVIATION_ID, story.ref(name), fields, "录入错误")


def test_a_correction_says_what_stood_before() -> None:
    story = given(cmo(opened()))
    story.when(CMO, correct_deviation, correct(story, {"title": "转速低"})).then(n.CORRECTED)

    change = story.past(n.CORRECTED).body.changes[0]
    assert (change.field, change.before, change.after) == ("title", TITLE, "转速低")


def test_a_second_correction_starts_from_the_first() -> None:
    story = given(cmo(opened()))
    story.when(CMO, correct_deviation, correct(story, {"title": "转速低"})).then(n.CORRECTED)
    story.when(CMO, correct_deviation, correct(story, {"title": "转速高"})).then(n.CORRECTED)

    assert story.past(n.CORRECTED).body.changes[0].before == "转速低"
    entry = story.past(n.OPENED)
    assert corrected_values(entry, corrections_of(story.context(CMO), entry))["title"] == "转速高"
    assert entry.body.title == TITLE


def test_a_correction_that_starts_from_something_else_is_marked_and_changes_nothing() -> None:
    story = given(cmo(opened()))
    story.receives(cmo(corrected(n.OPENED, "title", "别的", "转速低"))).then_marked(n.CORRECTED)

    entry = story.past(n.OPENED)
    assert corrected_values(entry, corrections_of(story.context(CMO), entry))["title"] == TITLE


def test_fields_inside_others_are_corrected() -> None:
    story = given(cmo(opened(product={"name": "示例片"})))
    fields: dict[str, str | None] = {"batches.0.number": "B9", "product.code": "P1", "line": "L1"}
    story.when(CMO, correct_deviation, correct(story, fields)).then(n.CORRECTED)

    entry = story.past(n.OPENED)
    values = corrected_values(entry, corrections_of(story.context(CMO), entry))
    assert [text_at(values, field) for field in fields] == ["B9", "P1", "L1"]


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("salt", "f" * 32),
        ("signature.reason", "x"),
        ("title", None),
        ("detected_at", "yesterday"),
        ("no_such_field", "x"),
        ("batches.7.number", "B9"),
        ("title.inner", "x"),
        ("batches", "B9"),
        ("batches.first", "B9"),
    ],
)
def test_a_correction_that_would_leave_nonsense_is_refused(field: str, after: str | None) -> None:
    story = given(cmo(opened()))
    before = TITLE if field == "title" else "2026-11-22T08:10:00+08:00" if field == "detected_at" else None

    told = story.when(CMO, correct_deviation, correct(story, {field: after}))
    told.then_refused("entry.schema_invalid", "correction.invalid")
    if after is not None or before is not None:
        story.receives(cmo(corrected(n.OPENED, field, before, after))).then_refused("entry.schema_invalid")


def test_a_correction_that_changes_nothing_is_refused() -> None:
    story = given(cmo(opened()))

    told = story.when(CMO, correct_deviation, correct(story, {"title": TITLE}))
    told.then_refused("entry.schema_invalid", "correction.invalid")


def test_the_partner_corrects_its_own_review() -> None:
    story = given(cmo(opened()), mah(asked()))

    fields: dict[str, str | None] = {"text": "是否影响 B2？"}
    story.when(MAH, correct_review, correct(story, fields, n.ASKED)).then(n.REVIEW_CORRECTED)


def test_nobody_corrects_an_entry_of_the_partner() -> None:
    story = given(cmo(opened()), mah(asked()))

    fields: dict[str, str | None] = {"title": "x"}
    story.when(MAH, correct_review, correct(story, fields)).then_refused("entry.wrong_reference")
    story.receives(mah(corrected(n.OPENED, "title", TITLE, "x"))).then_refused("entry.wrong_reference")
    story.when(CMO, correct_deviation, correct(story, {"text": "x"}, n.ASKED)).then_refused("entry.wrong_reference")


def test_a_correction_of_another_deviation_is_refused() -> None:
    story = given(cmo(opened()))
    other = CorrectEntry("0193572e-0000-7000-8000-0000000000d2", story.ref(n.OPENED), {"title": "x"}, "r")

    story.when(CMO, correct_deviation, other).then_refused("entry.wrong_reference")


_FIELDS = st.sampled_from(
    ["title", "number", "product", "product.name", "product.code", "batches.0.number", "batches.1.number", "batches",
     "line", "site", "description", "detected_at", "occurred_at", "attachments.0.name", "salt", "nothing.of.it"]
)  # fmt: skip


@for_all(st.lists(st.tuples(_FIELDS, st.none() | st.text(max_size=4)), min_size=1, max_size=6))
def test_whatever_is_corrected_the_outcome_is_still_a_body(changes: list[tuple[str, str | None]]) -> None:
    story = given(cmo(opened()))
    for field, after in changes:
        entry = story.past(n.OPENED)
        before = text_at(corrected_values(entry, corrections_of(story.context(CMO), entry)), field)
        try:
            past = story.write(cmo(corrected(n.OPENED, field, before, after)))
        except EntryError:  # a text that no body holds
            continue
        standing = corrected_values(entry, corrections_of(story.context(CMO), entry))
        assert past.code is not None or text_at(standing, field) == (after if not past.violates else before)


def test_the_two_faults_have_their_own_codes() -> None:
    assert CorrectionInvalidError.refusal == "entry.schema_invalid"
    assert CorrectionMismatchError.refusal == "entry.wrong_state"
