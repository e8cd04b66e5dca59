"""Who may write what the protocol itself knows."""

from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN
from domain.parties.right import ADMIN, COMMUNICATION, MANAGER, POLICY, RUNNERS, Right

RIGHTS = (
    Right(("refusal.disputed.v1", "dispute.settled.v1"), MANAGER, POLICY),
    Right(("calendar.published.v1",), MANAGER | RUNNERS, COMMUNICATION),
    Right((AUTHORISED, WITHDRAWN, NAMED), ADMIN, POLICY),
    Right(("body.erased.v1",), ADMIN, POLICY),
    Right(("relationship.opened.v1", "gateway.announced.v1", "key.rotated.v1"), RUNNERS, POLICY),
    Right(("journal.taken.v1", "entry.refused.v1"), RUNNERS, POLICY),
)
"""The rights of the exchange."""
