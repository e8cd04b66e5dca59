"""Ed25519 by hand, slow and open, to make signatures and keys that a strict reader must refuse."""

from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int]
BASE: Point = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
NEUTRAL: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    (a, b), (c, d) = one, other
    product = D * a * b * c * d % P
    return ((a * d + b * c) * pow(1 + product, -1, P) % P, (b * d + a * c) * pow(1 - product, -1, P) % P)


def times(scalar: int, point: Point) -> Point:
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def challenge(commitment: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(commitment + public + message).digest(), "little") % L


def secret_scalar(seed: bytes) -> int:
    digits = bytearray(sha512(seed).digest()[:32])
    digits[0] &= 248
    digits[31] = digits[31] & 127 | 64
    return int.from_bytes(digits, "little")


def sign_with_torsion(seed: bytes, message: bytes, torsion: Point) -> bytes:
    """A signature whose commitment has a part of small order: valid only for verifiers that clear the cofactor."""
    scalar, nonce = secret_scalar(seed), int.from_bytes(sha512(seed + message).digest(), "little") % L
    public = encode(times(scalar, BASE))
    commitment = encode(add(times(nonce, BASE), torsion))
    response = (nonce + challenge(commitment, public, message) * scalar) % L
    return commitment + response.to_bytes(32, "little")


def is_valid_with_cofactor(public: Point, commitment: Point, response: int, message: bytes) -> bool:
    hashed = challenge(encode(commitment), encode(public), message)
    left = times(8 * response, BASE)
    return left == add(times(8, commitment), times(8 * hashed, public))


def malleate(signature: bytes) -> bytes:
    """The same signature with the group order added to S, as far as 32 bytes hold it."""
    return signature[:32] + ((int.from_bytes(signature[32:], "little") + L) % 2**256).to_bytes(32, "little")


def small_order_points() -> list[Point]:
    """The eight points of order 1, 2, 4 and 8: multiples of L times a point outside the prime-order group."""
    for y in range(2, 100):
        square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
        root = pow(square, (P + 3) // 8, P)
        x = root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P
        if x * x % P != square:
            continue
        eighth = times(L, (x, y))
        if times(4, eighth) != NEUTRAL:
            return [times(multiple, eighth) for multiple in range(8)]
    raise ValueError("no point of order eight found")
