"""Pairing: the public keys of a party, the invitation that carries them, and the fingerprint compared by telephone."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self, TypeVar

import orjson

from events.encoding.base64 import decode_base64, encode_base64
from events.encoding.identifiers import Relationship, Role, check_uscc, parse_origin
from events.errors import InvitationError, KeyRefusedError
from events.notes.curve25519 import why_x25519_key_is_refused
from events.notes.vkey import SignatureType, VerifierKey

INVITATION_FORMAT = "counterfoil/invitation/v1"
MAX_INVITATION_BYTES = 65536
MAX_TEXT = 400  # characters of a name or an address

_LABEL_KEY_PREFIX = "x25519+"
_GROUPS = 12
_FIELDS = frozenset({"format", "party", "role", "name", "relationship", "keys", "label_key", "wire", "topic"})
_Value = TypeVar("_Value")


def fingerprint(vkeys: Iterable[VerifierKey | str], label_keys: Iterable[str]) -> str:
    """Return what both parties read to each other: twelve groups of four hexadecimal digits, one space between.

    It covers all vkeys and label keys of both parties, in any order.
    """
    keys = sorted(str(key).encode() for key in (*vkeys, *label_keys))
    digits = sha256(b"".join(key + b"\n" for key in keys)).hexdigest()
    return " ".join(digits[4 * group : 4 * group + 4] for group in range(_GROUPS))


def format_label_key(public: bytes) -> str:
    """Write a label key: `x25519+` and base64."""
    return _LABEL_KEY_PREFIX + encode_base64(public)


def parse_label_key(text: str) -> bytes:
    """Return the 32 bytes of a label key.

    Raises:
        KeyRefusedError: another form, or a key of small order or not canonical.
    """
    if not text.startswith(_LABEL_KEY_PREFIX):
        raise KeyRefusedError(f"a label key begins with {_LABEL_KEY_PREFIX}")
    try:
        public = decode_base64(text.removeprefix(_LABEL_KEY_PREFIX))
    except ValueError as error:
        raise KeyRefusedError("a label key is base64 that re-encodes to itself") from error
    reason = why_x25519_key_is_refused(public)
    if reason is not None:
        raise KeyRefusedError(reason)
    return public


_PLACES = {
    "journal": ("", SignatureType.ED25519),
    "journal seal": ("", SignatureType.ML_DSA_44),
    "mirror": ("/mirror", SignatureType.COSIGNATURE),
    "mirror seal": ("/mirror", SignatureType.ML_DSA_44),
    "recovery": ("/recovery", SignatureType.ED25519),
}
"""For each key of a party, in order, what its name adds to the origin, and its type."""


@dataclass(frozen=True)
class PartyKeys:
    """All public keys of a party in one relationship: five vkeys and the label key (`x25519+` and base64).

    Raises:
        KeyRefusedError: a key has another name or type than its place asks for, or one raw key stands in two places.
    """

    journal: VerifierKey
    journal_seal: VerifierKey
    mirror: VerifierKey
    mirror_seal: VerifierKey
    recovery: VerifierKey
    label_key: str

    def __post_init__(self) -> None:
        parse_label_key(self.label_key)
        for place, key, (suffix, signature_type) in zip(_PLACES, self.vkeys, _PLACES.values(), strict=True):
            if key.name != self.origin + suffix or key.type is not signature_type:
                raise KeyRefusedError(f"the {place} key is not named {self.origin + suffix} or not of its type")
        if len({key.public for key in self.vkeys}) != len(self.vkeys):
            raise KeyRefusedError("one raw key has one name and one type")

    @property
    def origin(self) -> str:
        """Return the origin of the journal that the party writes."""
        return self.journal.name

    @property
    def vkeys(self) -> tuple[VerifierKey, ...]:
        """Return the five vkeys: journal, journal seal, mirror, mirror seal, recovery."""
        return (self.journal, self.journal_seal, self.mirror, self.mirror_seal, self.recovery)

    @property
    def label_public(self) -> bytes:
        """Return the label key as its 32 bytes."""
        return parse_label_key(self.label_key)

    def texts(self) -> list[str]:
        """Return the five vkeys as they are written, in their order."""
        return [str(key) for key in self.vkeys]

    @classmethod
    def parse(cls, vkeys: Iterable[str], label_key: str) -> Self:
        """Read the five vkeys, in the order of `vkeys`, and the label key.

        Raises:
            KeyRefusedError: a key is refused, or they are not five.
        """
        texts = list(vkeys)
        if len(texts) != len(_PLACES):
            raise KeyRefusedError(f"a party has {len(_PLACES)} keys: {', '.join(_PLACES)}")
        journal, journal_seal, mirror, mirror_seal, recovery = map(VerifierKey.parse, texts)
        return cls(journal, journal_seal, mirror, mirror_seal, recovery, label_key)


def have_a_key_in_common(one: PartyKeys, other: PartyKeys) -> bool:
    """Tell whether a raw key, label keys included, stands among the keys of both."""
    return not _raw_keys(one).isdisjoint(_raw_keys(other))


def _raw_keys(keys: PartyKeys) -> set[bytes]:
    return {*(key.public for key in keys.vkeys), keys.label_public}


@dataclass(frozen=True)
class Invitation:
    """What one party hands to the other, by a way of their choice, to pair two gateways.

    `party` is the sender's unified social credit code, `name` its name, `wire` the address of the brokers it uses,
    `topic` the topic that it writes.

    Raises:
        InvitationError: `invitation.malformed`: the fields contradict each other; the detail names the field.
    """

    party: str
    role: Role
    name: str
    relationship: Relationship
    party_keys: PartyKeys
    wire: str
    topic: str

    def __post_init__(self) -> None:
        if self.relationship.party(self.role) != self.party:
            raise InvitationError("party: not the one that has this role in the relationship")
        try:
            relationship, role, generation = parse_origin(self.party_keys.origin)
        except ValueError as error:
            raise InvitationError(f"keys: {error}") from error
        if (relationship, role) != (self.relationship, self.role):
            raise InvitationError("keys: named after another journal")
        if self.topic != self.relationship.topic(self.role, generation):
            raise InvitationError("topic: not that of the journal which the keys name")

    @property
    def generation(self) -> int:
        """Return the generation of the journal that the keys are for."""
        return parse_origin(self.party_keys.origin)[2]

    def dump(self) -> bytes:
        """Return the invitation as a JSON file, made to be looked at."""
        fields = {
            "format": INVITATION_FORMAT,
            "party": self.party,
            "role": self.role.value,
            "name": self.name,
            "relationship": str(self.relationship),
            "keys": self.party_keys.texts(),
            "label_key": self.party_keys.label_key,
            "wire": self.wire,
            "topic": self.topic,
        }
        return orjson.dumps(fields, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read an invitation file.

        Raises:
            InvitationError: `invitation.malformed`: the detail names the field and says what is wrong with it.
        """
        fields = _read_fields(raw)
        return cls(
            party=_read(fields, "party", check_uscc),
            role=_read(fields, "role", Role),
            name=_read(fields, "name", str),
            relationship=_read(fields, "relationship", Relationship.parse),
            party_keys=_read_keys(fields),
            wire=_read(fields, "wire", str),
            topic=_read(fields, "topic", str),
        )


def _read_fields(raw: bytes) -> dict[str, object]:
    if len(raw) > MAX_INVITATION_BYTES:
        raise InvitationError(f"larger than {MAX_INVITATION_BYTES} bytes")
    try:
        fields = json.loads(raw.decode(), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise InvitationError(f"no JSON: {error}") from error
    if type(fields) is not dict or fields.get("format") != INVITATION_FORMAT:
        raise InvitationError(f"format: not {INVITATION_FORMAT}")
    for name in sorted(_FIELDS ^ fields.keys()):
        raise InvitationError(f"{name!r:.60}: {'missing' if name in _FIELDS else 'no field of an invitation'}")
    return fields


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice")
    return fields


def _read(fields: dict[str, object], name: str, reader: Callable[[str], _Value]) -> _Value:
    value = fields[name]
    if type(value) is not str or not 0 < len(value) <= MAX_TEXT or not value.isprintable():
        raise InvitationError(f"{name}: not a text of 1 to {MAX_TEXT} printable characters")
    try:
        return reader(value)
    except (ValueError, KeyRefusedError) as error:
        raise InvitationError(f"{name}: {error}") from error


def _read_keys(fields: dict[str, object]) -> PartyKeys:
    label_key = _read(fields, "label_key", _checked_label_key)
    keys = fields["keys"]
    if type(keys) is not list or any(type(key) is not str for key in keys):
        raise InvitationError("keys: not a list of texts")
    try:
        return PartyKeys.parse(keys, label_key)
    except KeyRefusedError as error:
        raise InvitationError(f"keys: {error.detail}") from error


def _checked_label_key(text: str) -> str:
    parse_label_key(text)
    return text
