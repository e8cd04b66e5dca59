"""What making a batch must fulfil, from its authorisation to its rejection. Deciding and judging run these checks.

What the manufacturer reports is never turned away: a batch that was started, worked on or shipped against a gate is
recorded and marked, and what follows stays shut.
"""

from collections.abc import Iterable
from datetime import date

from domain.approved_version.in_force import last_day
from domain.approved_version.names import PROCESS_APPROVED, STANDARD_APPROVED
from domain.as_read import as_read
from domain.batch import names as n
from domain.batch.dispatch import check_dispatch_permitted, check_dispatched
from domain.batch.errors import BatchStateError, NotAuthorisedError, WithdrawnDocumentError
from domain.batch.lineage import KIND, batch_of, lineage_of
from domain.batch.marketing import check_hold_lifted, check_item_concluded, check_marketing_released
from domain.batch.package import check_submitted
from domain.batch.release import check_factory_released
from domain.batch.work import check_work_allowed, stated_in
from domain.clocks.clock import day_of
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, evidence, evidence_of
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.lot.rules import check_lots
from domain.steps.errors import CorrectionInvalidError
from domain.steps.history import History
from domain.steps.rules import check_corrected, rules_of_steps
from domain.steps.stated import day_signed, day_stated, is_ahead
from domain.steps.subjects import identity_of
from events.encoding.identifiers import Role

_IDENTITY = frozenset({"number", "product", "line", "site", "parents"})
"""What makes a batch the one it is: it is not corrected, the batch is entered anew."""


def check_authorised(proposed: Proposed, context: Context) -> None:
    """Ask that a batch is authorised once, under documents of the holder, with its own lots, while nothing stops it.

    A document may come into effect until the batch is started; one whose last day has passed does not.

    A batch that was started without one may be authorised later; that it was late stays visible.

    Source: NMPA 134/2025 (I), "organize manufacturing in accordance with national drug standards"; (V), "manufacturing
    shall be immediately suspended"; (X), "to avoid confusion and ensure traceability".

    Raises:
        EvidenceNotFoundError: a document, a lot or a parent that is named is none.
        BatchStateError: authorised or rejected already, or another batch of the product has the number.
        WithdrawnDocumentError: `gate.process_documents`.
        SuspendedError, RegulatoryMeasureError, SegregationError: `gate.suspension` and so on.
    """
    body, history = proposed.body, batch_of(context, identity_of(proposed))
    documents = [
        evidence(context, body.process_version, PROCESS_APPROVED),
        evidence(context, body.standard_version, STANDARD_APPROVED),
    ]
    _check_parents(proposed, context)
    if history.of(*n.REJECTIONS):
        raise BatchStateError("the batch was rejected")
    if history.relied(n.AUTHORISED):
        raise BatchStateError("the batch is authorised already")
    _check_identity(proposed, context, history)
    _check_not_withdrawn(documents, context, day_of(proposed.time))
    check_work_allowed(proposed, context)
    check_lots(context, body.lots, body.product.code)


def check_started(proposed: Proposed, context: Context) -> None:
    """Mark a batch that was started without an authorisation, elsewhere than was authorised, or against what stops it.

    What stops it is asked on its record and as stated. A start that is marked may be said again, once it is authorised.

    Source: NMPA 134/2025 (V), "manufacturing shall be immediately suspended"; (XIII), "shall not conceal the real
    situation or provide false materials".

    Raises:
        EvidenceNotFoundError: what is named authorised no such batch.
        BatchStateError: it was started already or is to be, or is another batch than was authorised.
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    body, history = proposed.body, batch_of(context, identity_of(proposed))
    named = None
    if body.authorisation is not None:
        named = evidence_of(context, Role.CMO, proposed.subject, body.authorisation, n.AUTHORISED)
    _check_parents(proposed, context)
    check_work_allowed(proposed, context)
    if named is None or not history.is_relied_on(named):
        raise NotAuthorisedError("the batch was started without an authorisation")
    stated = stated_in(body)
    if stated is not None and day_stated(stated) < day_signed(named):
        raise NotAuthorisedError("the batch was started on a day before its authorisation was signed")
    if body.site != named.body.site or named.body.line not in (None, body.line):
        raise NotAuthorisedError("the batch was started on another site or line than was authorised")
    if history.relied(n.STARTED):
        raise BatchStateError("the batch was started already")
    _check_not_ahead(proposed)
    _check_identity(proposed, context, history)


def check_worked(proposed: Proposed, context: Context) -> None:
    """Mark work on a batch that was not authorised, or against what stops it.

    Source: NMPA 134/2025 (V), "manufacturing shall be immediately suspended".

    Raises:
        BatchStateError: not authorised, rejected, or stated for a day that has not come.
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    if proposed.type == n.JOINED:
        _check_parents(proposed, context)
    check_work_allowed(proposed, context)
    check_made(proposed, context)
    lineage = lineage_of(context, identity_of(proposed), proposed.body)
    if any(batch_of(context, identity).of(*n.REJECTIONS) for identity in lineage.identities):
        raise BatchStateError("the batch was rejected, or one that it came from")
    _check_not_ahead(proposed)


def check_made(proposed: Proposed, context: Context) -> None:
    """Mark what is reported of a batch that nobody authorised.

    Source: NMPA 134/2025 (I), "organize manufacturing in accordance with national drug standards".

    Raises:
        NotAuthorisedError: no authorisation stands.
    """
    if not batch_of(context, identity_of(proposed)).relied(n.AUTHORISED):
        raise NotAuthorisedError("no authorisation of the batch stands")


def check_batch_corrected(proposed: Proposed, context: Context) -> None:
    """Ask for what any correction must fulfil; number, product and descent of a batch stay as they are.

    Source: NMPA 134/2025 (XIV), "ensure that the data are true, accurate, complete and traceable".

    Raises:
        CorrectionInvalidError: it would make another batch of it.
        EvidenceNotFoundError, CorrectionMismatchError: as for any matter.
    """
    named = {change.field.partition(".")[0] for change in proposed.body.changes}
    if named & _IDENTITY:
        raise CorrectionInvalidError(f"{', '.join(sorted(named & _IDENTITY))} of a batch is not corrected")
    check_corrected(proposed, context)


def _check_not_ahead(proposed: Proposed) -> None:
    stated = stated_in(proposed.body)
    if stated is not None and is_ahead(stated, proposed.time):
        raise BatchStateError(f"stated for {stated}, which has not come yet")


def _check_not_withdrawn(documents: Iterable[PastEvent], context: Context, day: date) -> None:
    for each in documents:
        last = last_day(each, context)
        if last is not None and last < day:
            raise WithdrawnDocumentError(f"version {each.body.version} was withdrawn; its last day was {last}")


def _check_parents(proposed: Proposed, context: Context) -> None:
    for ref in proposed.body.parents:
        parent = evidence(context, ref, *n.OPENINGS)
        if parent.head is not None and parent.head.subject == proposed.subject:
            raise EvidenceNotFoundError("a batch does not come from itself")


def _check_identity(proposed: Proposed, context: Context, history: History) -> None:
    """Ask that a batch is one thing: as it was entered before, and the only one of its product that is read like it."""
    number, product = proposed.body.number, proposed.body.product.code
    if any(_of(past) != (number, product) for past in history.of(*n.OPENINGS)):
        raise BatchStateError("the batch was entered with another number or product")
    read = as_read(number), as_read(product)
    for subject in context.subjects_of_batch(Role.CMO, read[0]):
        if subject.partition("/")[0] != KIND or subject == proposed.subject:
            continue
        openings = (past for past in context.accepted(Role.CMO, subject) if past.name in n.OPENINGS)
        if any(tuple(map(as_read, _of(past))) == read for past in openings):
            raise BatchStateError(f"another batch of product {product} has the number {number}, or one read like it")


def _of(past: PastEvent) -> tuple[str, str]:
    return past.body.number, past.body.product.code


RULES: dict[str, Rule] = {
    **rules_of_steps(KIND),
    n.CORRECTED: check_batch_corrected,
    n.AUTHORISED: check_authorised,
    n.STARTED: check_started,
    n.MANUFACTURED: check_worked,
    n.TESTED: check_made,
    n.SPLIT: check_worked,
    n.JOINED: check_worked,
    n.REWORKED: check_worked,
    n.SUBMITTED: check_submitted,
    n.FACTORY_RELEASED: check_factory_released,
    n.ITEM_CONCLUDED: check_item_concluded,
    n.HOLD_LIFTED: check_hold_lifted,
    n.MARKETING_RELEASED: check_marketing_released,
    n.DISPATCH_PERMITTED: check_dispatch_permitted,
    n.DISPATCHED: check_dispatched,
    n.REVIEW_DISPATCHED: check_dispatched,
}
"""The rule of each event type of this matter; a batch may be rejected, held or withdrawn at any time."""
