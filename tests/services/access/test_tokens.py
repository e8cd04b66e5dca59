from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.store.sql_store import SqlStore, open_store
from services.gateway.access.errors import TokenMissingError, TokenRefusedError, TokenRequestError, TokenUnknownError
from services.gateway.access.tokens import (
    TokenRequest,
    create_token,
    digest_of,
    find_token,
    list_tokens,
    make_token,
    revoke_token,
)
from tests.stores import open_new_store

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WANTED = TokenRequest("person/li.na", "qa_staff", "扫码枪", DAY)


def zeros(count: int) -> bytes:
    return bytes(count)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_new_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.close()


def test_a_token_is_found_by_its_secret_and_only_the_hash_is_kept(store: SqlStore, tmp_path: Path) -> None:
    made = create_token(store, WANTED, MONDAY, zeros)

    found = find_token(store, made.secret, MONDAY)

    assert (found.actor, found.role, found.digest) == ("person/li.na", "qa_staff", digest_of(made.secret))
    assert all(made.secret.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_token_ends_at_its_expiry(store: SqlStore) -> None:
    made = create_token(store, WANTED, MONDAY, zeros)

    assert find_token(store, made.secret, MONDAY + DAY - timedelta(microseconds=1)).role == "qa_staff"
    with pytest.raises(TokenRefusedError):
        find_token(store, made.secret, MONDAY + DAY)


def test_a_token_without_a_lifetime_holds_until_it_is_revoked(store: SqlStore) -> None:
    made = create_token(store, TokenRequest("system/mes", "integrator"), MONDAY, zeros)
    later = MONDAY + timedelta(days=9999)
    assert find_token(store, made.secret, later).actor == "system/mes"

    revoked = revoke_token(store, made.stored.id, later)
    again = revoke_token(store, made.stored.id, later + DAY)

    assert revoked.revoked_at == again.revoked_at
    with pytest.raises(TokenRefusedError):
        find_token(store, made.secret, later)


def test_unknown_revoked_and_expired_tokens_get_the_same_answer(store: SqlStore) -> None:
    made = create_token(store, WANTED, MONDAY, zeros)
    told = set()
    for secret, at in (("cft_unknown", MONDAY), (made.secret, MONDAY + DAY), ("x" * 5000, MONDAY), ("\udcff", MONDAY)):
        with pytest.raises(TokenRefusedError) as refused:
            find_token(store, secret, at)
        told.add(str(refused.value))

    assert len(told) == 1


def test_no_secret_is_a_missing_token(store: SqlStore) -> None:
    with pytest.raises(TokenMissingError):
        find_token(store, "", MONDAY)


def test_a_token_that_is_not_there_cannot_be_revoked(store: SqlStore) -> None:
    with pytest.raises(TokenUnknownError):
        revoke_token(store, "01890a5d-ac96-774b-bcce-b302099a8057", MONDAY)


def test_tokens_are_made_beside_a_gateway_that_holds_the_store(store: SqlStore, tmp_path: Path) -> None:
    beside = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", lock=False)
    made = create_token(beside, WANTED, MONDAY, zeros)
    beside.close()

    assert [token.id for token in list_tokens(store)] == [made.stored.id]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (TokenRequest("li.na", "qa_staff"), "actor"),
        (TokenRequest("person/li na", "qa_staff"), "actor"),
        (TokenRequest("person/li.na", "king"), "role"),
        (TokenRequest("person/li.na", "qa_staff", "a\nb"), "label"),
        (TokenRequest("person/li.na", "qa_staff", "x" * 201), "label"),
        (TokenRequest("person/li.na", "qa_staff", "", timedelta(0)), "lifetime"),
        (TokenRequest("person/li.na", "qa_staff", "", timedelta(days=10_000)), "lifetime"),
    ],
)
def test_a_request_that_cannot_be_met_names_its_field(wanted: TokenRequest, field: str) -> None:
    with pytest.raises(TokenRequestError) as refused:
        make_token(wanted, MONDAY, zeros)

    assert refused.value.field == field


@given(st.binary(min_size=32, max_size=32))
def test_every_secret_is_plain_text_that_fits_into_a_header(random: bytes) -> None:
    made = make_token(WANTED, MONDAY, lambda count: random[:count])

    assert made.secret.removeprefix("cft_").replace("-", "").replace("_", "").isalnum()
    assert made.secret.isascii()
