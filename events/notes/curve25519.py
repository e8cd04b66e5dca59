"""Which public keys of Curve25519 are refused when they are registered: those that let anybody sign or agree."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PUBLIC_KEY_BYTES = 32

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)


@lru_cache(maxsize=256)
def why_ed25519_key_is_refused(public: bytes) -> str | None:
    """Return the reason to refuse an Ed25519 public key, None if there is none."""
    if len(public) != PUBLIC_KEY_BYTES:
        return f"an Ed25519 key has {PUBLIC_KEY_BYTES} bytes, not {len(public)}"
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    if y >= _P:
        return "a non-canonical Ed25519 key"
    x = _x_of(y)
    if x is None:
        return "an Ed25519 key that is no point of the curve"
    if x == 0 and public[31] & 0x80:
        return "a non-canonical Ed25519 key"
    return "an Ed25519 key of small order" if _has_small_order(x, y) else None


def why_x25519_key_is_refused(public: bytes) -> str | None:
    """Return the reason to refuse an X25519 public key, None if there is none."""
    if len(public) != PUBLIC_KEY_BYTES:
        return f"an X25519 key has {PUBLIC_KEY_BYTES} bytes, not {len(public)}"
    u = int.from_bytes(public, "little")
    if u >= _P:
        return "a non-canonical X25519 key"
    return "an X25519 key of small order" if u in _SMALL_ORDER_U else None


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature is valid, without cofactor and with S below the group order, as OpenSSL checks it.

    The key is one that `why_ed25519_key_is_refused` let pass.
    """
    try:
        _public_key(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def _public_key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def _x_of(y: int) -> int | None:
    """Return one of the two x of a point, None if there is no point with this y (RFC 8032, 5.1.3)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    root = pow(square, (_P + 3) // 8, _P)
    for candidate in (root, root * _SQRT_MINUS_ONE % _P):
        if candidate * candidate % _P == square:
            return candidate
    return None


def _has_small_order(x: int, y: int) -> bool:
    """Tell whether eight times the point is the neutral element."""
    for _ in range(3):
        x, y = _doubled(x, y)
    return (x, y) == (0, 1)


def _doubled(x: int, y: int) -> tuple[int, int]:
    product = _D * x * x * y * y % _P
    return (
        2 * x * y * pow(1 + product, -1, _P) % _P,
        (y * y + x * x) * pow(1 - product, -1, _P) % _P,
    )


# u of the points of order 1, 2, 4 and 8 on the curve and on its twist (RFC 7748, 6.1 asks to check for them).
_SMALL_ORDER_U = frozenset(
    {
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    }
)
