"""What the designation of a liaison must fulfil. Deciding and judging run this same check."""

from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.liaison import names as n
from domain.liaison.errors import LiaisonStateError


def check_designated(proposed: Proposed, context: Context) -> None:
    """Ask that each designation stands by itself; the next liaison is designated anew.

    Source: NMPA 134/2025 (VI), "designate a person responsible for connecting with the quality management system of
    MAHs and clarify their responsibilities".

    Raises:
        LiaisonStateError: there is a designation under this id.
    """
    if context.accepted(proposed.role, proposed.subject):
        raise LiaisonStateError("designated already; the next liaison is designated anew")


RULES: dict[str, Rule] = {n.DESIGNATED: check_designated}
"""The rule of the one event type."""
