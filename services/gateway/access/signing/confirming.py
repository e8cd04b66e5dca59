"""Confirming signatures: each person who signs sends a password or a one-time code with the signature.

What was sent is compared and forgotten: it is in no entry, log, answer or row. An attempt counts as failed before it is
looked at and is forgiven when it was right, so neither a crash nor many guesses at once get around the lock.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from domain.parties.right import PERSON
from events.encoding.moments import format_moment
from events.stored.access import StoredSigningSecret
from services.gateway.access.errors import TokenRequestError
from services.gateway.access.signing.errors import (
    ConfirmationLockedError,
    ConfirmationMissingError,
    ConfirmationRefusedError,
    NotEnrolledError,
)
from services.gateway.access.signing.secrets import (
    CODE_SECRET_BYTES,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    address_of,
    hashed_password,
    is_password,
    step_of_code,
)
from services.gateway.ports.clock import Chance, Clock
from services.gateway.ports.sealing import Sealing
from services.gateway.ports.store import Store

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)

_SALT_BYTES = 16


class Policy(StrEnum):
    """Of whom a confirmation is asked: of everybody who signs, or of those who have something to confirm with."""

    REQUIRED = "required"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What was sent with a signature: a password or a one-time code."""

    password: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)


class Enrolling:
    """Gives people what they confirm their signatures with; what they had before is replaced, and no lock stays."""

    def __init__(self, store: Store, sealing: Sealing, chance: Chance) -> None:
        self._store = store
        self._sealing = sealing
        self._chance = chance

    def password(self, person: str, password: str, at: datetime) -> None:
        """Keep the hash of a password.

        Raises:
            TokenRequestError: it is too short or too long.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise TokenRequestError("password", f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
        self._keep(StoredSigningSecret(person, hashed_password(password, self._chance(_SALT_BYTES)), b""), at)

    def codes(self, person: str, issuer: str, at: datetime) -> str:
        """Make a secret for one-time codes; return its address for an authenticator, to be shown once."""
        secret = self._chance(CODE_SECRET_BYTES)
        self._keep(StoredSigningSecret(person, b"", self._sealing.seal(secret, purpose_of(person))), at)
        return address_of(secret, person, issuer)

    def _keep(self, made: StoredSigningSecret, at: datetime) -> None:
        with self._store.writing() as writing:
            writing.save_signing_secret(replace(made, changed_at=format_moment(at)))


class Confirming:
    """Asks for a confirmation of each signature."""

    def __init__(self, store: Store, clock: Clock, sealing: Sealing, policy: Policy = Policy.REQUIRED) -> None:
        self._store = store
        self._clock = clock
        self._sealing = sealing
        self._policy = policy
        self._turn = Lock()  # one process has the store; its threads take turns

    def confirm(self, actor: str, given: Confirmation | None) -> None:
        """Ask that a signature is confirmed by the person who signs; a system signs nothing, which its right says.

        Raises:
            ConfirmationMissingError, NotEnrolledError: nothing confirms it.
            ConfirmationRefusedError, ConfirmationLockedError: what was sent does not.
        """
        if not actor.startswith(PERSON):
            return
        person = actor.removeprefix(PERSON)
        if given is None:
            self._ask(person)
        elif not self._is_right(person, given):
            raise ConfirmationRefusedError("the password or code is not right, or the code was used before")

    def _ask(self, person: str) -> None:
        with self._store.reading() as reading:
            kept = reading.signing_secret(person)
        if kept is None and self._policy is Policy.ENROLLED:
            return
        if kept is None:
            raise NotEnrolledError(f"{person} has nothing to sign with yet; try: counterfoil signer enrol {person}")
        raise ConfirmationMissingError("send signature.confirmation with your password or one-time code")

    def _is_right(self, person: str, given: Confirmation) -> bool:
        at = self._clock.now()
        kept = self._attempt(person, at)
        if given.password is not None:
            right, step = is_password(given.password, kept.password) and bool(kept.password), None
        else:
            step = self._step_of(kept, given.code or "", at)
            right = step is not None
        return right and self._forgive(person, step)

    def _step_of(self, kept: StoredSigningSecret, code: str, at: datetime) -> int | None:
        if not kept.code_secret:
            return None
        secret = self._sealing.open(kept.code_secret, purpose_of(kept.person))
        return step_of_code(code, secret, at.timestamp())

    def _attempt(self, person: str, at: datetime) -> StoredSigningSecret:
        """Count an attempt as failed, before it is looked at."""
        with self._turn, self._store.writing() as writing:
            kept = writing.signing_secret(person)
            if kept is None:
                raise NotEnrolledError(f"{person} has nothing to sign with yet; try: counterfoil signer enrol {person}")
            if kept.locked_until is not None and format_moment(at) < kept.locked_until:
                raise ConfirmationLockedError(f"too many failures; try again after {kept.locked_until}")
            failures = kept.failures + 1
            locked = format_moment(at + LOCKED_FOR) if failures >= MOST_FAILURES else None
            writing.save_signing_secret(replace(kept, failures=failures, locked_until=locked))
        return kept

    def _forgive(self, person: str, step: int | None) -> bool:
        """Forget the failures after a right confirmation, unless its code was used meanwhile."""
        with self._turn, self._store.writing() as writing:
            kept = writing.signing_secret(person)
            if kept is None or (step is not None and step <= kept.last_step):
                return False
            last = kept.last_step if step is None else step
            writing.save_signing_secret(replace(kept, failures=0, locked_until=None, last_step=last))
        return True


def purpose_of(person: str) -> str:
    """Return what a person's sealed secret is sealed to."""
    return f"one-time codes of {person}"
