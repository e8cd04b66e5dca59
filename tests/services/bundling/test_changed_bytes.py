"""One byte changed, anywhere: the bundle is refused, and the place is named."""

import random
from io import BytesIO
from zipfile import ZipFile

import pytest

from events.bundle.layout import entries_file
from events.bundle.report import Verdict
from events.encoding.identifiers import Role
from tests.services.bundling.stage import bundle, checked, files_of, zipped
from tests.sizes import size

NAMES = sorted(files_of(bundle()))


def changed(name: str, place: int, mask: int) -> bytes:
    """The bundle with one byte of a file another one, where it lies in the archive."""
    raw = bytearray(bundle())
    with ZipFile(BytesIO(bundle())) as package:
        start = package.getinfo(name).header_offset
    content = files_of(bundle())[name]
    start = bytes(raw).index(content, start)
    raw[start + place] ^= mask
    return bytes(raw)


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_byte_is_seen_and_its_file_named(name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - a test draws the same every time
    content = files_of(bundle())[name]
    for _ in range(size("changed_bytes", 12, 400)):
        place, mask = chance.randrange(len(content)), 1 << chance.randrange(8)

        report = checked(changed(name, place, mask))

        fault = report.fault
        assert report.verdict is Verdict.FAILED
        assert fault is not None
        assert fault.file == name, (place, mask, fault)


@pytest.mark.parametrize("role", list(Role))
def test_a_changed_entry_is_named_by_its_position(role: Role) -> None:
    name = entries_file(role)
    content = files_of(bundle())[name]
    chance = random.Random(role.value)  # noqa: S311 - a test draws the same every time
    for _ in range(size("changed_entries", 30, 1000)):
        place, mask = chance.randrange(len(content)), 1 << chance.randrange(7)
        position = content[:place].count(b"\n")
        if b"\n" in (content[place : place + 1], bytes([content[place] ^ mask])):
            continue  # another number of lines: named where they no longer fit

        fault = checked(changed(name, place, mask)).fault

        assert fault is not None
        assert fault.position is not None
        assert fault.position <= position <= (fault.until or fault.position), fault


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_or_was_added_is_named(name: str) -> None:
    files = files_of(bundle())
    without = {each: content for each, content in files.items() if each != name}

    missing, added = checked(zipped(without)), checked(zipped({**files, "data/more.txt": b"x"}))

    assert (missing.faults[0].code, missing.faults[0].file) == ("bag.missing", name)
    assert (added.faults[0].code, added.faults[0].file) == ("bag.unlisted", "data/more.txt")


def test_what_is_not_touched_stands() -> None:
    name = entries_file(Role.CMO)

    report = checked(changed(name, len(files_of(bundle())[name]) - 9, 1))

    assert entries_file(Role.MAH) in report.unaffected
    assert "bundle.note" in report.unaffected
    assert name not in report.unaffected
    assert f"{name} below {content_lines(name) - 1}" in report.unaffected


def content_lines(name: str) -> int:
    return files_of(bundle())[name].count(b"\n")
