"""Why an entry of the protocol itself does not fit. Place and pairing are judged in `domain.judging.subjects`."""

from domain.errors import DomainError


class ProtocolStateError(DomainError):
    """An entry of the protocol does not fit what was said before."""

    code = "protocol.wrong_state"
    slug = "state-transition"
    refusal = "entry.wrong_state"


class NothingDisputedError(DomainError):
    """What is named was not refused, or the refusal does not name it."""

    code = "dispute.nothing"
    slug = "validation"
    refusal = "entry.wrong_reference"


class NotErasableError(DomainError):
    """What is named is no own entry whose body may be erased."""

    code = "erasure.not_erasable"
    slug = "state-transition"
    refusal = "entry.wrong_state"
