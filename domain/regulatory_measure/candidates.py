"""What the steps of a regulatory measure could name now."""

from domain.regulatory_measure import names as n
from domain.steps.candidates import Candidates, saying

_SOME_DOCUMENTS = ("0" * 64, "f" * 64)
"""Two hashes, of which one at least is not that of the document that ordered the measure."""

CANDIDATES: dict[str, Candidates] = {
    n.ENDED: saying(document=_SOME_DOCUMENTS),
}
"""By event type."""
