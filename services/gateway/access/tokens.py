"""Bearer tokens: made once, shown once, and kept as nothing but their SHA-256.

Trust: whoever holds a token's secret may do what its role lets it do, in the name of its actor, until it expires or is
revoked. Whoever reads the store learns no secret from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from events.encoding.base64 import encode_base64
from events.encoding.identifiers import ACTOR, uuid7
from events.encoding.moments import format_moment
from events.stored.access import StoredToken
from events.stored.relationship import StoredRelationship
from services.gateway.access.errors import (
    TokenBoundError,
    TokenMissingError,
    TokenRefusedError,
    TokenRequestError,
    TokenUnknownError,
)
from services.gateway.access.roles import PERMISSIONS
from services.gateway.ports.clock import Chance
from services.gateway.ports.store import Reading, Store

SECRET_BYTES = 32
MAX_LABEL = 200
MAX_LIFETIME = timedelta(days=3 * 366)
PREFIX = "cft_"
"""What every secret begins with, so that scanners find one that leaked."""

_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a token is asked for: whom it speaks for, the most it may do, what it is for, how long it lives."""

    actor: str  # person/<id> or system/<name>
    role: str  # interfaces.md 12
    label: str = ""
    lifetime: timedelta | None = None  # None: until it is revoked
    bound_to: str | None = None  # `<MAH>/<CMO>`: the one relationship that it sees; None: all


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `secret` is not kept anywhere and cannot be shown again."""

    stored: StoredToken
    secret: str


def make_token(request: TokenRequest, at: datetime, chance: Chance) -> NewToken:
    """Make a token; nothing is kept yet.

    Raises:
        TokenRequestError: the actor, role, label or lifetime is not usable; the error names the field.
    """
    _check(request)
    secret = PREFIX + encode_base64(chance(SECRET_BYTES)).rstrip("=").translate(_URL_SAFE)
    expires_at = None if request.lifetime is None else format_moment(at + request.lifetime)
    token_id = uuid7(int(at.timestamp() * 1000), chance(10))
    stored = StoredToken(
        token_id,
        digest_of(secret),
        request.actor,
        request.role,
        request.label,
        format_moment(at),
        expires_at,
        bound_to=request.bound_to,
    )
    return NewToken(stored, secret)


def create_token(store: Store, request: TokenRequest, at: datetime, chance: Chance) -> NewToken:
    """Make a token and keep its hash.

    Raises:
        TokenRequestError: as `make_token`.
    """
    token = make_token(request, at, chance)
    with store.writing() as writing:
        _check_bound(writing, request.bound_to)
        writing.save_token(token.stored)
    return token


def list_tokens(store: Store) -> Sequence[StoredToken]:
    """Return all tokens, oldest first, those expired and revoked too."""
    with store.reading() as reading:
        return reading.tokens()


def revoke_token(store: Store, token_id: str, at: datetime) -> StoredToken:
    """Revoke a token at once; one that is revoked already stays as it was.

    Raises:
        TokenUnknownError: there is no token with this id.
    """
    with store.writing() as writing:
        token = next((token for token in writing.tokens() if token.id == token_id), None)
        if token is None:
            raise TokenUnknownError("no token has this id; try: list the tokens")
        if token.revoked_at is not None:
            return token
        revoked = replace(token, revoked_at=format_moment(at))
        writing.save_token(revoked)
        return revoked


def find_token(store: Store, secret: str, at: datetime) -> StoredToken:
    """Return the token of a secret, if it is in force at a moment.

    Raises:
        TokenMissingError: the secret is empty.
        TokenRefusedError: it is unknown, revoked or expired.
    """
    if not secret:
        raise TokenMissingError("send the header Authorization: Bearer <token>")
    token = None
    if len(secret) <= _LONGEST_SECRET:
        with store.reading() as reading:
            token = reading.token(digest_of(secret))
    if token is None or not is_in_force(token, at):
        raise TokenRefusedError("the token is unknown, revoked or expired; try: ask for a new one")
    return token


def is_in_force(token: StoredToken, at: datetime) -> bool:
    """Tell whether a token is neither revoked nor expired at a moment."""
    return token.revoked_at is None and (token.expires_at is None or format_moment(at) < token.expires_at)


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()


def relationship_of(store: Store, token: StoredToken) -> StoredRelationship | None:
    """Return the relationship that a token is bound to, None for one that sees all.

    Raises:
        TokenBoundError: this gateway does not have it.
    """
    if token.bound_to is None:
        return None
    with store.reading() as reading:
        found = next((each for each in reading.relationships() if str(each.relationship) == token.bound_to), None)
    if found is None:
        raise TokenBoundError(f"this gateway has no relationship {token.bound_to}")
    return found


_URL_SAFE = str.maketrans("+/", "-_")


def _check_bound(reading: Reading, name: str | None) -> None:
    if name is not None and all(str(each.relationship) != name for each in reading.relationships()):
        raise TokenRequestError("relationship", "this gateway has no such relationship")


def _check(request: TokenRequest) -> None:
    if ACTOR.fullmatch(request.actor) is None:
        raise TokenRequestError("actor", "write person/<id> or system/<name>, without spaces")
    if request.role not in PERMISSIONS:
        raise TokenRequestError("role", f"not a role; one of {', '.join(PERMISSIONS)}")
    if len(request.label) > MAX_LABEL or not request.label.isprintable():
        raise TokenRequestError("label", f"at most {MAX_LABEL} printable characters")
    if request.lifetime is not None and not timedelta(0) < request.lifetime <= MAX_LIFETIME:
        raise TokenRequestError("lifetime", f"more than nothing, and at most {MAX_LIFETIME.days} days")
