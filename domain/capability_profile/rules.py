"""What the steps of a capability profile must fulfil. Deciding and judging run these same checks."""

from domain.capability_profile import names as n
from domain.capability_profile.errors import CapabilityProfileStateError
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, evidence
from domain.judging.context import Context, Proposed
from domain.steps.history import history_for
from domain.steps.rules import rules_of_steps


def check_published(proposed: Proposed, context: Context) -> None:
    """Ask that a profile is published once; a new one is published anew.

    Source: NMPA 134/2025 (II), "organizational structures, personnel, premises, and equipment matching the products".

    Raises:
        CapabilityProfileStateError: it is published already.
    """
    if history_for(proposed, context).opening is not None:
        raise CapabilityProfileStateError("told already; a new profile or change is told anew")


def check_changed(proposed: Proposed, context: Context) -> None:
    """Ask that a change is told once, and names the profile that it changes.

    Source: NMPA 134/2025 (II), "ensure that the manufacturing process continuously complies with laws and regulations".

    Raises:
        EvidenceNotFoundError: what is named is no profile that this party published.
        CapabilityProfileStateError: it is told already.
    """
    profile = evidence(context, proposed.body.profile, n.PUBLISHED)
    if profile.role is not proposed.role:
        raise EvidenceNotFoundError("a party changes its own profile")
    check_published(proposed, context)


RULES: dict[str, Rule] = {
    **rules_of_steps("capability_profile"),
    n.PUBLISHED: check_published,
    n.CHANGED: check_changed,
}
"""The rule of each event type of this matter."""
