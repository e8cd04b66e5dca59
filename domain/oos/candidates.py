"""What the steps of a result could name now."""

from domain.oos import names as n
from domain.steps.candidates import Candidates, naming

CANDIDATES: dict[str, Candidates] = {
    n.INVALIDATED: naming(phase=n.PHASE_COMPLETED),
    n.DECIDED: naming(about=n.ENDINGS),
}
"""By event type."""
