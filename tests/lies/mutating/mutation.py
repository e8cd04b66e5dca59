"""What a mutation is: honest bytes in, others out, by a seeded chance; None where it does not apply."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.lies.originals import Original

Mutate = Callable[[Random, bytes], bytes | None]
Mutations = Mapping[str, Mutate]

BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")
NUMBER = re.compile(rb"(?<![0-9A-Za-z.+/_-])[0-9]{1,16}(?![0-9A-Za-z.+/=_-])")
SIGNATURE = re.compile("— ([^ \n]+) ([A-Za-z0-9+/]+=*)\n".encode())


@dataclass(frozen=True)
class Mutant:
    """Bytes that were made of honest ones, and how."""

    original: Original
    by: str
    raw: bytes


def replaced(raw: bytes, found: re.Match[bytes], by: bytes) -> bytes:
    """The bytes with what was found replaced."""
    return raw[: found.start()] + by + raw[found.end() :]


def one_of(chance: Random, pattern: re.Pattern[bytes], raw: bytes) -> re.Match[bytes] | None:
    """One of the places where a pattern is found, None without any."""
    found = list(pattern.finditer(raw))
    return chance.choice(found) if found else None


def at_one(pattern: re.Pattern[bytes], change: Callable[[Random, bytes], bytes]) -> Mutate:
    """Change what stands at one of the places where a pattern is found."""

    def mutate(chance: Random, raw: bytes) -> bytes | None:
        found = one_of(chance, pattern, raw)
        return None if found is None else replaced(raw, found, change(chance, found[0]))

    return mutate
