"""Who may record what a regulator ordered, and that it ended."""

from domain.citations import Citation
from domain.parties.right import SIGNERS, STAFF, Right, rights_of_steps
from domain.regulatory_measure import names as n

ORDERED = Citation("NMPA 134/2025", "(XXII)", "risk control measures such as suspension of manufacturing and sales")

RIGHTS = (
    Right((n.RECORDED,), STAFF | SIGNERS, ORDERED),
    Right((n.ENDED,), SIGNERS, ORDERED),
    *rights_of_steps("regulatory_measure"),
)
"""The rights of the matter."""
