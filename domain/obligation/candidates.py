"""What the steps of an obligation could name now; which other one takes its place is not known beforehand."""

from domain.obligation import names as n
from domain.steps.candidates import Candidates, listing

CANDIDATES: dict[str, Candidates] = {
    n.FULFILLED: listing("evidence", n.REGISTERED),
}
"""By event type."""
