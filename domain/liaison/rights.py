"""Who may designate the manufacturer's liaison."""

from domain.citations import Citation
from domain.liaison import names as n
from domain.parties.right import SIGNERS, Right

CONNECTED = Citation(
    "NMPA 134/2025",
    "(VI)",
    "designate a person responsible for connecting with the quality management system of MAHs",
)

RIGHTS = (Right((n.DESIGNATED,), SIGNERS, CONNECTED),)
"""The rights of the register."""
