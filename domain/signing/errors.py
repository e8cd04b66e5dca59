"""Why a signature does not carry its act."""

from domain.errors import DomainError


class SignatureMeaningError(DomainError):
    """The meaning that was signed is not one of the act."""

    code = "signature.wrong_meaning"
    slug = "signature-invalid"
    refusal = "entry.not_permitted"


class SignatureTimeError(DomainError):
    """What is signed says that it was signed after it was recorded, or longer before than a signature lasts."""

    code = "signature.wrong_time"
    slug = "signature-invalid"
    refusal = "entry.not_permitted"


class SelfApprovalError(DomainError):
    """Who signs wrote what is signed; another person of the party has to."""

    code = "signature.self_approval"
    slug = "not-permitted"
    refusal = "entry.not_permitted"
