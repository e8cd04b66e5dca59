"""A museum of archives that are none, or that attack whoever opens them, with the code by which each is refused."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from stat import S_IFDIR, S_IFLNK
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

END = struct.Struct("<4sHHHHIIH")
CENTRAL = 46  # bytes of a directory's entry before the name


def good(files: dict[str, bytes] | None = None, method: int = 0) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", method) as package:
        for name, content in (files or {"bagit.txt": b"x" * 100, "data/a": b"y" * 100}).items():
            package.writestr(ZipInfo(name), content, method)
    return file.getvalue()


def named(*names: str) -> bytes:
    """An archive of files with these names, though no zip library writes some of them."""
    stand_ins = [f"{number:0{len(name.encode())}d}" for number, name in enumerate(names)]
    raw = good(dict.fromkeys(stand_ins, b"x"))
    for stand_in, name in zip(stand_ins, names, strict=True):
        raw = raw.replace(stand_in.encode(), name.encode())
    return raw


def with_attributes(mode: int) -> bytes:
    file = BytesIO()
    place = ZipInfo("data/link")
    place.create_system = 3
    place.external_attr = mode << 16
    with ZipFile(file, "w") as package:
        package.writestr(place, "/etc/passwd")
    return file.getvalue()


def with_directory(change: Callable[[bytearray, int], None]) -> bytes:
    """An archive whose directory's first entry was changed."""
    raw = bytearray(good())
    change(raw, END.unpack(raw[-END.size :])[6])
    return bytes(raw)


def flag(bit: int) -> bytes:
    def change(raw: bytearray, start: int) -> None:
        raw[start + 8 : start + 10] = struct.pack("<H", bit)

    return with_directory(change)


def overlapping() -> bytes:
    """Both names of the directory lead to one file's bytes."""
    raw = bytearray(good({"data/a": b"y" * 1000, "data/b": b"y" * 1000}))
    start = END.unpack(raw[-END.size :])[6]
    second = raw.index(b"PK\1\2", start + 4)
    raw[second + 42 : second + 46] = raw[start + 42 : start + 46]
    return bytes(raw)


def bomb() -> bytes:
    """A hundred kilobytes that become as many megabytes."""
    return good({"data/a": bytes(100 * 1024 * 1024)}, ZIP_DEFLATED)


def longer_than_it_says() -> bytes:
    raw = bytearray(good({"data/a": bytes(100_000)}, ZIP_DEFLATED))
    start = END.unpack(raw[-END.size :])[6]
    raw[start + 24 : start + 28] = struct.pack("<I", 5)
    return bytes(raw)


def many() -> bytes:
    """A directory that counts a million files."""
    entry = good()
    start = END.unpack(entry[-END.size :])[6]
    end = bytearray(entry[-END.size :])
    body = entry[:start]
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 10**6, 10**6, 0, len(body))
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(body), 1)
    end[8:20] = struct.pack("<HHII", 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return body + wide + locator + bytes(end)


def counts_more() -> bytes:
    raw = bytearray(good())
    raw[-END.size + 8 : -END.size + 12] = struct.pack("<HH", 3, 3)
    return bytes(raw)


def not_utf8() -> bytes:
    return good({"data/zz": b"x"}).replace(b"zz", b"\xff\xfe")


def other_local_name() -> bytes:
    raw = good({"data/a": b"x"})
    return raw.replace(b"data/a", b"data/b", 1)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "archive.unreadable"),
    "a text": (lambda: "这不是证据包\n".encode() * 10, "archive.unreadable"),
    "cut short": (lambda: good()[:-5], "archive.unreadable"),
    "cut in the middle": (lambda: good()[:80], "archive.unreadable"),
    "bytes before": (lambda: b"#!/bin/sh\n" + good(), "archive.unreadable"),
    "bytes behind": (lambda: good() + b"more", "archive.unreadable"),
    "two in one": (lambda: good() + good(), "archive.unreadable"),
    "a comment": (lambda: good()[:-2] + b"\3\0abc", "archive.unreadable"),
    "counts more than it lists": (counts_more, "archive.unreadable"),
    "a million files": (many, "archive.too_many_files"),
    "encrypted": (lambda: flag(1), "archive.unreadable"),
    "strongly encrypted": (lambda: flag(1 << 6), "archive.unreadable"),
    "bzip2": (lambda: good(method=ZIP_BZIP2), "archive.unreadable"),
    "absolute": (lambda: named("/etc/passwd"), "archive.name_refused"),
    "upwards": (lambda: named("data/../../x"), "archive.name_refused"),
    "a dot": (lambda: named("data/./x"), "archive.name_refused"),
    "an empty part": (lambda: named("data//x"), "archive.name_refused"),
    "a folder": (lambda: named("data/x/"), "archive.name_refused"),
    "a backslash": (lambda: named("data\\x"), "archive.name_refused"),
    "a drive": (lambda: named("C:x"), "archive.name_refused"),
    "a control character": (lambda: named("data/a\nb"), "archive.name_refused"),
    "NUL": (lambda: named("data/a\0b"), "archive.name_refused"),
    "a trailing dot": (lambda: named("data/a."), "archive.name_refused"),
    "too long": (lambda: named("data/" + "x" * 300), "archive.name_refused"),
    "not UTF-8": (not_utf8, "archive.name_refused"),
    "one name twice": (lambda: named("data/a", "data/a"), "archive.duplicate"),
    "one name in two cases": (lambda: named("data/a", "data/A"), "archive.duplicate"),
    "a link": (lambda: with_attributes(S_IFLNK | 0o777), "archive.not_a_file"),
    "a folder by its attributes": (lambda: with_attributes(S_IFDIR | 0o755), "archive.not_a_file"),
    "files within files": (overlapping, "archive.overlap"),
    "a bomb": (bomb, "archive.bomb"),
}
"""Refused by the directory alone."""

DAMAGED: dict[str, Callable[[], bytes]] = {
    "longer than it says": longer_than_it_says,
    "another name before its bytes": other_local_name,
    "no deflate": lambda: _with_content(b"\xff" * 50),
    "deflated and cut short": lambda: _with_content(zlib.compress(b"x" * 5000, wbits=-15)[:-3]),
}
"""Refused when the file `data/a` is read."""


def _with_content(packed: bytes) -> bytes:
    """An archive whose deflated file has these bytes."""
    raw = bytearray(good({"data/a": packed}))
    start = END.unpack(raw[-END.size :])[6]
    for place in (8, start + 10):
        raw[place : place + 2] = struct.pack("<H", ZIP_DEFLATED)
    raw[start + 24 : start + 28] = struct.pack("<I", 5000)
    return bytes(raw)
