"""Pages handed over by the writer leave in order, within a bound; whatever is not here is read from the store."""

from hypothesis import given
from hypothesis import strategies as st

from events.journal.page import Page
from services.gateway.exchange.sending.leaving import MAX_LEAVING_BYTES, MAX_LEAVING_PAGES, LeavingPages


def page(first: int, lines: int = 1, width: int = 10) -> Page:
    return Page("origin", first, (b"x" * width,) * lines, b"note")


def test_pages_follow_each_other_from_where_the_cursor_stands() -> None:
    leaving = LeavingPages()
    leaving.hand_over([page(0, 2), page(2), page(3)], 4, 0)

    assert [each.first for each in leaving.following(0, 2)] == [0, 2]
    assert [each.first for each in leaving.following(2, 9)] == [2, 3]
    assert leaving.following(4, 9) == []


def test_a_cursor_that_went_back_finds_nothing_here_and_loses_nothing() -> None:
    leaving = LeavingPages()
    leaving.hand_over([page(0), page(1)], 2, 0)
    leaving.following(1, 9)

    assert leaving.following(0, 9) == []
    assert [each.first for each in leaving.following(1, 9)] == [1]


def test_beyond_the_bound_pages_are_left_to_the_store_while_the_size_goes_on() -> None:
    leaving = LeavingPages()
    for first in range(2 * MAX_LEAVING_PAGES):
        leaving.hand_over([page(first)], first + 1, 7)

    assert len(leaving.following(0, 1000)) == MAX_LEAVING_PAGES
    assert leaving.following(MAX_LEAVING_PAGES, 1000) == []
    assert (leaving.size, leaving.judged) == (2 * MAX_LEAVING_PAGES, 7)


def test_what_waits_is_bounded_in_bytes_and_room_returns_as_pages_leave() -> None:
    leaving = LeavingPages()
    half = MAX_LEAVING_BYTES // 2
    leaving.hand_over([page(0, width=half), page(1, width=half), page(2)], 3, 0)
    assert [each.first for each in leaving.following(0, 9)] == [0, 1]

    assert leaving.following(3, 9) == []
    leaving.hand_over([page(3)], 4, 0)
    assert [each.first for each in leaving.following(3, 9)] == [3]


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=60), st.integers(1, 5))
def test_a_reader_that_asks_the_store_for_the_rest_sends_every_entry_once_in_order(
    steps: list[tuple[int, bool]], limit: int
) -> None:
    leaving, stored, sent = LeavingPages(), dict[int, Page](), list[int]()
    cursor = size = 0
    for lines, publishes in [*steps, (1, True), *[(0, True)] * len(steps)]:
        if lines:
            stored[size] = page(size, lines)
            size += lines
            leaving.hand_over([stored[size - lines]], size, 0)
        if publishes and cursor < leaving.size:
            pages = leaving.following(cursor, limit) or [stored[cursor]]
            sent += [position for each in pages for position in range(each.first, each.end)]
            cursor = pages[-1].end

    assert sent == list(range(size))
