"""What entries about key persons must fulfil. Deciding and judging run these same checks.

Bodies of earlier entries may have been erased, so nothing here looks into them.
"""

from typing import Any

from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.key_person import names as n
from domain.key_person.errors import KeyPersonPeriodError, KeyPersonStateError
from domain.steps.history import history_for


def check_registered(proposed: Proposed, context: Context) -> None:
    """Ask that a person is registered once under an id, for a time that does not end before it begins.

    Source: NMPA 134/2025 (XXII), "key personnel of both drug contract enterprises"; (XVII), "the head of production,
    head of quality, and qualified person".

    Raises:
        KeyPersonPeriodError: the time ends before it begins.
        KeyPersonStateError: somebody is registered under this id already.
    """
    _check_period(proposed.body)
    if history_for(proposed, context).opening is not None:
        raise KeyPersonStateError("registered already; another post or time is registered anew")


def check_delegated(proposed: Proposed, context: Context) -> None:
    """Ask that a deputy stands in for somebody who still holds the post, for a time that does not end before it begins.

    Source: NMPA 134/2025 (XXII), "key personnel of both drug contract enterprises".

    Raises:
        KeyPersonPeriodError: the time ends before it begins.
        KeyPersonStateError: the person was withdrawn.
    """
    _check_period(proposed.body)
    check_withdrawn(proposed, context)


def check_withdrawn(proposed: Proposed, context: Context) -> None:
    """Ask that a person is withdrawn once.

    Source: NMPA 134/2025 (XXII), "key personnel are found to have inadequate job performance capabilities".

    Raises:
        KeyPersonStateError: the person was withdrawn already.
    """
    if history_for(proposed, context).relied(n.WITHDRAWN):
        raise KeyPersonStateError("the person was withdrawn already")


def _check_period(body: Any) -> None:  # noqa: ANN401 - the bodies have the same fields
    if body.to is not None and body.to < body.from_:
        raise KeyPersonPeriodError(f"from {body.from_} to {body.to}: the end is before the beginning")


RULES: dict[str, Rule] = {
    n.REGISTERED: check_registered,
    n.DELEGATED: check_delegated,
    n.WITHDRAWN: check_withdrawn,
}
"""The rule of each event type of this register."""
