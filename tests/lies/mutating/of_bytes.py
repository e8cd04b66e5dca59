"""What may happen to any bytes: bits, bytes, ranges, ends, lines, line ends, characters."""

from random import Random

from tests.lies.mutating.mutation import Mutations

_TAILS = (b"\0", b"\n", b" ", b"\r\n", b"x", b"\n\n", b"\xff", "— a AAAAAAA=\n".encode())
_STRANGE = (
    "\u2028",
    "\u00a0",
    "\ufeff",
    "\u200b",
    "\u0430",
    "\u0301",
    "\uff11",
    "\u00ad",
)  # separators, marks, look-alikes
_BROKEN = (b"\xc0\xaf", b"\xed\xa0\x80", b"\xff", b"\xf5\x80\x80\x80", b"\xc3")


def _place(chance: Random, raw: bytes) -> int:
    return chance.randrange(len(raw)) if raw else 0


def _range(chance: Random, raw: bytes) -> tuple[int, int]:
    start = _place(chance, raw)
    return start, min(len(raw), start + chance.choice((1, 2, 3, 8, 32, 64, 300)))


def bit_flipped(chance: Random, raw: bytes) -> bytes:
    made = bytearray(raw)
    made[_place(chance, raw)] ^= 1 << chance.randrange(8)
    return bytes(made)


def byte_changed(chance: Random, raw: bytes) -> bytes:
    made = bytearray(raw)
    made[_place(chance, raw)] = chance.choice((0, 9, 10, 13, 32, 43, 45, 61, 127, 255, chance.randrange(256)))
    return bytes(made)


def byte_inserted(chance: Random, raw: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + bytes([chance.choice((0, 9, 10, 13, 32, 48, 61, chance.randrange(256)))]) + raw[at:]


def byte_removed(chance: Random, raw: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + raw[at + 1 :]


def cut_short(chance: Random, raw: bytes) -> bytes:
    return raw[: _place(chance, raw)]


def tail_added(chance: Random, raw: bytes) -> bytes:
    return raw + chance.choice((*_TAILS, raw, raw[_place(chance, raw) :]))


def front_added(chance: Random, raw: bytes) -> bytes:
    return chance.choice((b"\n", b" ", b"\0", b"\xef\xbb\xbf", b"0", b"\r\n")) + raw


def range_doubled(chance: Random, raw: bytes) -> bytes:
    start, end = _range(chance, raw)
    return raw[:end] + raw[start:end] + raw[end:]


def range_removed(chance: Random, raw: bytes) -> bytes:
    start, end = _range(chance, raw)
    return raw[:start] + raw[end:]


def ranges_swapped(chance: Random, raw: bytes) -> bytes:
    a, b, c, d = sorted((*_range(chance, raw), *_range(chance, raw)))
    return raw[:a] + raw[c:d] + raw[b:c] + raw[a:b] + raw[d:]


def range_turned_round(chance: Random, raw: bytes) -> bytes:
    start, end = _range(chance, raw)
    return raw[:start] + raw[start:end][::-1] + raw[end:]


def lines_swapped(chance: Random, raw: bytes) -> bytes | None:
    lines = raw.split(b"\n")
    if len(lines) < 3:
        return None
    a, b = chance.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def line_dropped(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def line_doubled(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    return b"\n".join((*lines[: at + 1], *lines[at:]))


def line_moved_to_the_end(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    return b"\n".join((*lines, lines.pop(chance.randrange(len(lines)))))


def carriage_returns(chance: Random, raw: bytes) -> bytes:
    if chance.random() < 0.3:
        return raw.replace(b"\n", b"\r\n")
    lines = raw.split(b"\n")
    lines[chance.randrange(len(lines))] += b"\r"
    return b"\n".join(lines)


def empty_line(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    lines.insert(chance.randrange(len(lines) + 1), b"")
    return b"\n".join(lines)


def strange_character(chance: Random, raw: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + chance.choice(_STRANGE).encode() + raw[at:]


def broken_utf8(chance: Random, raw: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + chance.choice(_BROKEN) + raw[at:]


def case_changed(chance: Random, raw: bytes) -> bytes | None:
    letters = [at for at, byte in enumerate(raw) if bytes([byte]).isalpha()]
    if not letters:
        return None
    made = bytearray(raw)
    made[chance.choice(letters)] ^= 0x20
    return bytes(made)


def space_changed(chance: Random, raw: bytes) -> bytes | None:
    spaces = [at for at, byte in enumerate(raw) if byte in b" \t"]
    if not spaces:
        return None
    at = chance.choice(spaces)
    return raw[:at] + chance.choice((b"", b"  ", b"\t", b" \t", b"\xc2\xa0", b"\n")) + raw[at + 1 :]


MUTATIONS: Mutations = {
    "bit flipped": bit_flipped,
    "byte changed": byte_changed,
    "byte inserted": byte_inserted,
    "byte removed": byte_removed,
    "cut short": cut_short,
    "tail added": tail_added,
    "front added": front_added,
    "range doubled": range_doubled,
    "range removed": range_removed,
    "ranges swapped": ranges_swapped,
    "range turned round": range_turned_round,
    "lines swapped": lines_swapped,
    "line dropped": line_dropped,
    "line doubled": line_doubled,
    "line moved to the end": line_moved_to_the_end,
    "carriage returns": carriage_returns,
    "empty line": empty_line,
    "strange character": strange_character,
    "broken UTF-8": broken_utf8,
    "case changed": case_changed,
    "space changed": space_changed,
}
