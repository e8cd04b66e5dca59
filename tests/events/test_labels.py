"""Both parties compute the same tags, nobody else does, and one key opens one label."""

import hmac
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from events.errors import KeyRefusedError
from events.labels import Labeller, derive_label_secret, label_key, tag_of
from tests.events.golden.cast import CMO, MAH, RELATIONSHIP, uuid

SECRET = derive_label_secret(MAH.label_private, CMO.keys.label_public, RELATIONSHIP)


def test_both_parties_derive_the_same_secret() -> None:
    assert derive_label_secret(CMO.label_private, MAH.keys.label_public, RELATIONSHIP) == SECRET
    assert derive_label_secret(CMO.label_private, MAH.keys.label_public, str(RELATIONSHIP)) == SECRET
    assert derive_label_secret(CMO.label_private, MAH.keys.label_public, "another") != SECRET


def test_the_secret_is_that_of_rfc_5869_written_out() -> None:
    shared = X25519PrivateKey.from_private_bytes(MAH.label_private).exchange(
        X25519PublicKey.from_public_bytes(CMO.keys.label_public)
    )
    extracted = hmac.digest(str(RELATIONSHIP).encode(), shared, sha256)
    assert hmac.digest(extracted, b"counterfoil/labels/v1\x01", sha256) == SECRET


def test_a_tag_is_keyed_by_its_label_over_the_id_of_the_entry() -> None:
    key = hmac.digest(SECRET, b"batch/B2026-001", sha256)
    tag = hmac.digest(key, uuid(1).encode(), sha256).hex()[:32]
    assert label_key(SECRET, "batch/B2026-001") == key == Labeller(SECRET).key("batch/B2026-001")
    assert tag_of(key, uuid(1)) == tag
    assert Labeller(SECRET).tags(["batch/B2026-001"], uuid(1)) == (tag,)


def test_tags_are_ascending_and_each_stands_once() -> None:
    labels = ["batch/B1", "product/片剂", "line/L1", "batch/B1"]
    tags = Labeller(SECRET).tags(labels, uuid(1))
    assert len(tags) == 3
    assert list(tags) == sorted(tags)
    assert Labeller(SECRET).tags(reversed(labels), uuid(1)) == tags
    assert Labeller(SECRET).tags([], uuid(1)) == ()


def test_tags_of_one_label_differ_from_entry_to_entry() -> None:
    labeller = Labeller(SECRET)
    assert labeller.tags(["batch/B1"], uuid(1)) != labeller.tags(["batch/B1"], uuid(2))


@pytest.mark.parametrize("public", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32, bytes(31)])
def test_no_secret_is_derived_with_a_weak_key(public: bytes) -> None:
    with pytest.raises(KeyRefusedError):
        derive_label_secret(MAH.label_private, public, RELATIONSHIP)
