"""What the steps of corrective and preventive actions could name now."""

from collections.abc import Iterable

from domain.capa import names as n
from domain.steps.candidates import Asking, Candidate, Candidates, naming


def _actions(asking: Asking) -> Iterable[Candidate]:
    """Return the completion of each action that was planned."""
    opening = asking.history.opening
    planned = 0 if opening is None else len(opening.body.actions)
    return [{"action": number} for number in range(1, planned + 1)]


CANDIDATES: dict[str, Candidates] = {
    n.ACTION_COMPLETED: _actions,
    n.CLOSED: naming(effectiveness=n.EFFECTIVENESS_CHECKED),
}
"""By event type."""
