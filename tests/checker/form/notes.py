"""Notes, keys and checkpoints (formats.md 1 and 3; C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from tests.checker.form.canonical import FormError

SIGNS_NOTES = 0x01
COSIGNS = 0x04
SEALS = 0x06

_PRIME = 2**255 - 19
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_SMALL_ORDER = frozenset(  # y of the points of order 1, 2, 4 and 8
    {
        0,
        1,
        _PRIME - 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    }
)


@dataclass(frozen=True, slots=True)
class Vkey:
    """A public key with its name and signature type."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that a signature line begins with."""
        return _key_id(self)

    @classmethod
    def parse(cls, text: str) -> "Vkey":
        """Read `<name>+<key id>+<base64>`.

        Raises:
            FormError: another form, the key id of another key, or an Ed25519 key that lets anybody sign.
        """
        parts = text.split("+", 2)
        raw = decode_base64(parts[2]) if len(parts) == 3 else b""
        if not raw or _NAME.fullmatch(parts[0]) is None:
            raise FormError("no vkey")
        key = cls(parts[0], raw[0], raw[1:])
        if key.key_id.hex() != parts[1]:
            raise FormError(f"{key.name}: the key id is that of another key")
        if key.kind in (SIGNS_NOTES, COSIGNS):
            _check_point(key)
        return key


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Whose signature it claims to be, and its bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signature lines under it, nothing of it believed yet."""

    text: bytes
    signatures: tuple[SignatureLine, ...]

    @property
    def lines(self) -> list[str]:
        """Return the lines of the text."""
        return self.text.decode().split("\n")[:-1]

    def is_signed_by(self, key: Vkey) -> bool:
        """Tell whether a key signed or cosigned the text: one line is its own, and each such line is valid."""
        own = self.lines_of(key)
        return bool(own) and all(_is_valid(key, line.signature, self.text) for line in own)

    def lines_of(self, key: Vkey) -> list[SignatureLine]:
        """Return the lines that claim to be of a key."""
        return [line for line in self.signatures if (line.name, line.key_id) == (key.name, key.key_id)]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a journal is at a size."""

    origin: str
    size: int
    root: bytes


@cache  # the same note lies in both stores and on the wire; `run` forgets
def parse_note(raw: bytes) -> Note:
    """Read a note.

    Raises:
        FormError: it is none.
    """
    text, gap, tail = raw.rpartition(b"\n\n")
    if not gap or not tail.endswith(b"\n") or _CONTROL.search(raw):
        raise FormError("no note: a text, an empty line, signature lines")
    try:
        lines = tail.decode().split("\n")[:-1]
        text.decode()
    except UnicodeDecodeError as error:
        raise FormError("a note is UTF-8") from error
    return Note(text + b"\n", tuple(map(_signature_line, lines)))


def parse_checkpoint(note: Note) -> Checkpoint:
    """Read the text of a note as a checkpoint without extension lines.

    Raises:
        FormError: it is none.
    """
    if len(note.lines) != 3:
        raise FormError("a checkpoint is three lines: origin, size, root")
    origin, size, root = note.lines
    return Checkpoint(origin, parse_decimal(size), parse_hash(root))


def parse_decimal(text: str) -> int:
    """Read a number without leading zeros.

    Raises:
        FormError: another form.
    """
    if _DECIMAL.fullmatch(text) is None:
        raise FormError("a number is decimal without leading zeros")
    return int(text)


def parse_hash(text: str) -> bytes:
    """Read the base64 of 32 bytes.

    Raises:
        FormError: another form or length.
    """
    raw = decode_base64(text)
    if len(raw) != 32:
        raise FormError("a hash has 32 bytes")
    return raw


def decode_base64(text: str) -> bytes:
    """Read base64 that re-encodes to itself.

    Raises:
        FormError: anything else.
    """
    try:
        raw = b64decode(text, validate=True)
    except ValueError as error:
        raise FormError("no base64") from error
    if b64encode(raw).decode() != text:
        raise FormError("the base64 does not re-encode to itself")
    return raw


def fingerprint(keys: list[str]) -> str:
    """Return what two people compare by telephone, of all vkeys and label keys of both parties (formats.md 8)."""
    digits = sha256(b"".join(sorted(key.encode() + b"\n" for key in keys))).hexdigest()
    return " ".join(digits[place : place + 4] for place in range(0, 48, 4))


def _signature_line(line: str) -> SignatureLine:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or _NAME.fullmatch(parts[1]) is None:
        raise FormError("a signature line is — <name> <base64>")
    raw = decode_base64(parts[2])
    if len(raw) < 5:
        raise FormError("a signature is longer than its key id")
    return SignatureLine(parts[1], raw[:4], raw[4:])


def _check_point(key: Vkey) -> None:
    y = int.from_bytes(key.public, "little") & (1 << 255) - 1
    if len(key.public) != 32 or y >= _PRIME or y in _SMALL_ORDER:
        raise FormError(f"{key.name}: an Ed25519 key that is not canonical or of small order")


def _is_valid(key: Vkey, signature: bytes, text: bytes) -> bool:
    if key.kind == SIGNS_NOTES:
        return verify(key.public, signature, text)
    if key.kind == SEALS:
        return _is_sealed(key, signature, text)
    if key.kind != COSIGNS or len(signature) != 72:
        return False
    stamped = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big")
    return verify(key.public, signature[8:], stamped + text)


@cache
def _is_sealed(key: Vkey, signature: bytes, text: bytes) -> bool:
    """Tell whether ML-DSA-44 signed the structure of C2SP tlog-cosignature about a checkpoint."""
    if len(signature) != 8 + 2420:
        return False
    origin, size, root = text.decode().split("\n")[:3]
    name, about = (bytes([len(raw)]) + raw for raw in (key.name.encode(), origin.encode()))
    numbers = (0).to_bytes(8, "big") + parse_decimal(size).to_bytes(8, "big")
    message = b"subtree/v1\n\0" + name + signature[:8] + about + numbers + parse_hash(root)
    try:
        MLDSA44PublicKey.from_public_bytes(key.public).verify(signature[8:], message)
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def _key_id(key: Vkey) -> bytes:
    return sha256(key.name.encode() + b"\n" + bytes([key.kind]) + key.public).digest()[:4]


@cache
def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether an Ed25519 signature is valid."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
