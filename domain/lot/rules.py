"""What the steps of a lot must fulfil (G8). Deciding and judging run these same checks.

A lot is allocated to products of the relationship's holder alone. Whether another holder has it is what the
manufacturer's own gateway knows; here it is the manufacturer's word.
"""

from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid5

from domain.as_read import as_read
from domain.batch import names as batch
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, evidence
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.judging.subjects import OPENED
from domain.lot import names as n
from domain.lot.errors import SegregationError
from domain.steps.corrections import readings
from domain.steps.errors import CorrectionInvalidError, WrongSubjectError
from domain.steps.history import History, history_for, history_of
from domain.steps.rules import check_corrected, rules_of_steps
from events.catalogue.batches.lot import Allocated
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role

_IDENTITY = frozenset({"material", "number"})
"""What makes a lot the one it is: it is not corrected, the lot is entered anew."""

_SEGREGATED_BY = frozenset({"lot_kind", "owner", "generic_name"})
"""By what it is judged whose a lot is: it is not corrected, the lot is allocated anew, past the same gate."""

SHARED = "material"
"""The one kind of lot that several owners' products may share, traceably: a material that is not key."""


def lot_id(material: str, number: str) -> str:
    """Return the UUID under which a lot of a material stands in every relationship, so that it stands once in each.

    It is of both as they are read: "M-1 " is no other lot than "M-1".
    """
    return str(uuid5(NAMESPACE_URL, f"urn:counterfoil:lot:{as_read(material)}\n{as_read(number)}"))


def subject_of(material: str, number: str) -> str:
    """Return the subject of a lot of a material."""
    return f"lot/{lot_id(material, number)}"


def check_allocated(proposed: Proposed, context: Context) -> None:
    """Ask that a lot stands under its own UUID and belongs to the holder of this relationship.

    Source: NMPA 134/2025 (X), "the management of key materials, intermediate products, and finished drug products
    shall be mutually independent".

    Raises:
        WrongSubjectError: the subject is another than the lot's.
        SegregationError: `gate.segregation`: the lot is another owner's.
    """
    body = proposed.body
    if proposed.subject != subject_of(body.material, body.number):
        raise WrongSubjectError(f"lot {body.number} of {body.material} stands under another UUID")
    owners = {past.body.mah.uscc for past in context.standing(OPENED)}
    if body.lot_kind != SHARED and body.owner not in owners:
        raise SegregationError(f"lot {body.number} is of {body.owner}, who is not the holder here")


def check_not_elsewhere(body: Allocated, others: Sequence[PastEvent]) -> None:
    """Ask that no product of another owner, of the same generic name, has the lot already.

    `others` are entries about the same lot in the manufacturer's journals with other holders, which the partner cannot
    see: what this decides is the manufacturer's word.

    Source: NMPA 134/2025 (X), "the management of key materials, intermediate products, and finished drug products
    shall be mutually independent".

    Raises:
        SegregationError: `gate.segregation`; the owner is not named, for it is nobody else's business.
    """
    for past in others:
        if past.name != n.ALLOCATED or body.lot_kind == SHARED:
            continue
        if any(_is_anothers(said, body) for said in readings(past, others)):
            raise SegregationError(f"lot {body.number} belongs to another owner's product of the same generic name")


def _is_anothers(theirs: Allocated, body: Allocated) -> bool:
    is_alike = as_read(theirs.generic_name) == as_read(body.generic_name)
    return theirs.lot_kind != SHARED and theirs.owner != body.owner and is_alike


def check_breach_found(proposed: Proposed, context: Context) -> None:
    """Mark a breach of a lot that is allocated to nothing here; it is recorded all the same.

    Source: NMPA 134/2025 (X), "to avoid confusion and ensure traceability".

    Raises:
        WrongSubjectError: it is not said which lot it is, or the subject is another than the lot's.
        SegregationError: `gate.segregation`.
    """
    number = _number_of(proposed, context)
    if not history_for(proposed, context).relied(n.ALLOCATED):
        raise SegregationError(f"lot {number} is not allocated here")


def check_used(proposed: Proposed, context: Context) -> None:
    """Mark a lot that went into a batch of a product that it was not allocated to; it is recorded all the same.

    Source: NMPA 134/2025 (X), "to avoid confusion and ensure traceability".

    Raises:
        EvidenceNotFoundError: what is named opened no batch, or another one.
        WrongSubjectError: it is not said which lot it is, or the subject is another than the lot's.
        SegregationError: `gate.segregation`.
    """
    opening = evidence(context, proposed.body.opening, *batch.OPENINGS)
    if opening.body.number != proposed.body.batch.number:
        raise EvidenceNotFoundError(f"what is named opened batch {opening.body.number}, not the batch of the use")
    number = _number_of(proposed, context)
    check_belongs(history_for(proposed, context), opening.body.product.code, number)


def _number_of(proposed: Proposed, context: Context) -> str:
    """Return the number of the lot that something happened to, as stated or as it was entered first.

    Raises:
        WrongSubjectError: nobody has entered it and it is not stated, or the subject is another than the lot's.
    """
    body, opening = proposed.body, history_for(proposed, context).opening
    if body.material is not None and body.number is not None:
        if proposed.subject != subject_of(body.material, body.number):
            raise WrongSubjectError(f"lot {body.number} of {body.material} stands under another UUID")
        return str(body.number)
    if opening is None:
        raise WrongSubjectError("the lot was not entered here: its material and number say which it is")
    return str(opening.body.number)


def check_lots(context: Context, refs: Iterable[EventRef], product: str) -> None:
    """Ask that lots that a batch is made of are allocated to its product.

    Raises:
        EvidenceNotFoundError: what is named is no allocation.
        SegregationError: `gate.segregation`; the lot is named.
    """
    for ref in refs:
        allocated = evidence(context, ref, n.ALLOCATED)
        identity = "" if allocated.head is None else allocated.head.subject_id
        if context.is_disputed(allocated):
            raise SegregationError(f"the allocation of lot {allocated.body.number} is disputed")
        check_belongs(history_of(context, Role.CMO, "lot", identity), product, allocated.body.number)


def check_belongs(history: History, product: str, number: str) -> None:
    """Ask that an allocation of a lot is to a product, or of a material that products may share, as corrected too.

    A lot that any allocation calls key is shared by none, and what allocated it as shared allocates it no more.

    Raises:
        SegregationError: `gate.segregation`.
    """
    allocations = [(past, readings(past, history.own)) for past in history.of(n.ALLOCATED)]
    is_shared = all(body.lot_kind == SHARED for _, bodies in allocations for body in bodies)
    relied = (bodies for past, bodies in allocations if history.is_relied_on(past))
    if not any(all(_is_for(product, body, is_shared=is_shared) for body in bodies) for bodies in relied):
        raise SegregationError(f"lot {number} is not allocated to product {product}")


def check_lot_corrected(proposed: Proposed, context: Context) -> None:
    """Ask for what any correction must fulfil; material and number of a lot stay as they are, for its UUID is of them.

    So do its kind, owner and generic name: another relationship may have the lot, which is looked up when it is
    allocated, and a correction would not pass there.

    Source: NMPA 134/2025 (XIV), "ensure that the data are true, accurate, complete and traceable".

    Raises:
        CorrectionInvalidError: it would make another lot of it, or another owner's.
        EvidenceNotFoundError, CorrectionMismatchError: as for any matter.
    """
    named = {change.field for change in proposed.body.changes}
    if named & _IDENTITY:
        raise CorrectionInvalidError(f"{', '.join(sorted(named & _IDENTITY))} of a lot is not corrected")
    if named & _SEGREGATED_BY:
        fields = ", ".join(sorted(named & _SEGREGATED_BY))
        raise CorrectionInvalidError(f"{fields} of a lot is not corrected; the lot is allocated anew")
    check_corrected(proposed, context)


def _is_for(product: str, body: Allocated, *, is_shared: bool) -> bool:
    return is_shared or (body.lot_kind != SHARED and body.product.code == product)


RULES: dict[str, Rule] = {
    **rules_of_steps("lot"),
    n.ALLOCATED: check_allocated,
    n.USED: check_used,
    n.BREACH_FOUND: check_breach_found,
    n.CORRECTED: check_lot_corrected,
}
"""The rule of each event type of this matter."""
