"""The attributes of a head, each in its one form: which there are, and what they look like."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from events.encoding.canonical import MAX_INTEGER
from events.encoding.identifiers import ACTOR, EVENT_TYPE, SUBJECT, UUID7, is_relationship, is_uscc
from events.encoding.moments import is_moment
from events.errors import EntryError

SPEC_VERSION = "1.0"
"""The version of CloudEvents."""

SOURCE_PREFIX = "urn:uscc:"
"""What a source is before the author's unified social credit code."""

_BODY_HASH = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")  # 32 bytes: the last two bits are zero
_LABELS = re.compile(r"[0-9a-f]{32}(?: [0-9a-f]{32})*")


def check_attributes(attributes: Mapping[str, Any]) -> None:
    """Refuse attributes of a head that are missing, unknown, or in another form than the one they have.

    What passes is within the profile of canonical JSON: texts without U+0000 and integers below 2^53, no other keys.

    Raises:
        EntryError: `entry.malformed`; the detail names the attribute.
    """
    for name, has_form in _FORMS:
        value = attributes.get(name)
        if type(value) is not str or not has_form(value):
            raise _malformed(f"head.{name} is missing or not in its form")
    for name, least in _COUNTS:
        value = attributes.get(name)
        if type(value) is not int or not least <= value <= MAX_INTEGER:
            raise _malformed(f"head.{name} is missing or not an integer from {least}")
    if len(attributes) > _REQUIRED:
        _check_optional(attributes)


def _check_optional(attributes: Mapping[str, Any]) -> None:
    known = _REQUIRED
    for name, has_form in _OPTIONAL_FORMS:
        if name in attributes:
            known += 1
            value = attributes[name]
            if type(value) is not str or not has_form(value):
                raise _malformed(f"head.{name} is not in its form")
    if len(attributes) != known:
        raise _malformed("head holds an attribute that no event has")


def _is_source(text: str) -> bool:
    return text.startswith(SOURCE_PREFIX) and is_uscc(text.removeprefix(SOURCE_PREFIX))


def _is_text(text: str) -> bool:
    return bool(text) and "\0" not in text


def _is_ascending(text: str) -> bool:
    if _LABELS.fullmatch(text) is None:
        return False
    tags = text.split(" ")
    return all(before < after for before, after in pairwise(tags))


def _malformed(detail: str) -> EntryError:
    return EntryError("entry.malformed", detail)


_FORMS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("specversion", SPEC_VERSION.__eq__),
    ("id", UUID7.fullmatch),
    ("source", lru_cache(maxsize=1024)(_is_source)),
    ("type", lru_cache(maxsize=1024)(EVENT_TYPE.fullmatch)),
    ("subject", SUBJECT.fullmatch),
    ("relationship", is_relationship),
    ("actor", ACTOR.fullmatch),
    ("time", is_moment),
    ("bodyhash", _BODY_HASH.fullmatch),
)
_COUNTS = (("revision", 1), ("seen", 0))
_REQUIRED = len(_FORMS) + len(_COUNTS)
_OPTIONAL_FORMS: tuple[tuple[str, Callable[[str], object]], ...] = (("cause", _is_text), ("labels", _is_ascending))
