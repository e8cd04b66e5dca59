"""Who may stop, and who may sign that it goes on."""

from domain.citations import Citation
from domain.parties.right import POLICY, SIGNERS, STAFF, Right, rights_of_steps
from domain.suspension import names as n

SUSPENDED = Citation("NMPA 134/2025", "(V)", "manufacturing shall be immediately suspended")

RIGHTS = (
    Right((n.DEMANDED, n.STARTED, n.FOLLOWED), STAFF | SIGNERS, SUSPENDED),
    Right((n.BATCH_DISPOSED, n.REVIEW_BATCH_DISPOSED), STAFF | SIGNERS, SUSPENDED),
    Right((n.LIFT_SIGNED, n.REVIEW_LIFT_SIGNED), SIGNERS, POLICY),
    *rights_of_steps("suspension"),
)
"""The rights of the matter; that anybody of quality may stop and only signers let go on is a policy."""
