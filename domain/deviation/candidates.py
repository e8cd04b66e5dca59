"""What the steps of a deviation could name now."""

from domain.deviation import names as n
from domain.steps.candidates import Candidates, Maybe, naming

CANDIDATES: dict[str, Candidates] = {
    n.CLOSED: naming(investigation=n.INVESTIGATED, approval=Maybe((n.CLOSURE_APPROVED,))),
    n.CLOSURE_APPROVED: naming(investigation=n.INVESTIGATED),
    n.CLOSURE_REJECTED: naming(investigation=n.INVESTIGATED),
}
"""By event type."""
