"""What a wire may answer instead of carrying."""

from infra.errors import InfraError


class WireUnavailableError(InfraError):
    """The carrier could not be reached, refused, or was closed; some records may have been written. Try again later."""

    code = "wire.unavailable"


class WireAddressError(InfraError):
    """The address names no wire; the text says what would be right. Trying again changes nothing."""

    code = "wire.address"
