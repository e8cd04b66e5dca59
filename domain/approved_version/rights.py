"""Who may approve and withdraw versions of processes and standards, of the holder's people."""

from domain.approved_version import names as n
from domain.citations import Citation
from domain.parties.right import SIGNERS, STAFF, Right, rights_of_steps

APPROVED = Citation(
    "NMPA 134/2025",
    "(I)",
    "organize manufacturing in accordance with national drug standards and the prescriptions and manufacturing "
    "processes approved",
)

RIGHTS = (
    Right(n.APPROVALS, SIGNERS, APPROVED),
    Right(n.WITHDRAWALS, STAFF | SIGNERS, APPROVED),
    *(right for kind in n.KINDS for right in rights_of_steps(kind)),
)
"""The rights of both kinds."""
