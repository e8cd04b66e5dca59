"""What a person confirms signatures with: a password, kept as its scrypt hash, and one-time codes (RFC 6238)."""

import base64
import hmac
from threading import BoundedSemaphore
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 256
CODE_DIGITS = 6
STEP_SECONDS = 30
CODE_SECRET_BYTES = 20  # RFC 4226: as long as the hash

_SALT_BYTES, _HASH_BYTES = 16, 32
_N, _R, _P = 2**14, 8, 1  # 16 MiB for each guess
_AT_ONCE = BoundedSemaphore(4)  # so that many guesses at once take no more than 64 MiB


def hashed_password(password: str, salt: bytes) -> bytes:
    """Return what is kept of a password: 16 bytes of salt, 32 of scrypt."""
    with _AT_ONCE:
        return salt + Scrypt(salt=salt, length=_HASH_BYTES, n=_N, r=_R, p=_P).derive(password.encode())


def is_password(password: str, kept: bytes) -> bool:
    """Tell whether a password is the one that is kept; it takes as long where none is kept."""
    salt = kept[:_SALT_BYTES].ljust(_SALT_BYTES, b"\0")
    return hmac.compare_digest(hashed_password(password, salt), kept.ljust(_SALT_BYTES + _HASH_BYTES, b"\0"))


def step_of_code(code: str, secret: bytes, at: float) -> int | None:
    """Return the step of time that a one-time code is of: that of this moment or a neighbour; None: of none.

    `at` is in seconds since 1970.
    """
    totp = TOTP(secret, CODE_DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - RFC 6238's own hash, under HMAC
    now = int(at) // STEP_SECONDS
    found = None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.generate(step * STEP_SECONDS), code.encode()):
            found = step
    return found


def code_at(secret: bytes, at: float) -> str:
    """Return the one-time code of a moment, as an authenticator shows it."""
    return TOTP(secret, CODE_DIGITS, SHA1(), STEP_SECONDS).generate(int(at)).decode()  # noqa: S303 - as above


def address_of(secret: bytes, person: str, issuer: str) -> str:
    """Return the address (otpauth) that an authenticator takes in, as text or as a picture."""
    encoded = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{quote(issuer)}:{quote(person)}?secret={encoded}&issuer={quote(issuer)}"
