"""What the steps of an obligation must fulfil. Deciding and judging run these same checks."""

from domain.agreement.rules import AGREEMENT
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, check_there, evidence
from domain.judging.context import Context, Proposed
from domain.obligation import names as n
from domain.obligation.errors import ObligationStateError, UnknownClauseError
from domain.steps.history import history_for
from domain.steps.rules import rules_of_steps
from events.catalogue.agreement import AgreementDrafted


def check_registered(proposed: Proposed, context: Context) -> None:
    """Ask that an obligation is registered once, from a clause of an agreement.

    An agreement whose terms stand in an attached file has none in its draft; then any clause may be named.

    Source: NMPA 134/2025 (I), "the obligations and responsibilities agreed upon in the contract manufacturing agreement
    and quality agreement".

    Raises:
        EvidenceNotFoundError: what is named is no draft of an agreement in the context.
        UnknownClauseError: no term of that draft has this clause.
        ObligationStateError: it is registered already.
    """
    draft = evidence(context, proposed.body.agreement, AGREEMENT.drafted)
    if history_for(proposed, context).opening is not None:
        raise ObligationStateError("the obligation is registered already")
    terms = draft.body.terms if isinstance(draft.body, AgreementDrafted) else []
    if terms and proposed.body.clause not in {term.clause for term in terms}:
        raise UnknownClauseError(f"version {draft.body.version} of the agreement has no clause {proposed.body.clause}")


def check_superseded(proposed: Proposed, context: Context) -> None:
    """Ask that an obligation is superseded once, by another that is registered.

    Source: NMPA 134/2025 (XV), "update the contract manufacturing agreement and quality agreement in a timely manner".

    Raises:
        EvidenceNotFoundError: what is named is no other obligation in the context.
        ObligationStateError: it is superseded already.
    """
    successor = evidence(context, proposed.body.successor, n.REGISTERED)
    if successor.role is proposed.role and successor.head is not None and successor.head.subject == proposed.subject:
        raise EvidenceNotFoundError("an obligation does not supersede itself")
    if history_for(proposed, context).relied(n.SUPERSEDED):
        raise ObligationStateError("the obligation is superseded already")


def check_fulfilled(proposed: Proposed, context: Context) -> None:
    """Ask that every entry that shows the fulfilment is one, and that the obligation still stands.

    Source: NMPA 134/2025 (XV), "strictly perform the obligations and responsibilities agreed in the agreements".

    Raises:
        EvidenceNotFoundError: what is named is no accepted entry of the context.
        ObligationStateError: it was superseded.
    """
    check_there(context, proposed.body.evidence)
    if history_for(proposed, context).relied(n.SUPERSEDED):
        raise ObligationStateError("the obligation was superseded; its successor is fulfilled")


RULES: dict[str, Rule] = {
    **rules_of_steps("obligation"),
    n.REGISTERED: check_registered,
    n.SUPERSEDED: check_superseded,
    n.FULFILLED: check_fulfilled,
}
"""The rule of each event type of this matter."""
