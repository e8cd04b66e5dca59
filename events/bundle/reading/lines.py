"""Lines of a bundle's files: each ends at a line feed and nowhere else, none is larger than a page."""

from collections.abc import Iterable, Iterator

from events.bundle.faults import BundleError
from events.bundle.layout import MAX_LINE_BYTES


def lines_of(name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file without their line feeds.

    Raises:
        BundleError: `bundle.malformed`: a line is too long, or the last one has no line feed; the position says which.
    """
    rest, number = b"", 0
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        number += len(lines)
        if len(rest) > MAX_LINE_BYTES:
            raise BundleError("bundle.malformed", name, f"a line of more than {MAX_LINE_BYTES} bytes", position=number)
    if rest:
        raise BundleError("bundle.malformed", name, "the last line does not end with a line feed", position=number)
