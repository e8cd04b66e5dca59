"""Manifests of a bag: one line per file, its SHA-256 in hexadecimal, two spaces, its name (RFC 8493, 2.1.3)."""

import re
from collections.abc import Mapping

from events.bundle.faults import BundleError
from events.bundle.layout import MAX_FILES

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def format_manifest(digests: Mapping[str, str]) -> bytes:
    """Write a manifest of files by name, sorted by name."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def parse_manifest(name: str, raw: bytes) -> dict[str, str]:
    """Return the SHA-256 of each file that a manifest lists, by name.

    Raises:
        BundleError: `bag.malformed`: the position is the number of the line, from 0.
    """
    try:
        lines = raw.decode().split("\n")
    except UnicodeDecodeError as error:
        raise BundleError("bag.malformed", name, "not UTF-8") from error
    if lines.pop() or len(lines) > MAX_FILES:
        raise BundleError("bag.malformed", name, f"at most {MAX_FILES} lines, each ended by a line feed")
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        parts = _LINE.fullmatch(line)
        if parts is None or parts[2] in found:
            raise BundleError("bag.malformed", name, "no SHA-256, two spaces and a name of its own", position=number)
        found[parts[2]] = parts[1]
    return found
