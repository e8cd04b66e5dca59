"""Names of the trade in their exact forms: parties, relationships, journals, topics, events, subjects, actors."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: digits and capitals without I, O, S, V, Z."""

_USCC_LENGTH = 18
_USCC_VALUES = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(_USCC_LENGTH - 1))

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
UUID = re.compile(_UUID)
"""A UUID in lower case, of any version."""

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""The id of an event: a UUID of version 7 in lower case."""

SUBJECT = re.compile(rf"([a-z][a-z0-9_]*)/({_UUID})")
"""An aggregate: `<kind>/<UUID>`."""

ACTOR = re.compile(r"(person|system)/([^\s/\x00-\x1f\x7f]{1,128})")
"""Who acted: `person/<id>` or `system/<name>`; an id has no space, slash or control character."""

EVENT_TYPE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]{0,5}")
"""The name of an event type with its version: `deviation.opened.v1`."""

_ORIGIN = re.compile(r"counterfoil/([^/]+)/([^/]+)/(mah|cmo)(?:/([1-9][0-9]{0,5}))?")


class Role(StrEnum):
    """Which side of the relationship a party is: marketing authorization holder or contract manufacturer."""

    MAH = "mah"
    CMO = "cmo"

    @property
    def other(self) -> "Role":
        """Return the role of the partner."""
        return Role.CMO if self is Role.MAH else Role.MAH


@lru_cache(maxsize=1024)
def check_uscc(code: str) -> str:
    """Return a unified social credit code as given if its form and check character are right.

    Source: GB 32100-2015, "18 characters, the last the check character" (weights 3^i modulo 31).

    Raises:
        ValueError: the length, a character or the check character is wrong.
    """
    if len(code) != _USCC_LENGTH:
        raise ValueError(f"a unified social credit code has 18 characters, not {len(code)}")
    if any(character not in _USCC_VALUES for character in code):
        raise ValueError("a unified social credit code is of digits and capitals without I, O, S, V, Z")
    if uscc_check_character(code[:-1]) != code[-1]:
        raise ValueError(f"the check character of {code} is wrong")
    return code


def uscc_check_character(first_seventeen: str) -> str:
    """Return the character that completes the first seventeen of a unified social credit code."""
    weighted = (_USCC_VALUES[c] * weight for c, weight in zip(first_seventeen, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-sum(weighted) % 31]


@dataclass(frozen=True, slots=True)
class Relationship:
    """One holder and one contract manufacturer, by their unified social credit codes.

    Raises:
        ValueError: a code is wrong, or both are the same firm.
    """

    mah: str
    cmo: str

    def __post_init__(self) -> None:
        check_uscc(self.mah)
        check_uscc(self.cmo)
        if self.mah == self.cmo:
            raise ValueError("a relationship is between two firms")

    def __str__(self) -> str:
        return f"{self.mah}/{self.cmo}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `<MAH>/<CMO>`.

        Raises:
            ValueError: the text has another form or a wrong code.
        """
        mah, slash, cmo = text.partition("/")
        if not slash:
            raise ValueError("a relationship is written <MAH>/<CMO>")
        return cls(mah, cmo)

    def origin(self, role: Role, generation: int = 1) -> str:
        """Return the origin of the journal that a party writes: `counterfoil/<MAH>/<CMO>/mah`, `.../mah/2`."""
        return f"counterfoil/{self}/{role.value}" + ("" if generation == 1 else f"/{generation}")

    def topic(self, role: Role, generation: int = 1) -> str:
        """Return the topic that a party writes: `counterfoil.<MAH>.<CMO>.mah`, `....mah.2`."""
        return f"counterfoil.{self.mah}.{self.cmo}.{role.value}" + ("" if generation == 1 else f".{generation}")

    def party(self, role: Role) -> str:
        """Return the code of the party in a role."""
        return self.mah if role is Role.MAH else self.cmo

    def role_of(self, uscc: str) -> Role:
        """Return the role of a party.

        Raises:
            ValueError: the party is not of this relationship.
        """
        if uscc == self.mah:
            return Role.MAH
        if uscc == self.cmo:
            return Role.CMO
        raise ValueError(f"{uscc} is no party of {self}")


@lru_cache(maxsize=1024)
def is_relationship(text: str) -> bool:
    """Tell whether a text is `<MAH>/<CMO>` with two right codes."""
    try:
        Relationship.parse(text)
    except ValueError:
        return False
    return True


def is_uscc(code: str) -> bool:
    """Tell whether a text is a unified social credit code."""
    try:
        check_uscc(code)
    except ValueError:
        return False
    return True


def parse_origin(text: str) -> tuple[Relationship, Role, int]:
    """Return the relationship, the writing role and the generation that the origin of a journal names.

    Raises:
        ValueError: the text is no origin in its one form (generation 1 is not written).
    """
    found = _ORIGIN.fullmatch(text)
    if found is None or found[4] == "1":
        raise ValueError("an origin is written counterfoil/<MAH>/<CMO>/mah or /cmo, from the second generation /mah/2")
    return Relationship(found[1], found[2]), Role(found[3]), int(found[4] or 1)


def uuid7(milliseconds: int, random: bytes) -> str:
    """Return the UUID of version 7 (RFC 9562) of a time in Unix milliseconds and ten random bytes.

    Of the 80 random bits 74 are used; the others give way to version and variant.

    Raises:
        ValueError: not exactly ten random bytes, or a time outside 48 bits.
    """
    if len(random) != 10 or not 0 <= milliseconds < 1 << 48:  # noqa: PLR2004 - RFC 9562: 80 bits after 48 of time
        raise ValueError("a UUIDv7 needs a time of 48 bits and ten random bytes")
    raw = bytearray(milliseconds.to_bytes(6, "big") + random)
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    digits = raw.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID in lower case."""
    return UUID.fullmatch(text) is not None


def is_uuid7(text: str) -> bool:
    """Tell whether a text is a UUID of version 7 in lower case."""
    return UUID7.fullmatch(text) is not None
