"""The model's reading of a line: framing, canonical form and attributes, from formats.md 1 and 2 alone.

"An entry is a head and a body, two canonical JSON objects: RFC 8785, narrowed. ... keys match [a-z][a-z0-9_]*;
numbers are integers below 2^53 in magnitude; ... no duplicate keys, no lone surrogates, no U+0000; nesting to 32.
Reading is strict: bytes that do not re-encode to themselves are malformed. As a line it is the head, a tab, the
body ... Head at most 8 KiB, body at most 128 KiB."

"Leaf n = SHA-256(0x00 || head)"
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any], bool]

OTHER = {"mah": "cmo", "cmo": "mah"}
REFUSED = "entry.refused.v1"
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
EVENT_TYPE = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]{0,5}"


class Entry:
    """A line at its place. `head` is empty unless its attributes are well formed; `body` unless all of the line is."""

    def __init__(self, role: str, position: int, line: bytes) -> None:
        head, _, body = line.partition(b"\t")
        self.role, self.position = role, position
        self.leaf = b64encode(sha256(b"\0" + head).digest()).decode()
        attributes = read_object(head, 8 * 1024)
        self.head: Json = attributes if attributes is not None and has_attributes(attributes) else {}
        self.body: Json = self._body(body) if self.head else {}
        self.type: str = self.head.get("type", "")
        self.subject: str = self.head.get("subject", "")
        self.seen: int = self.head.get("seen", 0)
        self.time: str = self.head.get("time", "")

    def _body(self, raw: bytes) -> Json:
        body = read_object(raw, 128 * 1024) or {}
        is_salted = matches("[0-9a-f]{32}")(body.get("salt"))
        is_hashed = self.head["bodyhash"] == b64encode(sha256(raw).digest()).decode()
        return body if is_salted and is_hashed else {}

    def is_named_by(self, ref: Json) -> bool:
        """Of a reference `{"position", "leaf"}`, or `{"journal", "position", "leaf"}` of the first generation."""
        is_place = (ref["position"], ref["leaf"]) == (self.position, self.leaf)
        return is_place and ref.get("journal", self.role) == self.role


def canonical(value: Json) -> bytes:
    """Encode as RFC 8785; in the narrow profile sorted ASCII keys and plain integers are all there is to it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_object(raw: bytes, limit: int) -> Json | None:
    try:
        value = json.loads(raw.decode())
        is_itself = len(raw) <= limit and isinstance(value, dict) and _is_narrow(value, 1) and canonical(value) == raw
    except (ValueError, RecursionError):
        return None
    return value if is_itself else None


def _is_narrow(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        is_named = all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in value)
        return is_named and depth <= 32 and all(_is_narrow(each, depth + 1) for each in value.values())
    if isinstance(value, list):
        return depth <= 32 and all(_is_narrow(each, depth + 1) for each in value)
    if isinstance(value, str):
        return "\0" not in value
    return value is None or isinstance(value, bool) or (type(value) is int and abs(value) < 2**53)


def matches(pattern: str) -> Check:
    found = re.compile(pattern)
    return lambda value: isinstance(value, str) and found.fullmatch(value) is not None


def counts_from(least: int) -> Check:
    return lambda value: type(value) is int and least <= value < 2**53


@cache
def is_uscc(code: str) -> bool:
    """GB 32100-2015: weights 3^i modulo 31."""
    if len(code) != 18 or not set(code) <= set(USCC):
        return False
    weighted = sum(USCC.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return USCC[-weighted % 31] == code[17]


def is_time(text: Any) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")(text)


def is_hash(text: Any) -> bool:
    """Base64 of 32 bytes that "must re-encode to itself"."""
    try:
        raw = b64decode(text, validate=True)
    except (TypeError, ValueError):
        return False
    return len(raw) == 32 and b64encode(raw).decode() == text


def _is_source(text: Any) -> bool:
    return isinstance(text, str) and text[:9] == "urn:uscc:" and is_uscc(text[9:])


def _is_relationship(text: Any) -> bool:
    return isinstance(text, str) and text[18:19] == "/" and all(map(is_uscc, text.split("/")))


def _is_sorted_tags(text: Any) -> bool:
    return matches(r"[0-9a-f]{32}( [0-9a-f]{32})*")(text) and text.split(" ") == sorted(set(text.split(" ")))


ATTRIBUTES: dict[str, Check] = {
    "specversion": matches(r"1\.0"),
    "id": matches(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "source": _is_source,
    "type": matches(EVENT_TYPE),
    "subject": matches(rf"[a-z][a-z0-9_]*/{UUID}"),
    "revision": counts_from(1),
    "relationship": _is_relationship,
    "seen": counts_from(0),
    "actor": matches(r"(person|system)/[^\s/\x00-\x1f\x7f]{1,128}"),
    "time": is_time,
    "bodyhash": is_hash,
}
OPTIONAL: dict[str, Check] = {"cause": lambda value: isinstance(value, str) and bool(value), "labels": _is_sorted_tags}


def has_attributes(head: Json) -> bool:
    return all(has_form(head.get(name)) for name, has_form in ATTRIBUTES.items()) and all(
        name in ATTRIBUTES or (name in OPTIONAL and OPTIONAL[name](value)) for name, value in head.items()
    )
