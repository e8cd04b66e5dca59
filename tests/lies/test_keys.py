"""Keys that let anybody sign or agree are refused wherever one is read: the library below would take them."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from events.catalogue.opening import RelationshipOpened
from events.catalogue.registry import decode_body, event_type
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.errors import EntryError, InvitationError, KeyRefusedError
from events.notes.curve25519 import verify_ed25519, why_ed25519_key_is_refused
from events.notes.vkey import VerifierKey
from events.pairing import Invitation, format_label_key, parse_label_key
from infra.keys.ring import SEEDS, KeyRing
from tests.events.golden import edwards
from tests.events.golden.cast import RELATIONSHIP, seed
from tests.lies.mutating.of_proofs import vkey_of
from tests.lies.originals import invitation
from tests.services.exchange.liar import codes, entry_by, send
from tests.services.exchange.world import World

SMALL = [edwards.encode(point) for point in edwards.small_order_points()]
NOT_CANONICAL = [(edwards.P + y).to_bytes(32, "little") for y in (0, 1, 3, 18)] + [
    (1 | 1 << 255).to_bytes(32, "little")
]
WEAK = [*SMALL, *NOT_CANONICAL]
ED25519_PLACES = {"journal": (0, 1, ""), "mirror": (2, 4, "/mirror"), "recovery": (4, 1, "/recovery")}
ORIGIN = RELATIONSHIP.origin(Role.CMO)


def signature_of_anything(public: bytes, message: bytes) -> bytes | None:
    """A signature under a key of small order, made without any private key; found by trying a few."""
    for commitment in SMALL:
        signature = commitment + bytes(32)
        if verify_ed25519(public, signature, message):
            return signature
    return None


def test_the_library_takes_keys_of_small_order_and_signatures_that_anybody_can_make() -> None:
    """So our own check at registration is what keeps them out."""
    Ed25519PublicKey.from_public_bytes(SMALL[0]).verify(SMALL[0] + bytes(32), b"whatever is said")
    found = [signature_of_anything(public, f"order {n}".encode()) for n in range(8) for public in SMALL]

    assert sum(each is not None for each in found) > 8
    assert all(why_ed25519_key_is_refused(public) is not None for public in SMALL)


def test_the_library_takes_keys_that_are_not_written_in_the_one_way() -> None:
    twice = (edwards.P + 1).to_bytes(32, "little")  # the neutral point once more
    Ed25519PublicKey.from_public_bytes(twice).verify(SMALL[0] + bytes(32), b"whatever is said")

    assert why_ed25519_key_is_refused(twice) == "a non-canonical Ed25519 key"


def test_the_library_agrees_on_no_secret_with_a_label_key_of_small_order_and_neither_do_we() -> None:
    private = X25519PrivateKey.from_private_bytes(seed("label"))
    with pytest.raises(ValueError, match=r".*"):
        private.exchange(X25519PublicKey.from_public_bytes(bytes(32)))
    for weak in (
        bytes(32),
        b"\1" + bytes(31),
        (edwards.P - 1).to_bytes(32, "little"),
        edwards.P.to_bytes(32, "little"),
    ):
        with pytest.raises(KeyRefusedError):
            parse_label_key(format_label_key(weak))


@pytest.mark.parametrize("kind", [1, 4])
@pytest.mark.parametrize("public", WEAK, ids=lambda raw: raw.hex()[:16])
def test_a_weak_key_is_no_vkey_of_any_type_that_signs(public: bytes, kind: int) -> None:
    with pytest.raises(KeyRefusedError) as refused:
        VerifierKey.parse(vkey_of("name", kind, public))
    assert refused.value.code == "key.refused"


def weak_invitation(place: str, public: bytes) -> bytes:
    at, kind, suffix = ED25519_PLACES[place]
    fields = json.loads(invitation().dump())
    fields["keys"][at] = vkey_of(ORIGIN + suffix, kind, public)
    return json.dumps(fields).encode()


@pytest.mark.parametrize("place", list(ED25519_PLACES))
@pytest.mark.parametrize("public", WEAK, ids=lambda raw: raw.hex()[:16])
def test_an_invitation_with_a_weak_key_is_not_read(place: str, public: bytes) -> None:
    with pytest.raises(InvitationError, match=r"^invitation.malformed: keys: .*(small order|non-canonical)"):
        Invitation.parse(weak_invitation(place, public))


def test_an_invitation_with_a_weak_label_key_is_not_read() -> None:
    fields = json.loads(invitation().dump()) | {"label_key": format_label_key(bytes(32))}
    with pytest.raises(InvitationError, match=r"^invitation.malformed: label_key: .*small order"):
        Invitation.parse(json.dumps(fields).encode())


def with_weak_key(body: dict[str, object]) -> None:
    body["cmo"]["keys"][4] = vkey_of(f"{ORIGIN}/recovery", 1, SMALL[1])  # type: ignore[index] # the JSON of an entry 0


def with_weak_label_key(body: dict[str, object]) -> None:
    body["cmo"]["label_key"] = format_label_key(bytes(32))  # type: ignore[index] # as above


@pytest.mark.parametrize("weaken", [with_weak_key, with_weak_label_key], ids=lambda way: way.__name__)
def test_an_entry_0_with_a_weak_key_is_refused(world: World, weaken: Callable[[dict[str, object]], None]) -> None:
    type_ = event_type("relationship.opened.v1")
    body = json.loads(world.cmo.entries(Role.CMO)[0].body or b"")
    assert type_ is not None
    assert isinstance(decode_body(type_, body), RelationshipOpened)
    weaken(body)

    with pytest.raises(EntryError, match=r"^entry.schema_invalid: .*small order"):
        decode_body(type_, body)


def test_a_rotation_to_a_weak_key_is_refused(world: World) -> None:
    subject = "journal/019aa9c4-3c1b-7000-8000-000000000001"
    rotations = [
        entry_by(
            world.cmo,
            "key.rotated.v1",
            subject,
            {"keys": [vkey_of(ORIGIN, 1, public)], "mirror_from": 0},
            number=number,
            revision=number,
            actor="system/gateway",
        )
        for number, public in enumerate(WEAK, 1)
    ]
    send(world.cmo, *rotations)
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == ["entry.schema_invalid"] * len(WEAK)


def test_a_key_ring_does_not_take_a_weak_recovery_key() -> None:
    seeds = {name: sha256(name.encode()).digest() for name in SEEDS}
    with pytest.raises(KeyRefusedError):
        KeyRing(ORIGIN, seeds, VerifierKey.parse(vkey_of(f"{ORIGIN}/recovery", 1, SMALL[0])))


def test_a_key_id_of_another_key_or_type_is_refused() -> None:
    good = VerifierKey.parse(vkey_of("name", 1, edwards.encode(edwards.BASE)))
    other = VerifierKey.parse(vkey_of("name", 4, edwards.encode(edwards.BASE)))
    assert good.key_id != other.key_id
    for text in (str(good).replace(good.key_id.hex(), other.key_id.hex()), f"x{good}", str(good).upper()):
        with pytest.raises(KeyRefusedError):
            VerifierKey.parse(text)
    assert encode_base64(good.public) not in str(other)
