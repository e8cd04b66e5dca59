"""Why a designation is marked."""

from domain.errors import DomainError
from domain.liaison.rights import CONNECTED


class LiaisonStateError(DomainError):
    """The liaison is designated already under this id."""

    source = CONNECTED
    code = "liaison.wrong_state"
