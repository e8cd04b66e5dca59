"""Bearer tokens as they are kept: hashed, with person, roles come from the journal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A bearer token: only the SHA-256 of the secret is kept."""

    id: str
    digest: bytes
    actor: str  # person/<id> or system/<name>
    role: str  # the most the token may do (interfaces.md 12); a person's own roles bound it too
    label: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None = None
    bound_to: str | None = None  # `<MAH>/<CMO>`: the one relationship that it sees; None: all
