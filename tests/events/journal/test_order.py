"""Sorting by the key of the one order is the merge that the specification describes."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from events.encoding.identifiers import Role
from events.journal.order import order_key

Place = tuple[Role, int]


def literal_merge(seen: list[int], cmo_size: int) -> list[Place]:
    """Take the next MAH entry, unless none is held or its seen exceeds the CMO entries taken; then the next CMO."""
    order: list[Place] = []
    mah = cmo = 0
    while mah < len(seen) or cmo < cmo_size:
        if mah < len(seen) and seen[mah] <= cmo:
            order.append((Role.MAH, mah))
            mah += 1
        elif cmo < cmo_size:
            order.append((Role.CMO, cmo))
            cmo += 1
        else:
            break  # the next MAH entry has seen what is not held: it waits
    return order


def by_key(seen: list[int], cmo_size: int) -> list[Place]:
    places = [(order_key(Role.MAH, position, most), Role.MAH) for position, most in enumerate(accumulate(seen, max))]
    places += [(order_key(Role.CMO, position, 0), Role.CMO) for position in range(cmo_size)]
    return [(role, key[2]) for key, role in sorted(places)]


@given(st.lists(st.integers(0, 12), max_size=20), st.integers(0, 12))
def test_sorting_by_the_key_is_the_literal_merge(seen: list[int], cmo_size: int) -> None:
    merged = literal_merge(seen, cmo_size)
    assert by_key(seen, cmo_size)[: len(merged)] == merged
    waiting = by_key(seen, cmo_size)[len(merged) :]
    assert all(role is Role.MAH for role, _ in waiting)


@given(st.lists(st.integers(0, 8), max_size=12).map(sorted), st.integers(8, 12))
def test_with_all_held_every_entry_has_its_place(seen: list[int], cmo_size: int) -> None:
    assert by_key(seen, cmo_size) == literal_merge(seen, cmo_size)
    assert len(by_key(seen, cmo_size)) == len(seen) + cmo_size


def test_an_entry_that_saw_one_comes_after_it_and_before_the_next() -> None:
    assert by_key([0, 1, 1], 2) == [(Role.MAH, 0), (Role.CMO, 0), (Role.MAH, 1), (Role.MAH, 2), (Role.CMO, 1)]
