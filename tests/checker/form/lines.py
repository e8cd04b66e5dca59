"""One entry (formats.md 2): a head, a tab, a body. What is not in its form says why not."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

from tests.checker.form.canonical import MAX_INTEGER, FormError, decode

MAX_HEAD_BYTES = 8192
MAX_BODY_BYTES = 131072

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_USCC = r"[0-9A-HJ-NP-RTUW-Y]{18}"
_USCC_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
_LABELS = re.compile(r"[0-9a-f]{32}( [0-9a-f]{32})*")
_SALT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it was read. `flaw` says why it is malformed; then `head` or `body` may be missing (None)."""

    leaf: bytes
    head: dict[str, Any] | None
    body: dict[str, Any] | None
    flaw: str | None = None

    @property
    def type(self) -> str:
        """Return the event type, empty where the head is malformed."""
        return self.head["type"] if self.head is not None else ""

    @property
    def seen(self) -> int:
        """Return what it claims to have seen of the partner's journal."""
        return self.head["seen"] if self.head is not None else 0


@cache  # both stores should hold the same; `run` forgets
def read_line(head: bytes, body: bytes | None, *, erased: bool = False) -> Line:
    """Read an entry; of an erased one only the head is left."""
    leaf = sha256(b"\0" + head).digest()
    try:
        attributes = _read_head(head)
    except FormError as error:
        return Line(leaf, None, None, f"head: {error}")
    if body is None and erased:
        return Line(leaf, attributes, None)
    try:
        return Line(leaf, attributes, _read_body(attributes, body))
    except FormError as error:
        return Line(leaf, attributes, None, f"body: {error}")


def is_moment(text: object) -> bool:
    """Tell whether a text is a recorded time in its one form and of the calendar."""
    if type(text) is not str or _MOMENT.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_party(code: str) -> bool:
    """Tell whether a unified social credit code has its 18 characters and its check character (GB 32100-2015)."""
    if re.fullmatch(_USCC, code) is None:
        return False
    total = sum(_USCC_VALUES[character] * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _USCC_VALUES[code[17]] == -total % 31


def _read_head(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_HEAD_BYTES:
        raise FormError(f"larger than {MAX_HEAD_BYTES} bytes")
    head = decode(raw)
    for name, has_form in _REQUIRED.items():
        if name not in head or not has_form(head[name]):
            raise FormError(f"{name} is missing or not in its form")
    for name in head.keys() - _REQUIRED.keys():
        if name not in _OPTIONAL or not _OPTIONAL[name](head[name]):
            raise FormError(f"{name} is no attribute or not in its form")
    return head


def _read_body(head: dict[str, Any], raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        raise FormError("missing")
    if len(raw) > MAX_BODY_BYTES:
        raise FormError(f"larger than {MAX_BODY_BYTES} bytes")
    body = decode(raw)
    if b64encode(sha256(raw).digest()).decode() != head["bodyhash"]:
        raise FormError("bodyhash is that of another body")
    if not _matches(_SALT)(body.get("salt")):
        raise FormError("salt is not 32 hexadecimal digits")
    return body


def _matches(pattern: re.Pattern[str] | str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: type(value) is str and compiled.fullmatch(value) is not None


def _count_from(least: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= MAX_INTEGER


def _is_source(value: object) -> bool:
    return type(value) is str and value.startswith("urn:uscc:") and is_party(value[9:])


def _is_relationship(value: object) -> bool:
    parts = value.split("/") if type(value) is str else []
    return len(parts) == 2 and all(map(is_party, parts)) and parts[0] != parts[1]


def _is_ascending(value: object) -> bool:
    if type(value) is not str or _LABELS.fullmatch(value) is None:
        return False
    return all(before < after for before, after in pairwise(value.split(" ")))


_REQUIRED: dict[str, Callable[[object], bool]] = {
    "specversion": lambda value: value == "1.0",
    "id": _matches(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "source": _is_source,
    "type": _matches(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]{0,5}"),
    "subject": _matches(rf"[a-z][a-z0-9_]*/{_UUID}"),
    "revision": _count_from(1),
    "relationship": _is_relationship,
    "seen": _count_from(0),
    "actor": _matches(r"(person|system)/[^\s/\x00-\x1f\x7f]{1,128}"),
    "time": is_moment,
    "bodyhash": _matches(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="),
}
_OPTIONAL: dict[str, Callable[[object], bool]] = {
    "cause": lambda value: type(value) is str and bool(value),
    "labels": _is_ascending,
}
