"""Conclusions heard and drawn: compared once both are there, at exactly the same sizes, in whatever order they come."""

import pytest

from events.conclusions.total import Concluded, Sizes
from events.journal.receipt import NOT_COMPUTED
from services.gateway.exchange.conclusions import KEPT, Conclusions

HERE, LATER = Sizes(3, 7), Sizes(3, 9)
SAME, OTHER = Concluded(HERE, 5).text, Concluded(HERE, 6).text


def concluding(*places: Sizes, total: int = 5) -> Conclusions:
    conclusions = Conclusions()
    for sizes in places:
        conclusions.conclude(Concluded(sizes, total))
    return conclusions


def test_a_receipt_states_what_rows_come_to_only_where_they_stood() -> None:
    conclusions = concluding(HERE)

    assert conclusions.stated_at(HERE) == SAME
    assert conclusions.stated_at(LATER) == NOT_COMPUTED


def test_two_who_conclude_the_same_agree() -> None:
    conclusions = concluding(HERE)

    conclusions.hear(HERE, SAME)

    assert (conclusions.agreed, conclusions.difference) == (HERE, None)


@pytest.mark.parametrize("is_heard_first", [True, False])
def test_a_difference_is_noticed_whichever_comes_first(*, is_heard_first: bool) -> None:
    conclusions = Conclusions()
    if is_heard_first:
        conclusions.hear(HERE, OTHER)
        conclusions.conclude(Concluded(HERE, 5))
    else:
        conclusions.conclude(Concluded(HERE, 5))
        conclusions.hear(HERE, OTHER)

    difference = conclusions.difference
    assert difference is not None
    assert (difference.sizes, difference.own, difference.partner) == (HERE, SAME, OTHER)
    assert str(HERE) in str(difference)


def test_what_is_stated_of_sizes_that_were_passed_lately_is_compared() -> None:
    conclusions = concluding(HERE, LATER)

    conclusions.hear(HERE, OTHER)

    assert conclusions.difference is not None


def test_what_is_stated_of_other_sizes_is_not_compared() -> None:
    conclusions = concluding(LATER)

    conclusions.hear(HERE, OTHER)

    assert (conclusions.agreed, conclusions.difference) == (None, None)


def test_not_computed_is_no_statement() -> None:
    conclusions = concluding(HERE)

    conclusions.hear(HERE, NOT_COMPUTED)

    assert (conclusions.agreed, conclusions.difference) == (None, None)


def test_a_difference_stands_until_both_agree_again() -> None:
    conclusions = concluding(HERE)
    conclusions.hear(HERE, OTHER)

    conclusions.conclude(Concluded(LATER, 5))
    stood = conclusions.difference
    conclusions.hear(LATER, SAME)

    assert stood is not None
    assert conclusions.agreed == LATER
    assert conclusions.difference is None


def test_rows_that_were_built_anew_at_the_same_sizes_are_compared_again() -> None:
    conclusions = concluding(HERE)
    conclusions.hear(HERE, OTHER)

    conclusions.conclude(Concluded(HERE, 6))

    assert (conclusions.agreed, conclusions.difference) == (HERE, None)


def test_an_old_receipt_sent_again_settles_nothing() -> None:
    conclusions = concluding(HERE, LATER)
    conclusions.hear(LATER, OTHER)

    conclusions.hear(HERE, SAME)

    assert conclusions.difference is not None
    assert conclusions.difference.sizes == LATER


def test_items_are_named_for_the_difference_that_was_looked_into_and_no_other() -> None:
    conclusions = concluding(HERE)
    conclusions.hear(HERE, OTHER)
    found = conclusions.difference
    assert found is not None
    conclusions.name(found, ["an item"])
    named = conclusions.difference

    conclusions.conclude(Concluded(LATER, 5))
    conclusions.hear(LATER, OTHER)
    conclusions.name(found, ["another"])

    assert named is not None
    assert named.items == ("an item",)
    assert "an item" in str(named)
    assert conclusions.difference is not None
    assert conclusions.difference.items is None


def test_memory_of_sizes_is_bounded() -> None:
    conclusions = concluding(*(Sizes(1, number) for number in range(3 * KEPT)))

    assert conclusions.stated_at(Sizes(1, 2 * KEPT - 1)) == NOT_COMPUTED
    assert conclusions.stated_at(Sizes(1, 2 * KEPT)) != NOT_COMPUTED
