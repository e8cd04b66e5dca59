"""What the steps of a suspension could name now; a lifting need name no measure."""

from domain.steps.candidates import Candidates, naming
from domain.suspension import names as n

CANDIDATES: dict[str, Candidates] = {n.FOLLOWED: naming(demand=n.DEMANDED)}
"""By event type."""
