"""Verifier keys as they travel: C2SP vkeys, `<name>+<key id>+<base64(type byte, public key)>`."""

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Self

from events.encoding.base64 import decode_base64, encode_base64
from events.errors import KeyRefusedError
from events.notes.curve25519 import why_ed25519_key_is_refused

ML_DSA_44_PUBLIC_BYTES = 1312
MAX_NAME_BYTES = 255  # what a cosigned message of type 6 can name


class SignatureType(IntEnum):
    """What a key signs, by C2SP's number: notes, cosigned checkpoints, cosigned checkpoints after quantum computers."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    ML_DSA_44 = 0x06


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name and the one signature type that it is used for.

    Raises:
        KeyRefusedError: a name that no note can carry, a wrong length, a small-order or non-canonical Ed25519 key.
    """

    name: str
    type: SignatureType
    public: bytes = field(repr=False)
    key_id: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if self.type is SignatureType.ML_DSA_44:
            reason = None if len(self.public) == ML_DSA_44_PUBLIC_BYTES else "an ML-DSA-44 key has 1312 bytes"
        else:
            reason = why_ed25519_key_is_refused(self.public)
        if reason is not None:
            raise KeyRefusedError(f"{self.name}: {reason}")
        object.__setattr__(self, "key_id", _key_id(self.name, self.type, self.public))

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.type]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a vkey.

        Raises:
            KeyRefusedError: another form, a key id of another key, an unknown type, or a key that may not be used.
        """
        parts = text.split("+", 2)
        if len(parts) != 3:  # noqa: PLR2004 - name, key id, key
            raise KeyRefusedError("a vkey is written <name>+<key id>+<base64>")
        name, key_id, encoded = parts
        try:
            raw = decode_base64(encoded)
            signature_type = SignatureType(raw[0])
        except (ValueError, IndexError) as error:
            raise KeyRefusedError(f"{name[:MAX_NAME_BYTES]}: no key in base64, or of unknown type") from error
        key = cls(name, signature_type, raw[1:])
        if key.key_id.hex() != key_id:
            raise KeyRefusedError(f"{name}: the key id is not that of the key")
        return key


def check_key_name(name: str) -> None:
    """Refuse a key name that a signature line cannot carry.

    Raises:
        KeyRefusedError: empty, too long, or with a space, a plus sign or a control character.
    """
    if not name or any(character.isspace() or character < " " or character == "+" for character in name):
        raise KeyRefusedError("a key name is not empty and holds no space, plus sign or control character")
    try:
        length = len(name.encode())
    except UnicodeEncodeError as error:
        raise KeyRefusedError("a key name is UTF-8") from error
    if length > MAX_NAME_BYTES:
        raise KeyRefusedError(f"a key name has at most {MAX_NAME_BYTES} bytes")


def _key_id(name: str, signature_type: SignatureType, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([signature_type]) + public).digest()[:4]
