"""What stops work on a batch, and which work was done against it and told: facts that broke a gate (G4, G8, G16).

Such a fact is taken and marked, and leads to a deviation whose `cause` it is. Its author may leave that deviation out:
so whoever releases looks at the facts themselves, each judged again in its own context, where nothing changes any more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.as_read import as_read
from domain.batch import names as n
from domain.batch.errors import MarketingReleaseError
from domain.batch.lineage import Lineage, batch_of, labelled, lineage_of
from domain.batch.standing import is_outdated, marketing_release_of, open_holds
from domain.change import names as change
from domain.change.rules import check_found_implemented
from domain.drafts import Rule
from domain.errors import DomainError
from domain.evidence import names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.lot import names as lot
from domain.lot.rules import check_used
from domain.regulatory_measure.in_force import MANUFACTURING, check_no_measure
from domain.steps.corrections import readings
from domain.steps.history import History, history_of
from domain.steps.stated import contexts_of
from domain.steps.subjects import identity_of
from domain.suspension.blocks import check_not_suspended
from events.encoding.moments import parse_moment

_GATE = "gate."


def check_work_allowed(proposed: Proposed, context: Context) -> None:
    """Ask that no suspension and no regulator's measure stops work on a batch, nor did when it is said to have been.

    Raises:
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    labels = lineage_of(context, identity_of(proposed), proposed.body).labels
    for each in contexts_of(stated_in(proposed.body), proposed.time, context):
        check_not_suspended(each, labels)
        check_no_measure(each, labels, MANUFACTURING)


def stated_in(body: Any) -> str | None:  # noqa: ANN401 - the model of any step of a batch
    """Return when something is said to have been done to a batch; None where that is not stated."""
    found: str | None = getattr(body, "started_at", None) or getattr(body, "completed_at", None)
    return found


def broken_gates(context: Context, lineage: Lineage) -> list[PastEvent]:
    """Return the facts about a batch, and about those that it came from, that broke a gate when they were told."""
    marked = (past for past in _facts(context, lineage) if past.violates and past.name in _GATED)
    return [past for past in marked if _broke_a_gate(past, context)]


def _facts(context: Context, lineage: Lineage) -> Iterator[PastEvent]:
    """Return the entries of the batches, and those of lots and changes that carry one of their numbers."""
    for identity in lineage.identities:
        yield from batch_of(context, identity).all
    for role, kind, identity in labelled(context, lineage.numbers):
        if kind == "change":
            yield from history_of(context, role, kind, identity).all
        elif kind == "lot":
            history = history_of(context, role, kind, identity)
            yield from (past for past in history.of(lot.USED) if _went_into(past, history, lineage))


def _went_into(used: PastEvent, lot_: History, lineage: Lineage) -> bool:
    """Tell whether a lot was used for one of the batches, in any reading of what was told."""
    return any(as_read(said.batch.number) in lineage.numbers for said in readings(used, lot_.own))


def _broke_a_gate(past: PastEvent, context: Context) -> bool:
    """Tell whether a marked fact is marked for a gate: judged once more, whoever was to tell it."""
    if past.head is None:
        return False
    own = Context(past.role, past.position, past.head.seen, context.views)
    head = past.head
    proposed = Proposed(past.role, head.type, head.subject, past.body, head.actor, parse_moment(head.time))
    try:
        _GATED[past.name](proposed, own)
    except DomainError as error:
        return error.refusal.startswith(_GATE)
    return False


def _check_left_permitted(proposed: Proposed, context: Context) -> None:
    """Ask that goods left on a permission of the release for the market that stood, with nothing held.

    Raises:
        MarketingReleaseError: `gate.marketing_release`.
    """
    history = batch_of(context, identity_of(proposed))
    permission, release = history.named(proposed.body.permission, n.DISPATCH_PERMITTED), marketing_release_of(history)
    is_permitted = permission is not None and release is not None and names(permission.body.release, release)
    if not is_permitted or release is None or is_outdated(history, release) or open_holds(history):
        raise MarketingReleaseError("goods left without a permission that stands")


_WORK = (n.STARTED, n.MANUFACTURED, n.SPLIT, n.JOINED, n.REWORKED)

_GATED: Mapping[str, Rule] = {
    **dict.fromkeys(_WORK, check_work_allowed),
    **dict.fromkeys(n.DISPATCHES, _check_left_permitted),
    lot.USED: check_used,
    change.FOUND_IMPLEMENTED: check_found_implemented,
    change.REVIEW_FOUND_IMPLEMENTED: check_found_implemented,
}
"""The facts about a batch that have a gate, each with the rule that says whether it was shut."""
