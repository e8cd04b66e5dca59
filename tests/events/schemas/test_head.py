"""The JSON Schema of a head takes the heads that the reader takes."""

from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from events.encoding.canonical import encode
from events.encoding.entry import Head
from events.errors import EvidenceError
from events.schemas.head import HEAD, head_schema
from tests.events.catalogue.sampling import mutations
from tests.events.golden.cast import entry
from tests.events.schemas.validator import accepts

SCHEMA = head_schema()
GOOD = entry(1).head.attributes() | {"cause": "import/1", "labels": f"{'0' * 32} {'1' * 32}"}


def is_read(attributes: dict[str, Any]) -> bool:
    try:
        Head.parse(encode(attributes))
    except EvidenceError:
        return False
    return True


def test_it_is_a_schema_of_2020_12_with_a_stable_id() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$id"] == f"urn:counterfoil:schema:{HEAD}"


@pytest.mark.parametrize("number", range(4))
def test_it_takes_the_heads_of_the_golden_samples(number: int) -> None:
    assert accepts(SCHEMA, entry(number).head.attributes())


@given(mutations(GOOD))
def test_it_takes_a_mutated_head_where_the_reader_does(attributes: dict[str, Any]) -> None:
    assert accepts(SCHEMA, attributes) == is_read(attributes)


def test_what_no_schema_can_say_is_left_to_the_reader() -> None:
    wrong_check_character = GOOD | {"source": GOOD["source"][:-1] + ("0" if GOOD["source"][-1] != "0" else "1")}
    descending = GOOD | {"labels": f"{'1' * 32} {'0' * 32}"}

    for attributes in (wrong_check_character, descending):
        assert accepts(SCHEMA, attributes)
        assert not is_read(attributes)
