"""A page is read in one form only; what is wrong with it has the code of the first check that fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import PageError
from events.journal.checkpoint import Checkpoint
from events.journal.page import (
    MAX_PAGE_BYTES,
    MAX_PAGE_ENTRIES,
    Page,
    check_page_signature,
    cut_into_pages,
    make_page,
    parse_page,
)
from events.journal.tree import Frontier
from events.notes.note import format_note, sign_note
from tests.events.golden.cast import CMO, MAH, entry

ROOT = bytes(range(32))
ENTRIES = [entry(number) for number in range(3)]
LINES = [made.line for made in ENTRIES]


def page_of(lines: list[bytes], size: int | None = None) -> Page:
    return make_page(Checkpoint(CMO.origin, len(lines) if size is None else size, ROOT), lines, CMO.journal)


PAGE = page_of(LINES, 10)
RAW = PAGE.encode()


def test_a_page_is_read_back_and_its_signature_verified() -> None:
    page = parse_page(RAW, CMO.origin)
    assert page == PAGE
    assert page.encode() == RAW
    assert (page.first, page.end, page.lines) == (7, 10, tuple(LINES))
    assert page.checkpoint == Checkpoint(CMO.origin, 10, ROOT)
    check_page_signature(page, CMO.journal.vkey)


def test_a_page_is_written_as_specified() -> None:
    note = sign_note(f"{CMO.origin}\n10\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n".encode(), CMO.journal)
    header = f"counterfoil/page/v1\n{CMO.origin}\n7\n".encode()
    assert header + b"".join(line + b"\n" for line in LINES) + b"\n" + note == RAW


def test_a_page_signed_by_another_key_is_not_believed() -> None:
    with pytest.raises(PageError) as refused:
        check_page_signature(PAGE, MAH.journal.vkey)
    assert refused.value.code == "page.signature_invalid"


@given(st.lists(st.binary(min_size=1, max_size=20).map(lambda raw: raw.replace(b"\n", b"\r\0")), min_size=1))
def test_lines_of_any_bytes_but_a_line_feed_are_carried(lines: list[bytes]) -> None:
    page = page_of(lines, len(lines) + 5)
    assert parse_page(page.encode(), CMO.origin) == page


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "page.malformed"),
        (b"\n" * 10, "page.malformed"),
        (RAW[:-1], "page.malformed"),
        (RAW + b"\n", "page.malformed"),
        (RAW.replace(b"/v1\n", b"/v2\n"), "page.malformed"),
        (RAW.replace(b"\n7\n", b"\n07\n"), "page.malformed"),
        (RAW.replace(b"\n7\n", b"\n-7\n"), "page.malformed"),
        (RAW.replace(b"\n7\n", "\n７\n".encode()), "page.malformed"),
        (RAW.replace(b"\n7\n", b"\n6\n"), "page.malformed"),
        (RAW.replace(b"\n7\n", b"\n99999999999999999\n"), "page.malformed"),
        (RAW.replace(b"\n10\n", b"\n11\n"), "page.malformed"),
        (RAW.replace(b"\n7\n", b"\n7\n\n"), "page.malformed"),
        (RAW.replace(LINES[0] + b"\n", LINES[0] + b"\n\n"), "page.malformed"),
        (RAW.replace(b"".join(line + b"\n" for line in LINES), b""), "page.malformed"),
        (RAW.replace(b"\n", b"\r\n"), "page.malformed"),
        (RAW.replace(b"\n" + CMO.origin.encode(), b"\n\xff", 1), "page.malformed"),
        (RAW + b"\xe2\x80\x94 witness AAAAAAA=\n", "page.malformed"),
        (PAGE.encode().replace(PAGE.note, b""), "page.malformed"),
        (b" " * (MAX_PAGE_BYTES + 1), "page.too_large"),
        (page_of([b"x"] * (MAX_PAGE_ENTRIES + 1)).encode(), "page.too_large"),
        (RAW.replace(CMO.origin.encode(), MAH.origin.encode()), "page.wrong_journal"),
        (RAW.replace(CMO.origin.encode(), MAH.origin.encode(), 1), "page.wrong_journal"),
    ],
)
def test_a_page_in_another_form_goes_to_quarantine(raw: bytes, code: str) -> None:
    with pytest.raises(PageError) as refused:
        parse_page(raw, CMO.origin)
    assert refused.value.code == code


def test_a_second_signature_line_is_malformed_even_if_valid() -> None:
    text = PAGE.signed_note.text
    note = format_note(text, (CMO.journal.sign(text), CMO.journal.sign(text)))
    with pytest.raises(PageError, match="exactly one signature line"):
        parse_page(Page(CMO.origin, 7, PAGE.lines, note).encode(), CMO.origin)


def test_a_checkpoint_with_an_extension_line_is_malformed() -> None:
    note = sign_note(PAGE.signed_note.text + b"extension\n", CMO.journal)
    with pytest.raises(PageError, match="three lines"):
        parse_page(Page(CMO.origin, 7, PAGE.lines, note).encode(), CMO.origin)


@given(st.data())
def test_any_change_of_a_page_ends_in_our_own_error_or_is_seen_later(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(RAW) - 1))
    changed = RAW[:place] + data.draw(st.binary(max_size=3)) + RAW[place + data.draw(st.integers(0, 3)) :]
    try:
        page = parse_page(changed, CMO.origin)
        check_page_signature(page, CMO.journal.vkey)
    except PageError:
        return
    assert page.encode() == changed
    assert page.note == PAGE.note  # so only its lines can differ, and those the root tells apart
    assert changed == RAW or page.lines != PAGE.lines


def test_a_page_holds_at_least_one_entry() -> None:
    with pytest.raises(ValueError, match="at least one entry"):
        page_of([], 3)
    with pytest.raises(ValueError, match="none before position 0"):
        page_of([b"x", b"y"], 1)


@given(st.lists(st.integers(1, 140_000), min_size=1, max_size=30))
def test_lines_are_cut_into_pages_within_the_limit_and_no_more_than_needed(sizes: list[int]) -> None:
    lines = [b"x" * size for size in sizes]
    counts = cut_into_pages(lines, CMO.origin)
    assert sum(counts) == len(lines)
    begin = 0
    for count in counts:
        page = page_of(lines[begin : begin + count], 9_999_999_999_999_999)
        assert len(page.encode()) <= MAX_PAGE_BYTES
        begin += count
        if begin < len(lines):
            one_more = page_of(lines[begin - count : begin + 1], 9_999_999_999_999_999)
            assert len(one_more.encode()) > MAX_PAGE_BYTES


def test_a_page_may_be_of_exactly_the_largest_size() -> None:
    overhead = len(page_of([b"x"], 9_999_999_999_999_999).encode()) - 1
    assert cut_into_pages([b"x" * (MAX_PAGE_BYTES - overhead)], CMO.origin) == [1]
    exact = page_of([b"x" * (MAX_PAGE_BYTES - overhead)], 9_999_999_999_999_999)
    assert len(exact.encode()) == MAX_PAGE_BYTES
    assert parse_page(exact.encode(), CMO.origin) == exact
    with pytest.raises(ValueError, match="fits into no page"):
        cut_into_pages([b"x" * (MAX_PAGE_BYTES - overhead + 1)], CMO.origin)


@pytest.mark.parametrize(
    ("entries", "counts"),
    [(0, []), (1, [1]), (4096, [4096]), (4097, [4096, 1]), (9000, [4096, 4096, 808])],
)
def test_a_page_holds_at_most_4096_entries(entries: int, counts: list[int]) -> None:
    assert cut_into_pages([b"x"] * entries, CMO.origin) == counts


def test_the_root_tells_a_changed_line_apart() -> None:
    frontier = Frontier()
    frontier.extend(made.leaf for made in ENTRIES)
    other = Frontier()
    other.extend(made.leaf for made in (*ENTRIES[:2], entry(9)))
    assert frontier.root() != other.root()
