"""Who may register obligations and say that they are fulfilled."""

from domain.citations import Citation
from domain.obligation import names as n
from domain.parties.right import STAFF, Right, rights_of_steps

AGREED = Citation(
    "NMPA 134/2025",
    "(I)",
    "earnestly fulfill the obligations and responsibilities agreed upon in the contract manufacturing agreement and "
    "quality agreement",
)

RIGHTS = (
    Right((n.REGISTERED, n.SUPERSEDED, n.FULFILLED), STAFF, AGREED),
    *rights_of_steps("obligation"),
)
"""The rights of the matter."""
