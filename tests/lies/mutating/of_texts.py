"""Second ways to write one value: base64 that a lenient reader takes, numbers in other forms or of another size."""

from random import Random

from tests.lies.mutating.mutation import BASE64, NUMBER, Mutations, at_one

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def spare_bits(chance: Random, text: bytes) -> bytes:
    """Bits that decoding throws away."""
    padding = text.count(b"=")
    if not padding:
        return text[:-1]  # no padding, no spare bits: an incomplete quantum instead
    at = len(text) - padding - 1
    value = _ALPHABET.index(text[at]) ^ chance.randrange(1, 4 if padding == 1 else 16)
    return text[:at] + _ALPHABET[value : value + 1] + text[at + 1 :]


def padding_changed(chance: Random, text: bytes) -> bytes:
    bare = text.rstrip(b"=")
    return chance.choice((bare, bare + b"===", text + b"=", bare + b"%3D", b"=" + text))


def url_alphabet(chance: Random, text: bytes) -> bytes:
    if b"+" in text or b"/" in text:
        return text.replace(b"+", b"-").replace(b"/", b"_")
    at = chance.randrange(len(text))
    return text[:at] + chance.choice((b"-", b"_")) + text[at + 1 :]


def white_space(chance: Random, text: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice((b"\n", b" ", b"\t", b"\r\n", b"\x0b")) + text[at:]


def joined(chance: Random, text: bytes) -> bytes:
    """Two encodings put together: padding in the middle."""
    return chance.choice((text + text, text + b"AAAA", b"AAAA" + text, text[:-4] + b"==" + text[-4:]))


def shorter_value(chance: Random, text: bytes) -> bytes:
    return text[4 * chance.randrange(1, max(2, len(text) // 4)) :]


def number_in_another_form(chance: Random, text: bytes) -> bytes:
    forms = (b"0" + text, b"+" + text, b"-" + text, text + b".0", text + b"e0", b" " + text, text + b" ", b"0x" + text)
    wide = "".join(chr(0xFF10 + int(digit)) for digit in text.decode()).encode()
    return chance.choice((*forms, wide, b"00", b"", b"1_0", b"NaN"))


def number_of_another_size(chance: Random, text: bytes) -> bytes:
    value = int(text)
    near = (value + 1, value - 1, value * 2, value ^ 1)
    far = (0, 1, 2**31, 2**32, 2**53 - 1, 2**53, 2**63 - 1, 2**63, 2**64, 10**15, 10**16, 10**40)
    return b"%d" % chance.choice((*near, *far))


MUTATIONS: Mutations = {
    "base64 with spare bits": at_one(BASE64, spare_bits),
    "base64 padded otherwise": at_one(BASE64, padding_changed),
    "base64 of another alphabet": at_one(BASE64, url_alphabet),
    "base64 with white space": at_one(BASE64, white_space),
    "base64 joined": at_one(BASE64, joined),
    "base64 of fewer bytes": at_one(BASE64, shorter_value),
    "number in another form": at_one(NUMBER, number_in_another_form),
    "number of another size": at_one(NUMBER, number_of_another_size),
}
