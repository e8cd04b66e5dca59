"""What the steps of a regulatory measure could name now."""

from collections.abc import Iterable

from domain.clocks.clock import day_of
from domain.regulatory_measure import names as n
from domain.steps.candidates import Asking, Candidate, Candidates


def _some_documents(asking: Asking) -> Iterable[Candidate]:
    """Return hashes of which one at least is not that of the document that ordered the measure, as ever told."""
    today = day_of(asking.at).isoformat()
    return [{"document": f"{number:064x}", "ended_at": today} for number in range(len(asking.history.own) + 1)]


CANDIDATES: dict[str, Candidates] = {n.ENDED: _some_documents}
"""By event type."""
