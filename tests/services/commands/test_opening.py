from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deviation.errors import DeviationStateError
from domain.parties.errors import NotPermittedError
from events.catalogue.bodies import Batch, Product
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.stored.intake import ExternalNumber
from services.gateway.commands.importing import ImportedRow, import_rows
from services.gateway.commands.opening import Opening, digest_of, next_number, open_one
from tests.services.commands.situations import Now, asked

ITEM = "01890a5d-ac96-774b-bcce-b302099a8057"
OPENING = Opening(title="真空度报警", detected_at="2026-11-22", external_number="E-1", source="eqms")


def test_a_job_names_who_asks_the_subjects_it_writes_and_the_record_it_looks_up() -> None:
    job = open_one(asked(), ITEM, OPENING)

    assert (job.actor, job.key, job.digest, job.caller) == ("system/eqms", "k", b"d", "token")
    assert (list(job.subjects), list(job.partner_subjects)) == ([f"deviation/{ITEM}"], [f"deviation_review/{ITEM}"])
    assert job.numbers == ("eqms", ["E-1"])


def test_a_dry_run_leaves_its_key_unused() -> None:
    job = open_one(asked(dry_run=True), ITEM, OPENING)

    assert (job.dry_run, job.key) == (True, None)


def test_a_deviation_with_a_class_is_opened_and_classified() -> None:
    decision = open_one(asked(), ITEM, replace(OPENING, class_="major", rationale="无菌")).decide(Now(opened=141))

    opened, classified = decision.drafts
    assert (opened.body["number"], classified.body["class"]) == ("DEV-2026-0142", "major")
    assert [each.number for each in decision.external] == ["E-1"]


def test_the_year_of_a_number_is_that_of_beijing() -> None:
    new_year = Now(at=datetime(2026, 12, 31, 16, tzinfo=UTC))

    assert next_number(new_year, 1) == "DEV-2027-0001"


def test_a_record_that_is_known_is_not_opened_again() -> None:
    known = {"E-1": ExternalNumber("eqms", "E-1", f"deviation/{ITEM}", digest_of(OPENING))}

    with pytest.raises(DeviationStateError):
        open_one(asked(), ITEM, OPENING).decide(Now(known=known))


def test_the_holder_opens_none() -> None:
    with pytest.raises(EntryError) as refused:
        open_one(asked(role=Role.MAH), ITEM, OPENING).decide(Now())

    assert refused.value.code == "entry.wrong_author"


def test_a_person_without_the_right_is_told_before_anything_is_drafted() -> None:
    with pytest.raises(NotPermittedError):
        open_one(asked("person/nobody"), ITEM, OPENING).decide(Now())


OTHER = Opening(
    title="另",
    detected_at="2026-11-21",
    number="N",
    source="eqms",
    external_number="E-1",
    description="d",
    occurred_at="2026-11-20",
    product=Product(name="头孢", code="P1"),
    batches=[Batch(number="B1")],
    line="L",
    site="S",
    class_="minor",
    rationale="r",
)


@pytest.mark.parametrize(
    "name", sorted({each.name for each in fields(Opening)} - {"source", "external_number", "attachments"})
)
def test_every_field_of_a_record_tells_it_from_another_state_of_it(name: str) -> None:
    changed = replace(OPENING, **{name: getattr(OTHER, name)})

    assert digest_of(changed) != digest_of(OPENING)


@given(st.lists(st.sampled_from(["E-1", "E-2", "E-3"]), max_size=12))
def test_each_record_of_a_file_is_imported_once_and_numbered_without_a_gap(externals: list[str]) -> None:
    fresh = count()
    rows = [ImportedRow(place, replace(OPENING, external_number=each)) for place, each in enumerate(externals, 2)]
    job = import_rows(asked(), "eqms", "0" * 64, rows, lambda: f"00000000-0000-7000-8000-{next(fresh):012d}")

    decision = job.decide(Now(opened=7))

    told = decision.answer([])
    assert told["counts"]["imported"] == len(set(externals)) == len(decision.external)
    assert told["counts"]["unchanged"] == len(externals) - len(set(externals))
    numbers = [draft.body["number"] for draft in decision.drafts]
    assert numbers == [f"DEV-2026-{8 + place:04d}" for place in range(len(numbers))]


def test_a_row_that_was_not_understood_stops_no_other() -> None:
    rows = [ImportedRow(2, None, "title: is missing"), ImportedRow(3, OPENING)]

    decision = import_rows(asked(), "eqms", "0" * 64, rows, lambda: ITEM).decide(Now())

    told = decision.answer([])["rows"]
    assert [(row["row"], row["result"]) for row in told] == [(2, "rejected"), (3, "imported")]
    assert decision.drafts[0].cause == f"import/{'0' * 64}/3"


def test_a_row_that_no_entry_can_carry_is_rejected_by_itself() -> None:
    huge = replace(OPENING, title="例" * 30_000, description="例" * 60_000, external_number="E-2")
    rows = [ImportedRow(2, huge), ImportedRow(3, OPENING)]

    decision = import_rows(asked(), "eqms", "0" * 64, rows, lambda: ITEM).decide(Now())

    assert [row["result"] for row in decision.answer([])["rows"]] == ["rejected", "imported"]
