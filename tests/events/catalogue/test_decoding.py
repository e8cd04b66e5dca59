"""A body is read strictly: what is wrong is named by its field, and nothing but the one error ever comes out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.catalogue.bodies import Body
from events.catalogue.deviation import Opened
from events.catalogue.forms import MAX_CELL, MAX_TEXT
from events.catalogue.registry import ANNOUNCED, EventType, decode_body, event_type
from events.encoding.canonical import MAX_INTEGER
from events.errors import EntryError
from tests.events.catalogue.sampling import OBJECTS, mutated_bodies, names, sample


def the_type(name: str) -> EventType:
    type_ = event_type(name)
    assert type_ is not None
    return type_


def read(name: str, **changed: Any) -> Body:
    return decode_body(the_type(name), {**sample(name), **changed})


def fault(name: str, **changed: Any) -> str:
    with pytest.raises(EntryError) as refused:
        read(name, **changed)
    assert refused.value.code == "entry.schema_invalid"
    return refused.value.detail


def refusal(name: str, body: Any) -> EntryError | None:
    try:
        decode_body(the_type(name), body)
    except EntryError as refused:
        return refused
    return None


def reads_or_refuses(name: str, body: Any) -> None:
    refused = refusal(name, body)
    assert refused is None or refused.code == "entry.schema_invalid"
    assert refused is None or 0 < len(refused.detail) < 4000


@given(names, OBJECTS)
def test_any_object_is_read_or_refused_with_the_one_error(name: str, body: dict[str, Any]) -> None:
    reads_or_refuses(name, body)


@given(mutated_bodies)
def test_any_mutated_body_is_read_or_refused_with_the_one_error(mutated: tuple[str, dict[str, Any]]) -> None:
    reads_or_refuses(*mutated)


@given(names, st.dictionaries(st.text(), st.floats() | st.binary() | st.text() | st.integers()))
def test_even_what_canonical_json_cannot_hold_is_refused_with_the_one_error(name: str, body: dict[str, Any]) -> None:
    reads_or_refuses(name, body)


@pytest.mark.parametrize("name", ANNOUNCED)
def test_a_body_without_salt_is_refused(name: str) -> None:
    body = sample(name)
    del body["salt"]

    with pytest.raises(EntryError, match=r"entry\.schema_invalid: salt: is missing"):
        decode_body(the_type(name), body)


@pytest.mark.parametrize("name", ANNOUNCED)
def test_any_body_may_hold_attachments(name: str) -> None:
    attachment = {"sha256": "0" * 64, "name": "检漏报告.pdf", "size": 91233}

    assert read(name, attachments=[attachment]).attachments[0].name == "检漏报告.pdf"
    assert "attachments.0.size: is missing" in fault(name, attachments=[{"sha256": "0" * 64, "name": "x"}])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"product": {}}, "product.name: is missing"),
        ({"product": {"name": "x", "strength": "1 g"}}, "product.strength: is no field of this event"),
        ({"colour": "red"}, "colour: is no field of this event"),
        ({"number": 142}, "number: should be a valid string"),
        ({"title": " \u3000\n"}, "title: is blank"),
        ({"detected_at": "2026-02-29"}, "detected_at: no date, and no time of RFC 3339 with its offset"),
        ({"detected_at": "2026-11-22T08:10:00"}, "detected_at: no date, and no time of RFC 3339 with its offset"),
        ({"detected_at": None}, "detected_at: should be a valid string"),
        ({"batches": [{"number": "B1"}, {"number": ""}]}, "batches.1.number: should have at least 1 character"),
        ({"batches": ["B1"]}, "batches.0: should be a valid dictionary"),
        ({"batches": {"number": "B1"}}, "batches: should be a valid list"),
        ({"salt": "A" * 32}, "salt: should match pattern"),
    ],
)
def test_the_error_names_the_field(changed: dict[str, Any], told: str) -> None:
    assert fault("deviation.opened.v1", **changed).startswith(told)


def test_an_unknown_class_is_answered_with_the_known_ones() -> None:
    told = fault("deviation.classified.v1", **{"class": "critical"})

    assert told == "class: should be 'major', 'moderate' or 'minor'"


def test_all_faults_are_told_at_once_up_to_a_bound() -> None:
    assert fault("deviation.opened.v1", number=1, title=2) == (
        "number: should be a valid string; title: should be a valid string"
    )
    assert fault("deviation.opened.v1", **{f"x{n}": 1 for n in range(100)}).endswith("; and 95 more")


def test_a_field_is_known_by_its_name_on_the_wire_only() -> None:
    assert "class_: is no field of this event" in fault("deviation.classified.v1", class_="major")
    assert "from_: is no field of this event" in fault("person.authorised.v1", from_="2026-11-22T00:00:00.000000Z")


def test_true_is_no_number_and_a_number_is_no_truth() -> None:
    assert fault("journal.taken.v1", size=True) == "size: should be a valid integer"
    assert fault("calendar.published.v1", provisional=0) == "provisional: should be a valid boolean"


def test_a_size_is_an_integer_that_canonical_json_can_hold() -> None:
    assert read("journal.taken.v1", size=MAX_INTEGER).model_dump()["size"] == MAX_INTEGER
    assert fault("journal.taken.v1", size=MAX_INTEGER + 1).startswith("size: should be less than or equal to")
    assert fault("journal.taken.v1", size=-1) == "size: should be greater than or equal to 0"


def test_what_a_cell_of_a_spreadsheet_holds_goes_in_verbatim() -> None:
    cell = ("-+=@\u0007\r\n\t\u2028😀" * MAX_CELL)[:MAX_CELL]

    opened = read("deviation.opened.v1", title=cell, description=cell, product={"name": cell})

    assert isinstance(opened, Opened)
    assert opened.product is not None
    assert (opened.title, opened.description, opened.product.name) == (cell, cell, cell)


def test_texts_are_bounded() -> None:
    assert read("deviation.opened.v1", description="x" * MAX_TEXT).model_dump()["description"] == "x" * MAX_TEXT
    assert fault("deviation.opened.v1", description="x" * (MAX_TEXT + 1)).startswith("description: should have at most")
    assert fault("deviation.opened.v1", title="x" * (MAX_CELL + 1)).startswith("title: should have at most")


def test_a_time_stays_as_it_was_stated() -> None:
    for stated in ("2026-11-22", "2026-11-22T08:10:00+08:00", "2026-11-22T08:10:00.5Z"):
        opened = read("deviation.opened.v1", detected_at=stated)
        assert isinstance(opened, Opened)
        assert opened.detected_at == stated


def test_a_refusal_names_up_to_256_entries() -> None:
    refused = sample("entry.refused.v1")["refused"][0]

    assert len(read("entry.refused.v1", refused=[refused] * 256).model_dump()["refused"]) == 256
    assert fault("entry.refused.v1", refused=[refused] * 257).startswith("refused: should have at most 256 items")
    assert fault("entry.refused.v1", refused=[]).startswith("refused: should have at least 1 item")
    assert fault("entry.refused.v1", refused=[{**refused, "code": "page.malformed"}]).startswith("refused.0.code: ")


def test_an_open_end_of_a_right_is_written() -> None:
    body = sample("person.authorised.v1")
    del body["to"]

    with pytest.raises(EntryError, match="to: is missing"):
        decode_body(the_type("person.authorised.v1"), body)


def test_an_act_of_quality_without_signature_is_refused() -> None:
    for name in ("deviation.closed.v1", "deviation_review.closure_approved.v1", "agreement.signed.v1"):
        body = sample(name)
        del body["signature"]
        with pytest.raises(EntryError, match="signature: is missing"):
            decode_body(the_type(name), body)
