"""Bearer tokens as they are kept: hashed, with person, roles come from the journal."""

from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class StoredSigningSecret:
    """What confirms a person's signatures: the scrypt hash of a password, or a sealed secret of one-time codes.

    `last_step` is the step of time of the last code that was used; `failures` are those since the last success.
    """

    person: str  # without person/
    password: bytes = field(repr=False)  # empty: there is none
    code_secret: bytes = field(repr=False)  # sealed; empty: there is none
    last_step: int = 0
    failures: int = 0
    locked_until: str | None = None
    changed_at: str = ""
