"""Base64 that re-encodes to itself: the standard alphabet, padded, no spare bits, no white space."""

import binascii


def encode_base64(raw: bytes) -> str:
    """Write bytes as standard base64."""
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Read the one base64 form of some bytes.

    Raises:
        ValueError: anything else, also what a lenient reader would understand.
    """
    raw = binascii.a2b_base64(text, strict_mode=True)  # binascii.Error is a ValueError
    if encode_base64(raw) != text:
        raise ValueError("the base64 does not re-encode to itself")
    return raw
