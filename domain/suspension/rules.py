"""What the steps of a suspension must fulfil. Deciding and judging run these same checks."""

from domain.agreement.in_force import agreements_in
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, evidence, evidence_of
from domain.judging.context import Context, Proposed
from domain.regulatory_measure.in_force import MANUFACTURING, check_no_measure
from domain.risk import names as risk
from domain.steps.history import history_for
from domain.steps.rules import rules_of_steps
from domain.steps.scopes import told_scope
from domain.steps.subjects import own_subject
from domain.suspension import names as n
from domain.suspension.crossing import is_lifting_overtaken
from domain.suspension.errors import SuspendedError, SuspensionStateError
from domain.suspension.lifting import is_lifted, signatures_of

_MEASURES = (risk.MEASURE_TAKEN, risk.REVIEW_MEASURE_TAKEN)


def check_began(proposed: Proposed, context: Context) -> None:
    """Ask that a suspension begins once, and that the risk it names is one.

    Source: NMPA 134/2025 (V), "manufacturing shall be immediately suspended".

    Raises:
        EvidenceNotFoundError: what is named is no risk in the context.
        SuspensionStateError: it began already.
    """
    if proposed.body.risk is not None:
        evidence(context, proposed.body.risk, risk.RAISED)
    if history_for(proposed, context).opening is not None:
        raise SuspensionStateError("the suspension began already")


def check_followed(proposed: Proposed, context: Context) -> None:
    """Ask that the manufacturer follows a demand of the holder, once.

    Source: NMPA 134/2025 (V), "manufacturing shall be immediately suspended".

    Raises:
        EvidenceNotFoundError: what is named is not the demand that opened this suspension.
        SuspensionStateError: it was followed already.
    """
    evidence_of(context, proposed.role.other, own_subject(proposed), proposed.body.demand, n.DEMANDED)
    if history_for(proposed, context).of(n.FOLLOWED):
        raise SuspensionStateError("manufacturing was stopped on this demand already")


def check_lift_signed(proposed: Proposed, context: Context) -> None:
    """Ask that a party signs once, on measures against risks, and that no regulator's measure binds.

    After a correction that made the scope wider, who signed before signs anew.

    Source: NMPA 134/2025 (V), "effective risk control measures shall be taken jointly with the MAHs"; (XXII),
    "suspension of manufacturing and sales".

    Raises:
        EvidenceNotFoundError: what is named is no measure that was taken against a risk.
        SuspensionStateError: lifted already, or signed already by this party.
        SuspendedError: `gate.suspension`: the other signature crossed a stop that still stands.
        RegulatoryMeasureError: `gate.regulatory_measure`.
    """
    for ref in proposed.body.measures:
        if context.is_disputed(evidence(context, ref, *_MEASURES)):
            raise EvidenceNotFoundError(f"{ref.journal} {ref.position} is disputed; it is no measure to rely on")
    history = history_for(proposed, context)
    if is_lifted(history, agreements_in(context)):
        raise SuspensionStateError("the suspension is lifted already")
    if proposed.role in signatures_of(history):
        raise SuspensionStateError(f"the {proposed.role.value} has signed already")
    if is_lifting_overtaken(history, context):
        raise SuspendedError("what was signed crossed another stop of the same scope; that is lifted first")
    check_no_measure(context, told_scope(history), MANUFACTURING)


RULES: dict[str, Rule] = {
    **rules_of_steps("suspension"),
    n.DEMANDED: check_began,
    n.STARTED: check_began,
    n.FOLLOWED: check_followed,
    n.LIFT_SIGNED: check_lift_signed,
    n.REVIEW_LIFT_SIGNED: check_lift_signed,
}
"""The rule of each event type of this matter; a batch may be disposed of at any time."""
