"""What never stands in a log: the values of fields that hold secrets, and secrets inside texts."""

import re
from collections.abc import Mapping
from typing import Any

REDACTED = "[redacted]"

_SECRET_NAMES = re.compile(
    r"token|passphrase|password|secret|authorization|cookie|private|(?:^|_)seed(?:$|_)", re.IGNORECASE
)
_MAX_DEPTH = 8

_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_IN_ADDRESS = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_ASSIGNED = re.compile(r"(?i)\b([a-z_]*(?:token|passphrase|password|secret)[a-z_]*)(\s*[=:]\s*)[^\s,;&\"']+")


def redact(name: str, value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - a log takes anything
    """Return a value of a field with everything secret in it replaced."""
    if _SECRET_NAMES.search(name) and value is not None and not isinstance(value, bool):
        return REDACTED
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _redact_members(value, depth + 1)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _redact_text(value if isinstance(value, str) else repr(value))


def _redact_members(value: Any, depth: int) -> Any:  # noqa: ANN401 - as above
    if depth > _MAX_DEPTH:
        return "..."
    if isinstance(value, Mapping):
        return {str(key): redact(str(key), each, depth) for key, each in value.items()}
    return [redact("", each, depth) for each in value]


def _redact_text(text: str) -> str:
    for pattern, instead in (
        (_BEARER, rf"\1 {REDACTED}"),
        (_IN_ADDRESS, rf"\1:{REDACTED}@"),
        (_ASSIGNED, rf"\1\2{REDACTED}"),
    ):
        text = pattern.sub(instead, text)
    return text
