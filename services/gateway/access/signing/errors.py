"""Why a signature is not confirmed. Neither code nor text ever holds what was sent."""

from services.gateway.access.errors import AccessError


class ConfirmationMissingError(AccessError):
    """Nothing confirms the signature."""

    code = "signature.confirmation_missing"
    slug = "signature-required"


class NotEnrolledError(AccessError):
    """The person has neither a password nor a code to confirm signatures with."""

    code = "signature.not_enrolled"
    slug = "signature-required"


class ConfirmationRefusedError(AccessError):
    """The password or code is not the person's, or the code was used before."""

    code = "signature.refused"
    slug = "signature-invalid"


class ConfirmationLockedError(AccessError):
    """There were too many failures: nothing confirms the person's signatures for a while."""

    code = "signature.locked"
    slug = "signature-invalid"
