"""A verifier key has one written form, and weak keys are refused when they are registered."""

from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from events.errors import KeyRefusedError
from events.notes.curve25519 import why_ed25519_key_is_refused, why_x25519_key_is_refused
from events.notes.vkey import SignatureType, VerifierKey
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH

SMALL_ORDER = edwards.small_order_points()


def vkey_text(name: str, kind: int, public: bytes) -> str:
    raw = bytes([kind]) + public
    key_id = sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
    return f"{name}+{key_id}+{b64encode(raw).decode()}"


@given(st.binary(min_size=32, max_size=32), st.sampled_from([SignatureType.ED25519, SignatureType.COSIGNATURE]))
def test_the_public_key_of_any_private_key_is_written_and_read_back(seed: bytes, kind: SignatureType) -> None:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    key = VerifierKey("示例/journal", kind, public)
    assert VerifierKey.parse(str(key)) == key
    assert str(key) == vkey_text("示例/journal", kind, public)


def test_a_published_vkey_of_another_implementation_is_read() -> None:
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert (key.name, key.type, key.key_id.hex()) == ("PeterNeumann", SignatureType.ED25519, "c74f20a3")


def test_a_seal_key_is_of_1312_bytes() -> None:
    seal = MAH.journal_seal.vkey
    assert VerifierKey.parse(str(seal)) == seal
    with pytest.raises(KeyRefusedError, match="1312"):
        VerifierKey("a", SignatureType.ML_DSA_44, seal.public[:-1])


def test_there_are_eight_points_of_small_order() -> None:
    assert len(set(SMALL_ORDER)) == 8


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(point: edwards.Point) -> None:
    assert why_ed25519_key_is_refused(edwards.encode(point)) == "an Ed25519 key of small order"


@pytest.mark.parametrize("y", range(19))
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_a_key_whose_y_is_not_reduced_is_refused(y: int, sign: int) -> None:
    assert why_ed25519_key_is_refused((y + edwards.P | sign).to_bytes(32, "little")) == "a non-canonical Ed25519 key"


@pytest.mark.parametrize("y", [1, edwards.P - 1])
def test_a_key_with_a_sign_on_x_of_zero_is_refused(y: int) -> None:
    assert why_ed25519_key_is_refused((y | 1 << 255).to_bytes(32, "little")) == "a non-canonical Ed25519 key"


def test_a_key_that_is_no_point_is_refused() -> None:
    assert why_ed25519_key_is_refused((2).to_bytes(32, "little")) == "an Ed25519 key that is no point of the curve"


@given(st.binary(min_size=32, max_size=32))
def test_looking_at_any_32_bytes_ends_in_an_answer(public: bytes) -> None:
    reason = why_ed25519_key_is_refused(public)
    assert reason is None or "Ed25519" in reason


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_label_key_of_small_order_is_refused(point: edwards.Point) -> None:
    y = point[1]
    u = (1 + y) * pow(1 - y, -1, edwards.P) % edwards.P if y != 1 else 0
    assert why_x25519_key_is_refused(u.to_bytes(32, "little")) == "an X25519 key of small order"


@pytest.mark.parametrize("u", [edwards.P, edwards.P + 9, 9 | 1 << 255])
def test_a_label_key_in_a_second_encoding_is_refused(u: int) -> None:
    assert why_x25519_key_is_refused(u.to_bytes(32, "little")) == "a non-canonical X25519 key"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+",
        "name+00000000+!!!!",
        vkey_text("", 1, CMO.journal.vkey.public),
        vkey_text("a b", 1, CMO.journal.vkey.public),
        vkey_text("a\u3000b", 1, CMO.journal.vkey.public),
        vkey_text("a\nb", 1, CMO.journal.vkey.public),
        vkey_text("n" * 256, 1, CMO.journal.vkey.public),
        vkey_text("name", 2, CMO.journal.vkey.public),
        vkey_text("name", 0xFF, CMO.journal.vkey.public),
        vkey_text("name", 1, CMO.journal.vkey.public + b"\0"),
        vkey_text("name", 1, CMO.journal.vkey.public[:-1]),
        vkey_text("name", 4, bytes(32)),
        str(CMO.journal.vkey).replace("/cmo+", "/mah+"),
        str(CMO.journal.vkey) + "\n",
        str(CMO.journal.vkey) + "=",
        vkey_text("name", 1, CMO.journal.vkey.public).replace("name+", "name+0"),
        "\ud800" + str(CMO.journal.vkey),
    ],
)
def test_a_vkey_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(KeyRefusedError) as refused:
        VerifierKey.parse(text)
    assert refused.value.code == "key.refused"


def test_a_key_id_in_capitals_is_refused() -> None:
    name, key_id, encoded = str(CMO.mirror.vkey).split("+", 2)
    assert key_id != key_id.upper()
    with pytest.raises(KeyRefusedError, match="key id"):
        VerifierKey.parse(f"{name}+{key_id.upper()}+{encoded}")
