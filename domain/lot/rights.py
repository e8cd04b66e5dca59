"""Who may allocate and use lots."""

from domain.citations import Citation
from domain.lot import names as n
from domain.parties.right import RECORDERS, SIGNERS, STAFF, Right, rights_of_steps

SEGREGATED = Citation(
    "NMPA 134/2025", "(X)", "ensure that manufacturing processes are mutually independent and strictly segregated"
)

RIGHTS = (
    Right((n.ALLOCATED,), STAFF | SIGNERS, SEGREGATED),
    Right((n.USED, n.BREACH_FOUND), RECORDERS, SEGREGATED),
    *rights_of_steps("lot"),
)
"""The rights of the matter."""
