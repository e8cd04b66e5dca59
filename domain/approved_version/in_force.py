"""Whether batches of a product may be made on a site and day under a version of a process or standard.

An approval opens, so it has to be relied on; a withdrawal shuts, so it need not be. Both are read as they were signed:
a correction puts right what is shown, and another approval what is effective.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from domain.approved_version import names as n
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.steps.history import history_of
from events.catalogue.registers.approved_versions import ProcessApproved

COMMERCIAL = frozenset({"commercial"})
"""The states of a process under which commercial batches are made."""


def is_effective(
    past: PastEvent,
    context: Context,
    product_code: str,
    site: str,
    day: date,
    *,
    states: Collection[str] = COMMERCIAL,
) -> bool:
    """Tell whether an approved version is effective for a product on a site, on a day of Beijing."""
    return why_not_effective(past, context, product_code, site, day, states=states) is None


def why_not_effective(
    past: PastEvent,
    context: Context,
    product_code: str,
    site: str,
    day: date,
    *,
    states: Collection[str] = COMMERCIAL,
) -> str | None:
    """Say why a version is not effective for a product on a site, on a day of Beijing; None: it is.

    `past` is the approval that somebody names, of either kind; `states` are those that a process may be in.

    Source: NMPA 134/2025 (I), "the prescriptions and manufacturing processes approved".
    """
    body = past.body
    if past.name not in n.APPROVALS or past.head is None or body is None:
        return f"{past.name or 'what is named'} is no approval of a version"
    named = f"{past.head.subject_kind} {body.number}, version {body.version},"
    if past.violates or context.is_disputed(past):
        return f"{named} has an approval that is disputed"
    wrong = _other_place(body, product_code, site) or _other_time(past, context, day)
    if wrong is None and isinstance(body, ProcessApproved) and body.state not in states:
        wrong = f"is approved for {body.state}, not for {' or '.join(sorted(states))}"
    return None if wrong is None else f"{named} {wrong}"


def last_day(past: PastEvent, context: Context) -> date | None:
    """Return the last day on which batches may be made under a version; None while nobody has withdrawn it.

    Of several words on its withdrawal the earliest day holds.
    """
    if past.head is None:
        return None
    history = history_of(context, past.role, past.head.subject_kind, past.head.subject_id)
    return min((date.fromisoformat(each.body.until) for each in history.of(*n.WITHDRAWALS)), default=None)


def _other_place(body: Any, product_code: str, site: str) -> str | None:  # noqa: ANN401 - the model of either kind
    if product_code not in {product.code for product in body.scope.products}:
        return f"is not for product {product_code}"
    return None if site in body.scope.sites else f"is not for site {site}"


def _other_time(past: PastEvent, context: Context, day: date) -> str | None:
    effective_from = past.body.effective_from
    if day < date.fromisoformat(effective_from):
        return f"is effective from {effective_from} on"
    last = last_day(past, context)
    return None if last is None or day <= last else f"was withdrawn; its last day was {last.isoformat()}"
