"""What the steps of a lot must fulfil (G8). Deciding and judging run these same checks.

A lot is allocated to products of the relationship's holder alone. Whether another holder has it is what the
manufacturer's own gateway knows; here it is the manufacturer's word.
"""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from domain.batch import names as batch
from domain.drafts import Rule
from domain.evidence import evidence
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.judging.subjects import OPENED
from domain.lot import names as n
from domain.lot.errors import SegregationError
from domain.steps.errors import WrongSubjectError
from domain.steps.history import history_for, history_of
from domain.steps.rules import rules_of_steps
from domain.steps.subjects import identity_of
from events.catalogue.batches.lot import Allocated
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role

SHARED = "material"
"""The one kind of lot that several owners' products may share, traceably: a material that is not key."""


def lot_id(material: str, number: str) -> str:
    """Return the UUID under which a lot of a material stands in every relationship, so that it stands once in each."""
    return str(uuid5(NAMESPACE_URL, f"urn:counterfoil:lot:{material}\n{number}"))


def check_allocated(proposed: Proposed, context: Context) -> None:
    """Ask that a lot stands under its own UUID and belongs to the holder of this relationship.

    Source: NMPA 134/2025 (X), "the management of key materials, intermediate products, and finished drug products
    shall be mutually independent".

    Raises:
        WrongSubjectError: the subject is another than the lot's.
        SegregationError: `gate.segregation`: the lot is another owner's.
    """
    body = proposed.body
    if proposed.subject != f"lot/{lot_id(body.material, body.number)}":
        raise WrongSubjectError(f"lot {body.number} of {body.material} stands under another UUID")
    owners = {past.body.mah.uscc for past in context.standing(OPENED)}
    if body.lot_kind != SHARED and body.owner not in owners:
        raise SegregationError(f"lot {body.number} is of {body.owner}, who is not the holder here")


def check_not_elsewhere(body: Allocated, others: Iterable[PastEvent]) -> None:
    """Ask that no product of another owner, of the same generic name, has the lot already.

    `others` are entries about the same lot in the manufacturer's journals with other holders, which the partner cannot
    see: what this decides is the manufacturer's word.

    Source: NMPA 134/2025 (X), "the management of key materials, intermediate products, and finished drug products
    shall be mutually independent".

    Raises:
        SegregationError: `gate.segregation`; the owner is not named, for it is nobody else's business.
    """
    for past in others:
        if past.name != n.ALLOCATED or SHARED in {body.lot_kind, past.body.lot_kind}:
            continue
        if past.body.owner != body.owner and past.body.generic_name == body.generic_name:
            raise SegregationError(f"lot {body.number} belongs to another owner's product of the same generic name")


def check_used(proposed: Proposed, context: Context) -> None:
    """Mark a lot that went into a batch of a product that it was not allocated to; it is recorded all the same.

    Source: NMPA 134/2025 (X), "to avoid confusion and ensure traceability".

    Raises:
        EvidenceNotFoundError: what is named opened no batch.
        SegregationError: `gate.segregation`.
    """
    opening = evidence(context, proposed.body.opening, *batch.OPENINGS)
    history = history_for(proposed, context)
    allocations = history.relied(n.ALLOCATED)
    number = allocations[0].body.number if allocations else identity_of(proposed)
    check_belongs(allocations, opening.body.product.code, number)


def check_lots(context: Context, refs: Iterable[EventRef], product: str) -> None:
    """Ask that lots that a batch is made of are allocated to its product.

    Raises:
        EvidenceNotFoundError: what is named is no allocation.
        SegregationError: `gate.segregation`; the lot is named.
    """
    for ref in refs:
        allocated = evidence(context, ref, n.ALLOCATED)
        identity = "" if allocated.head is None else allocated.head.subject_id
        relied = history_of(context, Role.CMO, "lot", identity).relied(n.ALLOCATED) or [allocated]
        is_disputed = context.is_disputed(allocated)
        check_belongs([] if is_disputed else relied, product, allocated.body.number)


def check_belongs(allocations: Iterable[PastEvent], product: str, number: str) -> None:
    """Ask that a lot is allocated to a product, or is a material that products may share.

    Raises:
        SegregationError: `gate.segregation`.
    """
    bodies = [past.body for past in allocations]
    if not any(body.product.code == product or body.lot_kind == SHARED for body in bodies):
        raise SegregationError(f"lot {number} is not allocated to product {product}")


RULES: dict[str, Rule] = {
    **rules_of_steps("lot"),
    n.ALLOCATED: check_allocated,
    n.USED: check_used,
}
"""The rule of each event type of this matter; a breach may be stated at any time."""
