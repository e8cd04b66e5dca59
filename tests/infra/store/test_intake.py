"""Commands by key, external numbers, and tokens."""

from dataclasses import replace

import pytest

from infra.store.errors import StoreIntegrityError
from services.gateway.ports.store import Store
from tests.infra.store.samples import MOMENT, answer, external, refused, token

LATER = "2026-12-24T00:00:00.000000Z"


def test_nothing_is_remembered_before_anything_was_asked(store: Store) -> None:
    with store.reading() as reading:
        assert reading.remembered([("token-1", "key-1")]) == {}
        assert reading.external_numbers(1, "qms", ["D-1"]) == {}
        assert reading.refused_commands(1) == []
        assert reading.token(b"\x00" * 32) is None
        assert reading.tokens() == []


def test_an_answer_is_remembered_for_its_caller_and_key(store: Store) -> None:
    mine, yours, other = answer(), answer(caller="token-2"), answer("key-2")

    with store.writing() as writing:
        for one in (mine, yours, other):
            writing.remember([one])
        assert writing.remembered([("token-1", "key-1")]) == {("token-1", "key-1"): mine}

    with store.reading() as reading:
        assert reading.remembered([("token-1", "key-1")]) == {("token-1", "key-1"): mine}
        assert reading.remembered([("token-2", "key-1")]) == {("token-2", "key-1"): yours}
        assert reading.remembered([("token-2", "key-2")]) == {}


def test_answers_are_forgotten_once_they_are_old(store: Store) -> None:
    with store.writing() as writing:
        writing.remember([answer("old-1")])
        writing.remember([answer("old-2")])
        writing.remember([answer("new", at=LATER)])

    with store.writing() as writing:
        assert writing.forget_answers(LATER) == 2
        assert writing.forget_answers(LATER) == 0

    with store.reading() as reading:
        assert reading.remembered([("token-1", "old-1")]) == {}
        assert reading.remembered([("token-1", "new")]) == {("token-1", "new"): answer("new", at=LATER)}


def test_external_numbers_are_known_by_relationship_and_source(store: Store) -> None:
    changed = replace(external("D-1"), digest=b"\x03" * 32)
    odd = external("=1+1 \N{SNOWMAN} ' \"")

    with store.writing() as writing:
        writing.save_external_numbers(1, [external("D-1"), external("D-2"), odd])
        writing.save_external_numbers(1, [external("D-1", source="lims")])
        writing.save_external_numbers(2, [external("D-9")])
        writing.save_external_numbers(1, [changed])
        writing.save_external_numbers(1, [])

    with store.reading() as reading:
        assert reading.external_numbers(1, "qms", ["D-1", "D-9", odd.number]) == {"D-1": changed, odd.number: odd}
        assert reading.external_numbers(1, "lims", ["D-1", "D-2"]) == {"D-1": external("D-1", source="lims")}
        assert reading.external_numbers(1, "qms", []) == {}


def test_thousands_of_external_numbers_are_asked_for_at_once(store: Store) -> None:
    numbers = [f"D-{number}" for number in range(5_000)]

    with store.writing() as writing:
        writing.save_external_numbers(1, [external(number) for number in numbers[::2]])

    with store.reading() as reading:
        assert reading.external_numbers(1, "qms", numbers).keys() == set(numbers[::2])


def test_refused_commands_are_numbered_by_relationship_and_told_oldest_first(store: Store) -> None:
    with store.writing() as writing:
        writing.trace_refused(1, [refused(detail="one"), refused(detail="two")], kept=10)
        writing.trace_refused(2, [refused(detail="of another")], kept=10)
    with store.writing() as writing:
        writing.trace_refused(1, [refused(detail="three \0")], kept=10)

    with store.reading() as reading:
        assert reading.refused_commands(1, limit=2) == [refused(1, "one"), refused(2, "two")]
        assert reading.refused_commands(1, after=2) == [refused(3, "three \ufffd")]
        assert reading.refused_commands(2) == [refused(1, "of another")]


def test_of_refused_commands_the_newest_are_kept(store: Store) -> None:
    with store.writing() as writing:
        writing.trace_refused(2, [refused()], kept=2)
        for _ in range(3):
            writing.trace_refused(1, [refused(), refused()], kept=3)

    with store.reading() as reading:
        assert [each.number for each in reading.refused_commands(1)] == [4, 5, 6]
        assert [each.number for each in reading.refused_commands(2)] == [1]


def test_tokens_are_found_by_their_digest_and_listed_oldest_first(store: Store) -> None:
    first, second = token("t2"), token("t1", at=LATER)
    revoked = replace(second, revoked_at=LATER, expires_at=LATER)

    with store.writing() as writing:
        writing.save_token(second)
        writing.save_token(first)
        writing.save_token(revoked)

    with store.reading() as reading:
        assert reading.token(first.digest) == first
        assert reading.token(second.digest) == revoked
        assert reading.tokens() == [first, revoked]


def test_two_tokens_never_have_one_secret(store: Store) -> None:
    with store.writing() as writing:
        writing.save_token(token("t1"))

    with pytest.raises(StoreIntegrityError), store.writing() as writing:
        writing.save_token(replace(token("t2", at=MOMENT), digest=token("t1").digest))

    with store.reading() as reading:
        assert reading.tokens() == [token("t1")]
