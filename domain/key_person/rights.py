"""Who may register key persons, their deputies and their withdrawal."""

from domain.citations import Citation
from domain.key_person import names as n
from domain.parties.right import STAFF, Right

KEY_PERSONNEL = Citation(
    "NMPA 134/2025", "(XXII)", "the performance of key personnel of both drug contract enterprises"
)

RIGHTS = (Right((n.REGISTERED, n.DELEGATED, n.WITHDRAWN), STAFF, KEY_PERSONNEL),)
"""The rights of the register."""
