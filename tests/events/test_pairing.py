"""An invitation is taken as a whole or refused with the field that is wrong; both sides see one fingerprint."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.encoding.identifiers import Role
from events.errors import InvitationError, KeyRefusedError
from events.pairing import Invitation, PartyKeys, fingerprint, parse_label_key
from tests.events.golden.cast import CMO, MAH, RELATIONSHIP, party

INVITATION = Invitation(
    party=RELATIONSHIP.cmo,
    role=Role.CMO,
    name="苏州示例制药有限公司",
    relationship=RELATIONSHIP,
    party_keys=CMO.keys,
    wire="kafka.example:9092",
    topic=RELATIONSHIP.topic(Role.CMO),
)
RAW = INVITATION.dump()
FIELDS: dict[str, Any] = json.loads(RAW)


def test_an_invitation_is_read_back() -> None:
    assert Invitation.parse(RAW) == INVITATION
    assert INVITATION.generation == 1
    assert set(FIELDS) == {
        "format", "party", "role", "name", "relationship", "keys", "label_key", "wire", "topic",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "counterfoil/invitation/v2"),
        ("party", RELATIONSHIP.mah),
        ("party", RELATIONSHIP.cmo[:-1] + "A"),
        ("party", 1),
        ("role", "qa"),
        ("name", ""),
        ("name", "x" * 401),
        ("name", "\ud800"),
        ("name", "a\u202eb"),
        ("relationship", RELATIONSHIP.cmo),
        ("keys", None),
        ("keys", "keys"),
        ("keys", [1, 2, 3, 4, 5]),
        ("keys", CMO.keys.texts()[:4]),
        ("keys", CMO.keys.texts()[::-1]),
        ("keys", MAH.keys.texts()),
        ("label_key", CMO.keys.label_key.removeprefix("x25519+")),
        ("label_key", "x25519+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("label_key", CMO.keys.label_key + "="),
        ("wire", ""),
        ("wire", ["kafka.example:9092"]),
        ("topic", RELATIONSHIP.topic(Role.MAH)),
        ("topic", RELATIONSHIP.topic(Role.CMO, 2)),
        ("colour", "blue"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(InvitationError) as refused:
        Invitation.parse(json.dumps({**FIELDS, field: value}).encode())
    assert refused.value.code == "invitation.malformed"
    assert field in refused.value.detail.split(":")[0]


@pytest.mark.parametrize(
    ("field", "value"), [("role", "mah"), ("relationship", f"{RELATIONSHIP.cmo}/{RELATIONSHIP.mah}")]
)
def test_a_party_in_another_role_than_the_relationship_gives_it_is_refused(field: str, value: str) -> None:
    with pytest.raises(InvitationError, match="party: not the one that has this role"):
        Invitation.parse(json.dumps({**FIELDS, field: value}).encode())


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_missing_field_is_named(field: str) -> None:
    with pytest.raises(InvitationError, match=field):
        Invitation.parse(json.dumps({name: value for name, value in FIELDS.items() if name != field}).encode())


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"\xff", b"[" * 100_000, RAW[:-2], RAW.replace(b"{", b'{"role":"cmo",', 1), b" " * 70_000],
)
def test_a_file_that_is_no_invitation_is_refused(raw: bytes) -> None:
    with pytest.raises(InvitationError):
        Invitation.parse(raw)


@given(st.data())
def test_any_change_of_an_invitation_ends_in_another_one_or_our_own_error(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(RAW) - 1))
    changed = RAW[:place] + data.draw(st.binary(max_size=3)) + RAW[place + data.draw(st.integers(0, 3)) :]
    try:
        other = Invitation.parse(changed)
    except InvitationError:
        return
    assert Invitation.parse(other.dump()) == other


def test_the_fingerprint_is_that_of_all_keys_sorted() -> None:
    texts = [*MAH.keys.texts(), *CMO.keys.texts(), MAH.keys.label_key, CMO.keys.label_key]
    digest = sha256("".join(text + "\n" for text in sorted(texts)).encode()).digest()[:24]
    shown = fingerprint([*CMO.keys.vkeys, *MAH.keys.vkeys], [CMO.keys.label_key, MAH.keys.label_key])
    assert shown.split(" ") == [digest[place : place + 2].hex() for place in range(0, 24, 2)]
    assert fingerprint(texts[:10], texts[10:]) == shown


def test_any_other_key_changes_the_fingerprint() -> None:
    shown = fingerprint([*CMO.keys.vkeys, *MAH.keys.vkeys], [CMO.keys.label_key, MAH.keys.label_key])
    assert fingerprint([*CMO.keys.vkeys, *MAH.keys.vkeys], [CMO.keys.label_key]) != shown
    assert fingerprint([*CMO.keys.vkeys[1:], *MAH.keys.vkeys], [CMO.keys.label_key, MAH.keys.label_key]) != shown


def test_the_keys_of_a_party_are_read_back() -> None:
    assert PartyKeys.parse(MAH.keys.texts(), MAH.keys.label_key) == MAH.keys
    assert MAH.keys.origin == MAH.origin
    assert parse_label_key(MAH.keys.label_key) == MAH.keys.label_public


@pytest.mark.parametrize(
    "changes",
    [
        {"journal": CMO.journal.vkey},
        {"journal_seal": MAH.mirror_seal.vkey},
        {"mirror": MAH.journal.vkey},
        {"mirror_seal": MAH.journal_seal.vkey},
        {"recovery": MAH.journal.vkey},
        {"recovery": replace(MAH.journal.vkey, name=f"{MAH.origin}/recovery")},
        {"label_key": "x25519+"},
    ],
)
def test_a_key_in_the_wrong_place_or_in_two_places_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(KeyRefusedError):
        replace(MAH.keys, **changes)


def test_an_invitation_to_the_next_generation_names_its_topic() -> None:
    second = party(Role.CMO, 2).keys
    invitation = replace(INVITATION, party_keys=second, topic=RELATIONSHIP.topic(Role.CMO, 2))
    assert Invitation.parse(invitation.dump()).generation == 2
    with pytest.raises(InvitationError, match="topic"):
        replace(INVITATION, party_keys=second)


def test_keys_of_another_journal_are_refused() -> None:
    with pytest.raises(InvitationError, match="keys: named after another journal"):
        replace(INVITATION, party_keys=MAH.keys)
