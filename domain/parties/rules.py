"""What statements about people must fulfil. Deciding and judging run these same checks."""

from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.parties.errors import PeriodError
from domain.parties.people import AUTHORISED, WITHDRAWN


def check_period(proposed: Proposed, context: Context) -> None:
    """Ask that roles are given or taken for a time that does not end before it begins.

    Raises:
        PeriodError: `to` is not after `from`.
    """
    del context
    body = proposed.body
    if body.to is not None and body.to <= body.from_:
        raise PeriodError(f"from {body.from_} to {body.to}: the end is not after the beginning")


RULES: dict[str, Rule] = {AUTHORISED: check_period, WITHDRAWN: check_period}
"""The rule of each event type of this matter."""
