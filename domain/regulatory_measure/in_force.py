"""Which of a regulator's measures bind: recorded by either party, and not ended by the regulator's document (G16)."""

from collections.abc import Collection, Iterator

from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.regulatory_measure import names as n
from domain.regulatory_measure.errors import RegulatoryMeasureError
from domain.steps.crossing import Block
from domain.steps.history import standing_matters
from domain.steps.scopes import first_covering, told

MANUFACTURING = frozenset({"suspend_manufacturing"})
"""Measures that stop manufacturing."""

SALES = frozenset({"suspend_sales", "suspend_use", "recall"})
"""Measures that stop releases, dispatch and sales."""


def measures_in_force(context: Context, labels: Collection[str], measures: Collection[str]) -> list[PastEvent]:
    """Return the recordings of measures of these kinds that bind what carries these labels.

    Also a marked or disputed recording binds: what shuts a gate needs not be relied on.
    """
    return [recorded for recorded, block in _ordered(context, labels, measures) if block.is_open]


def measures_on(context: Context, labels: Collection[str], measures: Collection[str]) -> Iterator[Block]:
    """Return the recordings of measures of these kinds on what carries these labels, ended or not.

    Where a correction made the recording one of them, the correction is returned: it does not take back what was told
    before it (`domain.steps.scopes`).
    """
    return (block for _, block in _ordered(context, labels, measures))


def _ordered(context: Context, labels: Collection[str], measures: Collection[str]) -> Iterator[tuple[PastEvent, Block]]:
    for history in standing_matters(context, n.RECORDED):
        ordering = (each for each in told(history, "measure") if not each.texts.isdisjoint(measures))
        since = first_covering(ordering, labels)
        if since is not None and history.opening is not None:
            yield history.opening, Block(since.past, not history.relied(n.ENDED))


def check_no_measure(context: Context, labels: Collection[str], measures: Collection[str]) -> None:
    """Ask that no regulator's measure of these kinds binds what carries these labels.

    Source: NMPA 134/2025 (XXII), "risk control measures such as suspension of manufacturing and sales".

    Raises:
        RegulatoryMeasureError: `gate.regulatory_measure`; each measure is named.
    """
    binding = measures_in_force(context, labels, measures)
    if binding:
        named = ", ".join(f"{past.body.number} by decision {past.body.decision_number}" for past in binding)
        raise RegulatoryMeasureError(f"in force: {named}; only the regulator's document ends it")
