"""What the steps of a regulatory measure must fulfil. Deciding and judging run these same checks."""

from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.regulatory_measure import names as n
from domain.regulatory_measure.errors import RegulatoryMeasureError, RegulatoryMeasureStateError
from domain.steps.history import history_for
from domain.steps.rules import rules_of_steps
from domain.steps.scopes import told
from domain.steps.stated import is_ahead


def check_recorded(proposed: Proposed, context: Context) -> None:
    """Ask that a measure is recorded once.

    Source: NMPA 134/2025 (XXII), "interviews, warnings, and rectification within a specified time limit".

    Raises:
        RegulatoryMeasureStateError: it is recorded already.
    """
    if history_for(proposed, context).opening is not None:
        raise RegulatoryMeasureStateError("the measure is recorded already")


def check_ended(proposed: Proposed, context: Context) -> None:
    """Ask that a measure is ended once, by another document than the one that ordered it, as recorded or as corrected.

    Source: NMPA 134/2025 (XXII), "risk control measures such as suspension of manufacturing and sales".

    Raises:
        RegulatoryMeasureStateError: it is ended already.
        RegulatoryMeasureError: `gate.regulatory_measure`: the document is the one that ordered the measure, or the day
            on which it ends has not come.
    """
    history = history_for(proposed, context)
    if history.relied(n.ENDED):
        raise RegulatoryMeasureStateError("the measure is ended already")
    if any(proposed.body.document in each.texts for each in told(history, "document")):
        raise RegulatoryMeasureError("the document is the one that ordered the measure, not one that ends it")
    if is_ahead(proposed.body.ended_at, proposed.time):
        raise RegulatoryMeasureError(f"the measure ends on {proposed.body.ended_at}, which has not come yet")


RULES: dict[str, Rule] = {
    **rules_of_steps("regulatory_measure"),
    n.RECORDED: check_recorded,
    n.ENDED: check_ended,
}
"""The rule of each event type of this matter."""
