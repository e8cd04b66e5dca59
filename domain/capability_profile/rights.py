"""Who may publish the manufacturer's capability and say what changed in it."""

from domain.capability_profile import names as n
from domain.citations import Citation
from domain.parties.right import STAFF, Right, rights_of_steps

CAPABLE = Citation(
    "NMPA 134/2025", "(II)", "organizational structures, personnel, premises, and equipment matching the products"
)

RIGHTS = (Right((n.PUBLISHED, n.CHANGED), STAFF, CAPABLE), *rights_of_steps("capability_profile"))
"""The rights of the matter."""
