"""What the steps of a risk must fulfil. Deciding and judging run these same checks."""

from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, evidence
from domain.judging.context import Context, Proposed
from domain.risk import names as n
from domain.risk.errors import MeasuresNotSignedError, RiskStateError, RiskSuspendsError
from domain.steps.history import History, history_for
from domain.steps.rules import rules_of_steps
from domain.suspension.blocks import is_suspending
from events.encoding.identifiers import Role

_MEASURES = (n.MEASURE_TAKEN, n.REVIEW_MEASURE_TAKEN)
_SIGNED = (n.MEASURES_SIGNED, n.REVIEW_MEASURES_SIGNED)
_DEVIATION = "deviation.opened.v1"


def check_raised(proposed: Proposed, context: Context) -> None:
    """Ask that a risk is raised once, and that the deviation it names is one.

    Source: NMPA 134/2025 (V), "if any quality risk or compliance risk is identified".

    Raises:
        EvidenceNotFoundError: what is named is no deviation in the context.
        RiskStateError: it is raised already.
    """
    if proposed.body.deviation is not None:
        evidence(context, proposed.body.deviation, _DEVIATION)
    if history_for(proposed, context).opening is not None:
        raise RiskStateError("the risk is raised already")


def check_open(proposed: Proposed, context: Context) -> None:
    """Ask that the risk is not closed; a word on the class after that is recorded, marked, and suspends all the same.

    Source: NMPA 134/2025 (V), "in case of major quality risks or compliance risks".

    Raises:
        RiskStateError: it is closed.
    """
    if history_for(proposed, context).relied(n.CLOSED):
        raise RiskStateError("the risk is closed")


def check_signed(proposed: Proposed, context: Context) -> None:
    """Ask that a party signs measures that were taken against this very risk.

    Source: NMPA 134/2025 (V), "effective risk control measures shall be taken jointly with the MAHs".

    Raises:
        EvidenceNotFoundError: what is named is no measure of this risk that can be relied on.
        RiskStateError: the risk is closed.
    """
    _check_measures(history_for(proposed, context), proposed)
    check_open(proposed, context)


def check_closed(proposed: Proposed, context: Context) -> None:
    """Ask that a risk is closed once, classified, on measures that both parties signed, and once it suspends nothing.

    One party closes it, and only those whom the agreement names let manufacturing go on: so a risk that a party ever
    called major is closed after a suspension that names it and has its scope was lifted (`domain.suspension.blocks`).

    Source: NMPA 134/2025 (V), "effective risk control measures shall be taken jointly with the MAHs", "manufacturing
    shall be immediately suspended".

    Raises:
        EvidenceNotFoundError: what is named is no measure of this risk that can be relied on.
        RiskStateError: it is closed, or nobody classified it.
        MeasuresNotSignedError: a measure lacks the signature of a party.
        RiskSuspendsError: what it suspends is not lifted.
    """
    history = history_for(proposed, context)
    _check_measures(history, proposed)
    check_open(proposed, context)
    if not history.relied(n.CLASSIFIED, n.REVIEW_CLASSIFIED):
        raise RiskStateError("nobody has classified the risk")
    for role in Role:
        signed = {(ref.journal, ref.position) for past in history.by(role, *_SIGNED) for ref in past.body.measures}
        if any((ref.journal, ref.position) not in signed for ref in proposed.body.measures):
            raise MeasuresNotSignedError(f"the {role.value} has not signed every measure that is named")
    if is_suspending(history, context):
        raise RiskSuspendsError("it was called major; a suspension that names it and has its scope is lifted first")


def _check_measures(history: History, proposed: Proposed) -> None:
    for ref in proposed.body.measures:
        if history.named(ref, *_MEASURES) is None:
            raise EvidenceNotFoundError(f"{ref.journal} {ref.position} is no measure of this risk to rely on")


RULES: dict[str, Rule] = {
    **rules_of_steps("risk"),
    n.RAISED: check_raised,
    n.CLASSIFIED: check_open,
    n.REVIEW_CLASSIFIED: check_open,
    n.MEASURES_SIGNED: check_signed,
    n.REVIEW_MEASURES_SIGNED: check_signed,
    n.CLOSED: check_closed,
}
"""The rule of each event type of this matter; a measure may be taken at any time."""
