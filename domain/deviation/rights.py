"""Who may say what about deviations."""

from domain.deviation import names as n
from domain.parties.right import HANDLED, POLICY, RECORDERS, SIGNERS, STAFF, Right, rights_of_steps

RIGHTS = (
    Right((n.OPENED, n.CLASSIFIED), RECORDERS, HANDLED),
    Right((n.INVESTIGATED,), STAFF, HANDLED),
    *rights_of_steps("deviation"),
    Right((n.CLOSED,), SIGNERS, HANDLED),
    Right((n.CLOSURE_APPROVED, n.CLOSURE_REJECTED), SIGNERS, POLICY),
)
"""The rights of the matter."""
