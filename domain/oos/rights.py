"""Who may say what about results out of specification or trend."""

from domain.citations import Citation
from domain.oos import names as n
from domain.parties.right import RECORDERS, SIGNERS, STAFF, Right, rights_of_steps

TOLD = Citation("NMPA 134/2025", "(VII)", "out-of-specification/out-of-trend results")

RIGHTS = (
    Right((n.SUSPECTED,), RECORDERS, TOLD),
    Right((n.PHASE_COMPLETED, n.RETEST_PLANNED, n.CONFIRMED), STAFF, TOLD),
    Right((n.INVALIDATED, n.DECIDED), SIGNERS, TOLD),
    *rights_of_steps("oos"),
)
"""The rights of the matter."""
