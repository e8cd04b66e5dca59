"""Who may say what about changes."""

from domain.change import names as n
from domain.citations import Citation
from domain.parties.right import RECORDERS, SIGNERS, STAFF, Right, rights_of_steps

CONTROLLED = Citation("NMPA 134/2025", "(IX)", "shall not be implemented without the approval of MAHs")

RIGHTS = (
    Right((n.PROPOSED, n.FOUND_IMPLEMENTED, n.REVIEW_FOUND_IMPLEMENTED), RECORDERS, CONTROLLED),
    Right((n.STUDIED, n.WITHDRAWN, *n.OPINIONS, *n.STEPS), STAFF, CONTROLLED),
    Right((*n.RISKS, n.RISK_ELIMINATED, n.REVIEW_RISK_ELIMINATED), STAFF, CONTROLLED),
    Right((n.DETERMINED, *n.APPROVALS, n.REVIEW_REJECTED), SIGNERS, CONTROLLED),
    Right((n.IMPLEMENTED, n.REVIEW_IMPLEMENTED), SIGNERS, CONTROLLED),
    *rights_of_steps("change"),
)
"""The rights of the matter."""
