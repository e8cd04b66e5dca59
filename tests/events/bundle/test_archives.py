"""Archives that somebody handed over: good ones are read, all others end in one clear refusal, within bounds."""

import tracemalloc
from io import BytesIO
from zipfile import ZIP_DEFLATED

import pytest

from events.bundle.checking.whole import BundleCheck
from events.bundle.faults import BundleError
from events.bundle.layout import CHUNK_BYTES, why_name_is_refused
from events.bundle.reading.archive import Archive
from events.bundle.report import Verdict
from tests.events.bundle.bad_archives import DAMAGED, REFUSED, good

MOST_MEMORY = 32 * 1024 * 1024


@pytest.mark.parametrize("method", [0, ZIP_DEFLATED])
def test_files_are_read_in_pieces_whether_stored_or_deflated(method: int) -> None:
    content = bytes(range(256)) * 4096

    archive = Archive(BytesIO(good({"bagit.txt": b"", "data/封面.pdf": content}, method)))
    pieces = list(archive.chunks("data/封面.pdf"))

    assert archive.names == ["bagit.txt", "data/封面.pdf"]
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= CHUNK_BYTES
    assert archive.read("bagit.txt", 0) == b""


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_honest_archive_is_refused_by_its_directory(name: str) -> None:
    make, code = REFUSED[name]
    raw = make()
    tracemalloc.start()

    with pytest.raises(BundleError) as refused:
        Archive(BytesIO(raw))

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == code
    assert most < MOST_MEMORY


@pytest.mark.parametrize("name", sorted(DAMAGED))
def test_a_file_that_is_not_as_the_directory_says_is_refused_when_it_is_read(name: str) -> None:
    archive = Archive(BytesIO(DAMAGED[name]()))

    with pytest.raises(BundleError) as refused:
        archive.read("data/a", 200_000)

    assert refused.value.code == "archive.damaged"


def test_a_file_that_is_read_whole_has_a_bound() -> None:
    archive = Archive(BytesIO(good()))

    with pytest.raises(BundleError) as refused:
        archive.read("data/a", 99)

    assert refused.value.code == "archive.too_large"


def test_a_file_that_is_not_there_is_missing() -> None:
    with pytest.raises(BundleError) as refused:
        Archive(BytesIO(good())).read("data/b", 1)

    assert refused.value.code == "bag.missing"


@pytest.mark.parametrize("name", ["data/bundle.json", "打开我.html", "data/journals/mah/entries.jsonl", "verify.py"])
def test_names_that_every_system_takes_pass(name: str) -> None:
    assert why_name_is_refused(name) is None


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_check_of_any_of_them_ends_in_a_report(name: str) -> None:
    report = BundleCheck(BytesIO(REFUSED[name][0]())).run()

    assert report.verdict is Verdict.FAILED
    assert len(report.faults) == 1
    assert report.unaffected == []


def test_another_zip_is_no_bundle() -> None:
    report = BundleCheck(BytesIO(good({"word/document.xml": b"<x/>"}))).run()

    assert [fault.code for fault in report.faults] == ["bag.missing"]
