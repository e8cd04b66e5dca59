"""The two parties of the samples: fixed keys, made of nothing but their names."""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from events.encoding.entry import Entry, make_entry
from events.encoding.identifiers import Relationship, Role, uscc_check_character, uuid7
from events.notes.signers import Cosigner, NoteSigner, SealSigner
from events.pairing import PartyKeys, format_label_key

RELATIONSHIP = Relationship(*(code + uscc_check_character(code) for code in ("91310115MA1H7XY23", "91320594MA1X8YY4P")))
MILLISECONDS = 1795339844123  # 2026-11-22T09:30:44.123Z
POSIX_TIME = MILLISECONDS // 1000


@dataclass(frozen=True)
class Party:
    """One side with all its private keys."""

    role: Role
    origin: str
    journal: NoteSigner
    journal_seal: SealSigner
    mirror: Cosigner
    mirror_seal: SealSigner
    recovery: NoteSigner
    label_private: bytes

    @property
    def keys(self) -> PartyKeys:
        return PartyKeys(
            self.journal.vkey,
            self.journal_seal.vkey,
            self.mirror.vkey,
            self.mirror_seal.vkey,
            self.recovery.vkey,
            format_label_key(X25519PrivateKey.from_private_bytes(self.label_private).public_key().public_bytes_raw()),
        )


def seed(text: str) -> bytes:
    return sha256(b"counterfoil sample " + text.encode()).digest()


def private_key(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed(text))


def party(role: Role, generation: int = 1) -> Party:
    origin = RELATIONSHIP.origin(role, generation)
    return Party(
        role,
        origin,
        NoteSigner(private_key(f"{role} journal"), origin),
        SealSigner(seed(f"{role} journal seal"), origin),
        Cosigner(private_key(f"{role} mirror"), origin + "/mirror"),
        SealSigner(seed(f"{role} mirror seal"), origin + "/mirror"),
        NoteSigner(private_key(f"{role} recovery"), origin + "/recovery"),
        seed(f"{role} label"),
    )


MAH = party(Role.MAH)
CMO = party(Role.CMO)


def uuid(number: int) -> str:
    return uuid7(MILLISECONDS + number, seed(f"uuid {number}")[:10])


def entry(number: int, **changes: object) -> Entry:
    """A well-formed entry of the contract manufacturer; the same for the same number."""
    fields: dict[str, object] = {
        "id": uuid(number),
        "source": f"urn:uscc:{RELATIONSHIP.cmo}",
        "type": "deviation.opened.v1",
        "subject": f"deviation/{uuid(1000 + number)}",
        "revision": 1,
        "relationship": str(RELATIONSHIP),
        "seen": 2,
        "actor": "person/li.na",
        "time": f"2026-11-22T09:30:44.{number:06d}Z",
        "body": {
            "title": f"压片机转速超出范围 {number}",
            "detected_at": "2026-11-22",
            "batches": [f"B2026-{number:03d}"],
        },
        "salt": seed(f"salt {number}").hex()[:32],
    }
    return make_entry(**{**fields, **changes})  # type: ignore[arg-type] # a test changes any field
