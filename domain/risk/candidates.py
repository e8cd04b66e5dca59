"""What the steps of a risk could name now."""

from domain.risk import names as n
from domain.steps.candidates import Candidates, listing

_MEASURES = listing("measures", n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN)

CANDIDATES: dict[str, Candidates] = {
    n.MEASURES_SIGNED: _MEASURES,
    n.REVIEW_MEASURES_SIGNED: _MEASURES,
    n.CLOSED: _MEASURES,
}
"""By event type."""
