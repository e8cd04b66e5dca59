"""Who may say what about risks."""

from domain.citations import Citation
from domain.parties.right import RECORDERS, SIGNERS, STAFF, Right, rights_of_steps
from domain.risk import names as n

JOINTLY = Citation("NMPA 134/2025", "(V)", "effective risk control measures shall be taken jointly with the MAHs")

RIGHTS = (
    Right((n.RAISED,), RECORDERS, JOINTLY),
    Right((n.CLASSIFIED, n.REVIEW_CLASSIFIED, n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN), STAFF, JOINTLY),
    Right((n.MEASURES_SIGNED, n.REVIEW_MEASURES_SIGNED, n.CLOSED), SIGNERS, JOINTLY),
    *rights_of_steps("risk"),
)
"""The rights of the matter."""
