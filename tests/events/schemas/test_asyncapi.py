"""The AsyncAPI document holds together: version 3.0, every reference leads somewhere, every kind and event is told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from events.catalogue.registry import ANNOUNCED
from events.encoding.identifiers import Role
from events.schemas.asyncapi import FILE_KINDS, KINDS, asyncapi_document
from tests.events.catalogue.sampling import sample
from tests.events.golden.cast import RELATIONSHIP
from tests.events.schemas.validator import accepts

BOTH = [asyncapi_document(role) for role in Role]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def follow(document: dict[str, Any], reference: str) -> Any:
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step]
    return target


@pytest.mark.parametrize("document", BOTH)
def test_it_has_the_parts_of_version_3(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    assert document.keys() <= {"asyncapi", "info", "defaultContentType", "channels", "operations", "components"}
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize("document", BOTH)
def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))

    assert found
    assert all(reference.startswith("#/") for reference in found)
    assert all(isinstance(follow(document, reference), dict) for reference in found)


@pytest.mark.parametrize("role", list(Role))
def test_the_addresses_are_the_two_topics_of_a_relationship(role: Role) -> None:
    channel = BOTH[0]["channels"][role.value]

    assert channel["address"].format(mah=RELATIONSHIP.mah, cmo=RELATIONSHIP.cmo) == RELATIONSHIP.topic(role)
    assert channel["parameters"].keys() == {"mah", "cmo"}


@pytest.mark.parametrize("role", list(Role))
def test_a_gateway_sends_on_its_own_topic_and_receives_on_the_partners(role: Role) -> None:
    operations = asyncapi_document(role)["operations"]

    assert operations["send"]["action"] == "send"
    assert operations["send"]["channel"]["$ref"] == f"#/channels/{role.value}"
    assert operations["receive"]["action"] == "receive"
    assert operations["receive"]["channel"]["$ref"] == f"#/channels/{role.other.value}"


@pytest.mark.parametrize("document", BOTH)
def test_an_operation_names_messages_of_its_own_channel(document: dict[str, Any]) -> None:
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        kinds = FILE_KINDS if channel.endswith("_files") else KINDS
        assert [each["$ref"] for each in operation["messages"]] == [f"{channel}/messages/{kind}" for kind in kinds]


def test_each_kind_of_record_is_a_message_told_by_its_header() -> None:
    messages = BOTH[0]["components"]["messages"]

    assert list(messages) == ["page", "receipt", "resend", "returned", "want", "blob"]
    for kind, message in messages.items():
        assert accepts(message["headers"], {"counterfoil-kind": kind})
        assert not accepts(message["headers"], {"counterfoil-kind": "revoked"})
        assert not accepts(message["headers"], {})
        assert message["payload"]["description"]


def test_a_page_names_every_event_of_the_catalogue() -> None:
    events = BOTH[0]["components"]["messages"]["page"]["x-entries"]["events"]

    assert tuple(event["type"] for event in events) == ANNOUNCED


@pytest.mark.parametrize("name", ANNOUNCED)
def test_the_schemas_among_its_components_take_the_samples(name: str) -> None:
    whole = {"components": BOTH[0]["components"], "$ref": f"#/components/schemas/{name}"}
    Draft202012Validator.check_schema(BOTH[0]["components"]["schemas"][name])

    assert accepts(whole, sample(name))
    assert not accepts(whole, sample(name) | {"colour": "red"})
