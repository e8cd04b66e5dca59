"""One secret object in one file: JSON outside, AES-256-GCM inside, under a key that scrypt makes of a passphrase.

What stands outside (format, purpose, parameters) is authenticated with the content, so that no file can be put in the
place of another and no parameter weakened. A checksum over all of it tells a damaged file from a wrong passphrase.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from events.encoding.base64 import decode_base64, encode_base64
from infra.keys.errors import KeysDamagedError, PassphraseError

FORMAT = "counterfoil/sealed/v1"

_SALT_BYTES = 16
_NONCE_BYTES = 12
_KEY_BYTES = 32
_OUTSIDE = ("format", "purpose", "kdf", "n", "r", "p", "salt", "cipher", "nonce")
_MAX_N, _MAX_R, _MAX_P = 2**17, 16, 8  # 256 MiB: more is asked for by no file of ours

Chance = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class ScryptCost:
    """How dear each guess of a passphrase is: `n` x `r` x 128 bytes of memory, `p` times over."""

    n: int = 2**15
    r: int = 8
    p: int = 3


def seal(
    secret: dict[str, Any], purpose: str, passphrase: bytes, cost: ScryptCost, chance: Chance = os.urandom
) -> bytes:
    """Return the bytes of a file that holds an object of texts and lists.

    Raises:
        PassphraseError: the passphrase is empty.
    """
    salt, nonce = chance(_SALT_BYTES), chance(_NONCE_BYTES)
    outside = {
        "format": FORMAT,
        "purpose": purpose,
        "kdf": "scrypt",
        "n": cost.n,
        "r": cost.r,
        "p": cost.p,
        "salt": encode_base64(salt),
        "cipher": "aes-256-gcm",
        "nonce": encode_base64(nonce),
    }
    cipher = AESGCM(_derive(passphrase, salt, cost))
    sealed = cipher.encrypt(nonce, orjson.dumps(secret), orjson.dumps(outside))
    whole = {**outside, "sealed": encode_base64(sealed), "checksum": _checksum(outside, sealed)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def unseal(raw: bytes, purpose: str, passphrase: bytes, name: str) -> dict[str, Any]:
    """Return the object that a file holds; `name` names the file in errors.

    Raises:
        KeysDamagedError: the file has another form or purpose, or is not as it was written.
        PassphraseError: the passphrase is not the file's.
    """
    try:
        outside, cost, salt, nonce, sealed = _read_outside(raw, purpose)
    except (ValueError, KeyError, TypeError) as failure:
        detail = f"{name} is damaged or no file of {purpose}; try: restore it from a backup"
        raise KeysDamagedError(detail) from failure
    try:
        opened = AESGCM(_derive(passphrase, salt, cost)).decrypt(nonce, sealed, orjson.dumps(outside))
        secret = orjson.loads(opened)
    except (InvalidTag, ValueError) as failure:
        raise PassphraseError(
            f"the passphrase does not open {name}; try: the passphrase that the keys were made with"
        ) from failure
    if type(secret) is not dict:
        raise KeysDamagedError(f"{name} holds no keys; try: restore it from a backup")
    return secret


def _read_outside(raw: bytes, purpose: str) -> tuple[dict[str, Any], ScryptCost, bytes, bytes, bytes]:
    fields = orjson.loads(raw)
    if type(fields) is not dict or fields.keys() != {*_OUTSIDE, "sealed", "checksum"}:
        raise ValueError("other fields")
    outside = {key: fields[key] for key in _OUTSIDE}
    if (outside["format"], outside["purpose"]) != (FORMAT, purpose):
        raise ValueError("another format or purpose")
    if (outside["kdf"], outside["cipher"]) != ("scrypt", "aes-256-gcm"):
        raise ValueError("unknown ways to encrypt")
    salt, nonce = decode_base64(outside["salt"]), decode_base64(outside["nonce"])
    if (len(salt), len(nonce)) != (_SALT_BYTES, _NONCE_BYTES):
        raise ValueError("salt or nonce of another length")
    sealed = decode_base64(fields["sealed"])
    if fields["checksum"] != _checksum(outside, sealed):
        raise ValueError("not as it was written")
    return outside, _checked_cost(outside), salt, nonce, sealed


def _checksum(outside: dict[str, Any], sealed: bytes) -> str:
    """Return a digest of what anybody can read; it says nothing about what is inside."""
    return sha256(orjson.dumps(outside) + sealed).hexdigest()


def _checked_cost(outside: dict[str, Any]) -> ScryptCost:
    """Return the cost, bounded before any memory is taken for it."""
    n, r, p = outside["n"], outside["r"], outside["p"]
    if any(type(value) is not int or value < 1 for value in (n, r, p)):
        raise ValueError("a cost is a whole number")
    if n > _MAX_N or r > _MAX_R or p > _MAX_P or n < 2 or n & (n - 1):  # noqa: PLR2004 - a power of two from 2
        raise ValueError("a cost out of bounds")
    return ScryptCost(n, r, p)


def _derive(passphrase: bytes, salt: bytes, cost: ScryptCost) -> bytes:
    if not passphrase:
        raise PassphraseError("the passphrase is empty; try: set COUNTERFOIL_PASSPHRASE_FILE to a file that holds it")
    return Scrypt(salt=salt, length=_KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive(passphrase)
