"""Why a step on a lot, or with one, is refused or marked."""

from domain.errors import DomainError
from domain.lot.rights import SEGREGATED


class SegregationError(DomainError):
    """What belongs to one owner's product would be used for another one (G8)."""

    source = SEGREGATED
    code = "segregation.breach"
    refusal = "gate.segregation"
