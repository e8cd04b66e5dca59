"""One body of each event type is kept: what was once written stays readable, and nothing re-encodes it."""

import pytest

from events.catalogue.registry import ANNOUNCED, EventType, all_event_types, decode_body
from events.encoding.canonical import decode, encode
from events.encoding.entry import MAX_BODY_BYTES
from tests.events.catalogue.sampling import SAMPLES
from tests.events.golden.cast import CMO, MAH


def test_there_is_a_sample_of_each_event_type_and_of_nothing_else() -> None:
    assert {path.name.removesuffix(".json") for path in SAMPLES.iterdir()} == set(ANNOUNCED)


@pytest.mark.parametrize("type_", all_event_types(), ids=lambda type_: type_.name)
def test_reading_a_sample_and_writing_it_again_gives_the_same_bytes(type_: EventType) -> None:
    raw = (SAMPLES / f"{type_.name}.json").read_bytes()

    body = decode_body(type_, decode(raw))

    assert len(raw) <= MAX_BODY_BYTES
    assert encode(decode(raw)) == raw
    assert encode(body.model_dump(exclude_unset=True)) == raw


def test_the_sample_of_a_pairing_names_the_keys_of_the_cast() -> None:
    opened = decode((SAMPLES / "relationship.opened.v1.json").read_bytes())

    assert opened["mah"]["keys"] == MAH.keys.texts()
    assert opened["cmo"]["keys"] == CMO.keys.texts()
