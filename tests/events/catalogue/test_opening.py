"""Entry 0 is consistent in itself: keys in their places, of this relationship and generation, and fingerprint."""

from typing import Any

import pytest

from events.catalogue.opening import RelationshipOpened
from events.catalogue.registry import decode_body, event_type
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.notes.vkey import VerifierKey
from events.pairing import fingerprint
from tests.events.catalogue.sampling import sample
from tests.events.golden.cast import CMO, MAH, RELATIONSHIP, party

NAME = "relationship.opened.v1"


def opened(**changed: Any) -> RelationshipOpened:
    type_ = event_type(NAME)
    assert type_ is not None
    body = decode_body(type_, {**sample(NAME), **changed})
    assert isinstance(body, RelationshipOpened)
    return body


def fault(**changed: Any) -> str:
    with pytest.raises(EntryError) as refused:
        opened(**changed)
    assert refused.value.code == "entry.schema_invalid"
    return refused.value.detail


def of(role: str, **changed: Any) -> dict[str, Any]:
    return {role: {**sample(NAME)[role], **changed}}


def swapped(keys: list[str], one: int, other: int) -> list[str]:
    moved = list(keys)
    moved[one], moved[other] = moved[other], moved[one]
    return moved


def test_the_keys_of_both_parties_can_be_taken_from_it() -> None:
    body = opened()

    assert body.relationship == RELATIONSHIP
    assert body.party(Role.MAH).party_keys == MAH.keys
    assert body.party(Role.CMO).party_keys == CMO.keys


def test_a_wrong_fingerprint_is_refused() -> None:
    digits = sample(NAME)["fingerprint"]

    assert fault(fingerprint=digits[::-1]) == "fingerprint: not that of these keys"
    assert fault(fingerprint=digits.upper()).startswith("fingerprint: should match pattern")
    assert fault(fingerprint=digits.replace(" ", "")).startswith("fingerprint: should match pattern")


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 4), (1, 3), (2, 3), (0, 2)])
def test_a_key_in_another_place_is_refused(one: int, other: int) -> None:
    assert fault(**of("mah", keys=swapped(MAH.keys.texts(), one, other))).startswith("mah.keys: the ")


def test_a_raw_key_that_both_parties_have_is_refused() -> None:
    texts, recovery = CMO.keys.texts(), CMO.keys.recovery
    borrowed = VerifierKey(recovery.name, recovery.type, MAH.keys.mirror.public)

    assert fault(**of("cmo", keys=[*texts[:4], str(borrowed)])) == "keys: one raw key has one name and one type"
    assert fault(**of("cmo", label_key=MAH.keys.label_key)) == "keys: one raw key has one name and one type"


def test_four_keys_or_six_are_refused() -> None:
    texts = CMO.keys.texts()

    assert fault(**of("cmo", keys=texts[:4])).startswith("cmo.keys: should have at least 5 items")
    assert fault(**of("cmo", keys=[*texts, texts[0]])).startswith("cmo.keys: should have at most 5 items")


def test_what_is_no_vkey_is_refused_where_it_stands() -> None:
    assert fault(**of("mah", keys=["x", *MAH.keys.texts()[1:]])).startswith("mah.keys.0: a vkey is written")


def test_the_partners_keys_in_ones_own_place_are_refused() -> None:
    assert fault(**of("mah", keys=CMO.keys.texts())) == "mah.keys: named after another journal"


def test_keys_of_another_relationship_are_refused() -> None:
    told = fault(**of("mah", uscc=RELATIONSHIP.cmo), **of("cmo", uscc=RELATIONSHIP.mah))

    assert told == "mah.keys: named after another journal"


def test_one_firm_on_both_sides_is_refused() -> None:
    assert fault(**of("mah", uscc=RELATIONSHIP.cmo)) == "a relationship is between two firms"


def test_a_code_with_a_wrong_check_character_is_refused() -> None:
    wrong = RELATIONSHIP.mah[:-1] + ("0" if RELATIONSHIP.mah[-1] != "0" else "1")

    assert fault(**of("mah", uscc=wrong)) == "mah.uscc: no unified social credit code"


@pytest.mark.parametrize(
    "label_key", ["x25519+", "x25519+AAAA", "x25519+" + "A" * 43 + "=", "ed25519+" + "A" * 43 + "="]
)
def test_a_label_key_that_may_not_be_used_is_refused(label_key: str) -> None:
    assert fault(**of("cmo", label_key=label_key)).startswith(("cmo.keys: ", "cmo.label_key: "))


def test_the_first_generation_has_no_previous_and_the_second_has_one() -> None:
    previous = {"checkpoint": "counterfoil/...\n", "proof": "..."}

    assert fault(previous=previous).startswith("previous: ")
    assert fault(generation=2) == "mah.keys: named after another journal"


def test_a_second_generation_names_how_the_first_ended() -> None:
    parties = {role.value: party(role, 2).keys for role in Role}
    keys = [key for each in parties.values() for key in each.texts()]
    second: dict[str, Any] = {
        "generation": 2,
        "fingerprint": fingerprint(keys, [each.label_key for each in parties.values()]),
    }
    for role, each in parties.items():
        second |= of(role, keys=each.texts(), label_key=each.label_key)

    assert opened(**second, previous={"checkpoint": "counterfoil/...\n", "proof": "..."}).generation == 2
    assert fault(**second).startswith("previous: ")


def test_rotated_keys_are_checked_one_by_one() -> None:
    type_ = event_type("key.rotated.v1")
    assert type_ is not None

    with pytest.raises(EntryError, match=r"keys\.1: "):
        decode_body(type_, {**sample("key.rotated.v1"), "keys": [MAH.keys.texts()[0], "x+0+AA=="]})
