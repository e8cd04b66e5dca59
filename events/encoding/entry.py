"""One entry of a journal: a head (who, what, when, in which context) and a body (what was stated), each canonical JSON.

The head holds the CloudEvents attributes and the hash of the body; the leaf of the tree is the hash of the head. As a
line of a page an entry is the head, a tab, the body; of an erased body only the head is left. Bytes are encoded once
and kept: nothing here re-encodes what was read.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

import orjson

from events.encoding.attributes import SOURCE_PREFIX, SPEC_VERSION, check_attributes
from events.encoding.canonical import decode, encode
from events.errors import CanonicalError, EntryError

MAX_HEAD_BYTES = 8192
MAX_BODY_BYTES = 131072

_SALT = re.compile(r"[0-9a-f]{32}")
_BODY_TOO_LARGE = f"the body is larger than {MAX_BODY_BYTES} bytes"


@dataclass(frozen=True, slots=True)
class Head:
    """The attributes of an event, in the order of the specification. All values are in their exact written forms.

    `seen` counts entries of the partner's journal, `revision` the events of this subject from 1, `time` is the
    author's clock in UTC, `bodyhash` the base64 of the body's SHA-256, `labels` are tags in ascending order.
    """

    id: str
    source: str
    type: str
    subject: str
    revision: int
    relationship: str
    seen: int
    actor: str
    time: str
    bodyhash: str
    cause: str | None = None
    labels: tuple[str, ...] = ()

    @property
    def subject_kind(self) -> str:
        """Return the kind of the aggregate, such as `deviation`."""
        return self.subject.partition("/")[0]

    @property
    def subject_id(self) -> str:
        """Return the UUID of the aggregate."""
        return self.subject.partition("/")[2]

    @property
    def author(self) -> str:
        """Return the unified social credit code of the party that wrote the event."""
        return self.source.removeprefix(SOURCE_PREFIX)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes of a head.

        Raises:
            EntryError: `entry.malformed`: too large, not canonical, an attribute missing, unknown or in another form.
        """
        if len(raw) > MAX_HEAD_BYTES:
            raise _malformed(f"the head is larger than {MAX_HEAD_BYTES} bytes")
        try:
            attributes = orjson.loads(raw)
        except ValueError as error:
            raise _malformed(f"head: not strict JSON: {error}") from error
        if type(attributes) is not dict:
            raise _malformed("head: not an object")
        head = cls._of(attributes)
        if orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS) != raw:
            raise _malformed("head: the bytes do not re-encode to themselves")
        return head

    @classmethod
    def reread(cls, raw: bytes) -> Self:
        """Read the bytes of a head whose form was checked before, and of which a hash proves that they are the same."""
        return cls._taken(orjson.loads(raw))

    @classmethod
    def _of(cls, attributes: Mapping[str, Any]) -> Self:
        """Check every attribute once and take them over."""
        check_attributes(attributes)
        return cls._taken(attributes)

    @classmethod
    def _taken(cls, attributes: Mapping[str, Any]) -> Self:
        labels = attributes.get("labels")
        return cls(
            attributes["id"],
            attributes["source"],
            attributes["type"],
            attributes["subject"],
            attributes["revision"],
            attributes["relationship"],
            attributes["seen"],
            attributes["actor"],
            attributes["time"],
            attributes["bodyhash"],
            attributes.get("cause"),
            () if labels is None else tuple(labels.split(" ")),
        )

    def encode(self) -> bytes:
        """Return the canonical bytes of the head.

        Raises:
            EntryError: `entry.malformed`: a value is not in its form, or the head is too large.
        """
        attributes = self.attributes()
        check_attributes(attributes)
        try:
            raw = orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS)
        except (TypeError, ValueError) as error:  # a lone surrogate
            raise _malformed(f"head: {error}") from error
        if len(raw) > MAX_HEAD_BYTES:
            raise _malformed(f"the head is larger than {MAX_HEAD_BYTES} bytes")
        return raw

    def attributes(self) -> dict[str, Any]:
        """Return the attributes as they are written: absent ones left out, labels joined by spaces."""
        attributes: dict[str, Any] = {
            "actor": self.actor,
            "bodyhash": self.bodyhash,
            "id": self.id,
            "relationship": self.relationship,
            "revision": self.revision,
            "seen": self.seen,
            "source": self.source,
            "specversion": SPEC_VERSION,
            "subject": self.subject,
            "time": self.time,
            "type": self.type,
        }
        if self.cause is not None:
            attributes["cause"] = self.cause
        if self.labels:
            attributes["labels"] = " ".join(self.labels)
        return attributes


@dataclass(frozen=True, slots=True)
class Entry:
    """A well-formed entry with the bytes that were signed, and its leaf in the tree."""

    head: Head
    head_bytes: bytes
    body_bytes: bytes
    _body: dict[str, Any] | None = field(default=None, repr=False, compare=False)
    leaf: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "leaf", sha256(b"\0" + self.head_bytes).digest())

    @property
    def body(self) -> dict[str, Any]:
        """Return the decoded body, decoded once; it is not to be changed.

        Raises:
            CanonicalError: the entry was made of bytes that nobody checked.
        """
        if self._body is None:
            object.__setattr__(self, "_body", decode(self.body_bytes))
        return self._body or {}

    @property
    def line(self) -> bytes:
        """Return the entry as a line of a page, without its line feed."""
        return self.head_bytes + b"\t" + self.body_bytes


def make_entry(
    *,
    id: str,  # noqa: A002 - the attribute's name in CloudEvents
    source: str,
    type: str,  # noqa: A002 - the attribute's name in CloudEvents
    subject: str,
    revision: int,
    relationship: str,
    seen: int,
    actor: str,
    time: str,
    body: Mapping[str, Any],
    salt: str | None = None,
    cause: str | None = None,
    labels: Iterable[str] = (),
) -> Entry:
    """Encode an event. The body holds its salt, or it is given beside it: 32 hexadecimal digits, fresh and random.

    Raises:
        EntryError: `entry.malformed`: what was handed in would be refused by every reader.
    """
    salted = dict(body) if salt is None else {**body, "salt": salt}
    try:
        body_bytes = encode(salted)
    except CanonicalError as error:
        raise _malformed(f"body: {error.detail}") from error
    head = Head(
        id=id,
        source=source,
        type=type,
        subject=subject,
        revision=revision,
        relationship=relationship,
        seen=seen,
        actor=actor,
        time=time,
        bodyhash=_hash_of(body_bytes),
        cause=cause,
        labels=tuple(labels),
    )
    _check_body(salted, body_bytes)
    return Entry(head, head.encode(), body_bytes, salted)


def parse_line(line: bytes) -> Entry:
    """Read a line of a page, without its line feed.

    Raises:
        EntryError: `entry.malformed`, the detail says why. An erased body is malformed here; see `head_of_line`.
    """
    head_bytes, tab, body_bytes = line.partition(b"\t")
    if not tab:
        raise _malformed("no tab between head and body")
    head = Head.parse(head_bytes)
    if len(body_bytes) > MAX_BODY_BYTES:
        raise _malformed(_BODY_TOO_LARGE)
    try:
        body = decode(body_bytes)
    except CanonicalError as error:
        raise _malformed(f"body: {error.detail}") from error
    if _hash_of(body_bytes) != head.bodyhash:
        raise _malformed("bodyhash is not that of the body")
    _check_body(body, body_bytes)
    return Entry(head, head_bytes, body_bytes, body)


def head_of_line(line: bytes) -> Head:
    """Read only the head of a line, as when its body was erased or is withheld.

    Raises:
        EntryError: `entry.malformed`, the detail says why.
    """
    return Head.parse(line.partition(b"\t")[0])


def is_body_of(head: Head, body_bytes: bytes) -> bool:
    """Tell whether these bytes are the body whose hash the head holds."""
    return _hash_of(body_bytes) == head.bodyhash


def names_body(head_bytes: bytes, body_bytes: bytes) -> bool:
    """Tell whether the bytes of a well-formed head name these bytes as their body, without reading the head.

    No value of a head can hold the name of the attribute in quotation marks: within a text they are escaped.
    """
    return b'"bodyhash":"%b"' % _hash_of(body_bytes).encode() in head_bytes


def is_erased_line(line: bytes) -> bool:
    """Tell whether a line is a head alone: its body was erased."""
    return b"\t" not in line


def leaf_of_line(line: bytes) -> bytes:
    """Return the leaf of any line, well formed or not: the hash of the bytes before its first tab."""
    return sha256(b"\0" + line.partition(b"\t")[0]).digest()


def _hash_of(body_bytes: bytes) -> str:
    return b64encode(sha256(body_bytes).digest()).decode()


def _check_body(body: Mapping[str, Any], body_bytes: bytes) -> None:
    if len(body_bytes) > MAX_BODY_BYTES:
        raise _malformed(_BODY_TOO_LARGE)
    salt = body.get("salt")
    if type(salt) is not str or _SALT.fullmatch(salt) is None:
        raise _malformed("body.salt is not 32 lower-case hexadecimal digits")


def _malformed(detail: str) -> EntryError:
    return EntryError("entry.malformed", detail)
