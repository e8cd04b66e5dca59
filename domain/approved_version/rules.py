"""What the steps of a version of a process or standard must fulfil. Deciding and judging run these same checks."""

from domain.approved_version import names as n
from domain.approved_version.errors import ApprovedVersionStateError
from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.steps.history import history_for
from domain.steps.rules import rules_of_steps


def check_approved(proposed: Proposed, context: Context) -> None:
    """Ask that a version is approved once; another version, also for the same product and site, is approved anew.

    Source: NMPA 134/2025 (I), "the prescriptions and manufacturing processes approved".

    Raises:
        ApprovedVersionStateError: it is approved already.
    """
    if history_for(proposed, context).opening is not None:
        raise ApprovedVersionStateError("the version is approved already; another one is approved anew")


def check_withdrawn(proposed: Proposed, context: Context) -> None:
    """Ask that a version is withdrawn once; a second word is recorded and marked, and the earlier day holds.

    Source: NMPA 134/2025 (I), "the prescriptions and manufacturing processes approved".

    Raises:
        ApprovedVersionStateError: it is withdrawn already.
    """
    if history_for(proposed, context).relied(*n.WITHDRAWALS):
        raise ApprovedVersionStateError("the version is withdrawn already")


RULES: dict[str, Rule] = {
    **{name: rule for kind in n.KINDS for name, rule in rules_of_steps(kind).items()},
    **dict.fromkeys(n.APPROVALS, check_approved),
    **dict.fromkeys(n.WITHDRAWALS, check_withdrawn),
}
"""The rule of each event type of both kinds."""
