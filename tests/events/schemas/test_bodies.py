"""The JSON Schema of a body takes what its model takes, and nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from events.catalogue.registry import ANNOUNCED, decode_body, event_type
from events.errors import EntryError
from events.schemas.bodies import DIALECT, body_schemas, schema_id
from tests.events.catalogue.sampling import OBJECTS, mutated_bodies, names, sample
from tests.events.schemas.validator import accepts

SCHEMAS = body_schemas()
BEYOND_A_SCHEMA = {"relationship.opened.v1", "key.rotated.v1", "lot.allocated.v1"}
"""Their keys are checked as keys, and the check character of a company's code, too."""


def is_taken(name: str, body: dict[str, Any]) -> bool:
    type_ = event_type(name)
    assert type_ is not None
    try:
        decode_body(type_, body)
    except EntryError:
        return False
    return True


def model_and_schema_agree(name: str, body: dict[str, Any]) -> None:
    taken, accepted = is_taken(name, body), accepts(SCHEMAS[name], body)

    assert accepted if taken else name in BEYOND_A_SCHEMA or not accepted


def test_there_is_a_schema_of_each_event_type() -> None:
    assert tuple(SCHEMAS) == ANNOUNCED


@pytest.mark.parametrize("name", ANNOUNCED)
def test_each_is_a_schema_of_2020_12_with_a_stable_id(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])

    assert SCHEMAS[name]["$schema"] == DIALECT
    assert SCHEMAS[name]["$id"] == schema_id(name) == f"urn:counterfoil:schema:{name}"


@pytest.mark.parametrize("name", ANNOUNCED)
def test_each_takes_the_sample_of_its_type(name: str) -> None:
    assert accepts(SCHEMAS[name], sample(name))


@settings(max_examples=400)
@given(mutated_bodies)
def test_a_mutated_body_is_taken_by_the_schema_where_the_model_takes_it(mutated: tuple[str, dict[str, Any]]) -> None:
    model_and_schema_agree(*mutated)


@given(names, OBJECTS)
def test_any_object_is_taken_by_the_schema_where_the_model_takes_it(name: str, body: dict[str, Any]) -> None:
    model_and_schema_agree(name, body)
