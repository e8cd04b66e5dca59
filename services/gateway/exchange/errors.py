"""Why the engine does not do what it was asked now. Each leaf has a stable code and the slug of its problem type."""


class EngineError(Exception):
    """The engine did not take a command. Nothing of it was written, unless the leaf says otherwise."""

    code: str = "engine"
    slug: str = "validation"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class UnknownRelationshipError(EngineError):
    """This gateway has no such relationship."""

    code = "relationship.unknown"
    slug = "not-found"


class NotPairedYetError(EngineError):
    """The pairing is not complete: not confirmed here, or the partner's entry 0 has not arrived."""

    code = "relationship.not_paired"
    slug = "state-transition"


class KeyReusedError(EngineError):
    """The idempotency key was used for another request."""

    code = "idempotency.mismatch"
    slug = "idempotency-key-mismatch"


class RefusedByRuleError(EngineError):
    """The entry would be refused by every reader: `refusal` is the code, the detail says why.

    `event` and `subject` are those of the entry.
    """

    code = "entry.refused"
    slug = "state-transition"

    def __init__(self, detail: str, refusal: str, event: str = "", subject: str = "") -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.event = event
        self.subject = subject


class TooManyLabelsError(EngineError):
    """An item has so many labels that the heads of later entries about it would not hold them."""

    code = "labels.too_many"
    slug = "validation"


class PartnerSilentError(EngineError):
    """A guarded act rests on news of the partner that is too old (policy `partner.max_silence`)."""

    code = "partner.silent"
    slug = "partner-silent"


class RetryLaterError(EngineError):
    """Not now; `retry_after` says in how many seconds to try again, with the same idempotency key."""

    code = "engine.busy"
    slug = "unavailable"
    retry_after = 1


class OutboxFullError(RetryLaterError):
    """Too many entries wait for the partner already."""

    code = "outbox.full"
    slug = "partner-unreachable"
    retry_after = 30


class ClockJumpedError(RetryLaterError):
    """The wall clock jumped against the monotonic clock: nothing is signed until they agree again."""

    code = "clock.jumped"
    retry_after = 5


class StoreFailedError(RetryLaterError):
    """The store could not take the transaction, or its outcome is not known; the same key tells."""

    code = "store.failed"


class UpgradeRequiredError(EngineError):
    """It takes another version of this software: the partner's latest pages, or the rule set, are beyond this one."""

    code = "upgrade.required"
    slug = "upgrade-required"


class StoreDamagedError(EngineError):
    """Something stored is not as it was written: nothing is signed in this relationship until people mended it."""

    code = "store.damaged"
    slug = "unavailable"


class SigningStoppedError(EngineError):
    """This gateway signs nothing: its store lacks entries that the partner has seen under its signature."""

    code = "store.behind"
    slug = "unavailable"


class StoppedError(RetryLaterError):
    """The gateway is stopping."""

    code = "engine.stopped"
