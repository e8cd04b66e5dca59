"""Who may say what about corrective and preventive actions."""

from domain.capa import names as n
from domain.parties.right import POLICY, RECORDERS, SIGNERS, STAFF, Right, rights_of_steps

RIGHTS = (
    Right((n.OPENED,), RECORDERS, POLICY),
    Right((n.ACTION_COMPLETED, n.EFFECTIVENESS_CHECKED), STAFF, POLICY),
    Right((n.CLOSED,), SIGNERS, POLICY),
    *rights_of_steps("capa"),
)
"""The rights of the matter."""
