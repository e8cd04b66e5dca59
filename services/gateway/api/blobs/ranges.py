"""What requests say of ranges (RFC 9110, 14): one range of bytes, or the whole."""

import re
from dataclasses import dataclass

from events.stored.files import MAX_FILE_BYTES
from services.gateway.api.problems import Problem, validation

_CONTENT_RANGE = re.compile(r"bytes (0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})/(0|[1-9][0-9]{0,15})")
_RANGE = re.compile(r"bytes=(?:(?P<first>[0-9]{1,16})-(?P<last>[0-9]{0,16})|-(?P<suffix>[0-9]{1,16}))")
_LONGEST_LENGTH = 18


@dataclass(frozen=True, slots=True)
class Upload:
    """What a body is said to be: where it begins in the file, its length, and the whole file's; None: not said."""

    offset: int
    length: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file to hand out."""

    start: int
    length: int


def upload_of(content_range: str | None, content_length: str | None) -> Upload:
    """Return what the headers of an upload say.

    Raises:
        Problem: `validation`: they do not fit each other; `body-too-large`: the file is beyond 5 GiB.
    """
    length = int(content_length[:_LONGEST_LENGTH]) if content_length and content_length.isdecimal() else None
    if content_range is None:
        return _within(Upload(0, length, length))
    found = _CONTENT_RANGE.fullmatch(content_range)
    if found is None:
        raise validation("Content-Range", "write bytes <first>-<last>/<total>")
    first, last, total = (int(each) for each in found.groups())
    if not first <= last < total or length not in (None, last - first + 1):
        raise validation("Content-Range", "first, last, total and the length of the body do not fit each other")
    return _within(Upload(first, last - first + 1, total))


def part_of(wanted: str | None, size: int) -> Part | None:
    """Return the part of a file that a Range header asks for; None: all of it, also where several are asked for.

    Raises:
        Problem: `range-not-satisfiable`: it begins behind the file's end.
    """
    found = None if wanted is None else _RANGE.fullmatch(wanted.strip())
    if found is None:
        return None
    if found["suffix"] is not None:
        length = min(int(found["suffix"]), size)
        start = size - length
    else:
        start = int(found["first"])
        last = min(int(found["last"]), size - 1) if found["last"] else size - 1
        if found["last"] and int(found["last"]) < start:
            return None
        length = last - start + 1
    if length <= 0:
        headers = {"Content-Range": f"bytes */{size}"}
        raise Problem("range-not-satisfiable", f"the file has {size} bytes", headers=headers)
    return Part(start, length)


def _within(upload: Upload) -> Upload:
    if (upload.total or 0) > MAX_FILE_BYTES:
        raise Problem("body-too-large", f"a file has at most {MAX_FILE_BYTES} bytes")
    return upload
