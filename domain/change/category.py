"""Which category a change belongs in (G7): that of both opinions, and where they differ the higher one."""

from collections.abc import Sequence

from domain.change import names as n
from domain.change.errors import CategoryError
from domain.judging.history import PastEvent
from domain.steps.history import History
from events.encoding.identifiers import Role

ORDER = ("no_registration_effect", "reporting", "filing", "approval")
"""The categories, the highest last."""

STEP_OF = {"approval": "approval_certificate", "filing": "filing_record", "reporting": "annual_report_queued"}
"""What each category asks of the regulator before the change is implemented."""


def latest_opinions(history: History) -> list[PastEvent]:
    """Return each party's last opinion that can be relied on."""
    return [said[-1] for role in Role if (said := history.by(role, *n.OPINIONS))]


def determined(history: History) -> PastEvent | None:
    """Return the last determination of the category that can be relied on."""
    found = history.relied(n.DETERMINED)
    return found[-1] if found else None


def check_category(history: History, opinions: Sequence[PastEvent], category: str) -> None:
    """Ask that a category is the higher of two opinions, and lower than before only where both agree.

    Source: NMPA 134/2025 (IX), "where both contract parties fail to reach consensus on the category of changes".

    Raises:
        CategoryError: `gate.change_category`.
    """
    said = [str(opinion.body.category) for opinion in opinions]
    higher = max(said, key=ORDER.index)
    if category != higher:
        raise CategoryError(f"the opinions are {' and '.join(said)}; the category is {higher}")
    before = determined(history)
    is_lower = before is not None and ORDER.index(category) < ORDER.index(before.body.category)
    if is_lower and len(set(said)) > 1:
        raise CategoryError("a lower category than before needs the same opinion of both")
