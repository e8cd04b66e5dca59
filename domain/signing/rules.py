"""What a signature must fulfil beyond its form: meaning and time fit the act, and nobody approves the own work alone.

Judged on both sides for the types of the later rule set. Of the first one's types verdicts stay as they were; there a
party's own gateway asks it of its own people (`domain/adr/0009-what-a-signature-must-fulfil.md`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from domain.capa import names as capa
from domain.change import names as change
from domain.clocks.clock import end_of, moment_stated
from domain.deviation import names as deviation
from domain.judging.context import Context, Proposed
from domain.oos import names as oos
from domain.signing.errors import SelfApprovalError, SignatureMeaningError, SignatureTimeError
from domain.steps.corrections import corrections_of
from events.catalogue.bodies import EventRef, Signature
from events.catalogue.registry import event_type

LASTS = timedelta(days=7)
"""How long before its entry a signature may have been given: on paper, before somebody entered it. A policy."""

_APPROVED = frozenset({"approved"})
_NOTED_TOO = frozenset({"approved", "noted"})

MEANINGS: Mapping[str, frozenset[str]] = {
    oos.DECIDED: _NOTED_TOO,
    "batch.factory_released.v1": frozenset({"released"}),
    "batch_review.item_concluded.v1": frozenset({"reviewed"}),
    "batch_review.marketing_released.v1": frozenset({"released"}),
}
"""What may be signed by an act; by one that is not here: `approved`."""

WRITTEN_BY_ANOTHER: Mapping[str, str] = {
    change.APPROVED: "proposal",
    change.REVIEW_APPROVED: "proposal",
    oos.INVALIDATED: "phase",
    capa.CLOSED: "effectiveness",
    deviation.CLOSED: "investigation",
}
"""The field in which an act names what it approves: of the own party, that was others' work, its corrections too."""

_NOT_ALONE: Mapping[str, str] = {deviation.CLOSED: "approval"}
"""The field by which the partner's approval stands beside the signature, so that nobody approves alone."""


def meanings_of(name: str) -> frozenset[str]:
    """Return what may be signed by an act of a type."""
    return MEANINGS.get(name, _APPROVED)


def check_signature(proposed: Proposed, context: Context) -> None:
    """Ask that a signature fits its act and time, and is no approval of the own work; of later types, on both sides.

    Source: NMPA 134/2025 (XII), "upon the signature of the qualified person"; domain.md 2.4, a policy: four eyes.

    Raises:
        SignatureMeaningError, SignatureTimeError, SelfApprovalError: `entry.not_permitted`.
    """
    type_ = event_type(proposed.type)
    if type_ is not None and type_.later:
        check_own_signature(proposed, context)


def check_own_signature(proposed: Proposed, context: Context) -> None:
    """Ask the same of one's own people, whatever the type.

    Source: NMPA 134/2025 (XII), "upon the signature of the qualified person"; domain.md 2.4, a policy: four eyes.

    Raises:
        SignatureMeaningError, SignatureTimeError, SelfApprovalError: `entry.not_permitted`.
    """
    signature = getattr(proposed.body, "signature", None)
    if signature is not None:
        meanings = meanings_of(proposed.type)
        if signature.meaning not in meanings:
            raise SignatureMeaningError(f"{proposed.type} is signed {' or '.join(sorted(meanings))}")
    for each in _signatures_in(proposed):
        _check_time(each, proposed.time)
    _check_another(proposed, context)


def _signatures_in(proposed: Proposed) -> Iterator[Signature]:
    """Return what is signed within a body, beside the act what it states (`no_deviations` of a package)."""
    for name in type(proposed.body).model_fields:
        value = getattr(proposed.body, name, None)
        if isinstance(value, Signature):
            yield value


def _check_time(signature: Signature, recorded: datetime) -> None:
    first = moment_stated(signature.at)
    last = first if "T" in signature.at else end_of(date.fromisoformat(signature.at))
    if first > recorded:
        raise SignatureTimeError(f"signed {signature.at}, after it was recorded")
    if last < recorded - LASTS:
        raise SignatureTimeError(f"signed {signature.at}, more than {LASTS.days} days before it was recorded")


def _check_another(proposed: Proposed, context: Context) -> None:
    field = WRITTEN_BY_ANOTHER.get(proposed.type)
    ref: EventRef | None = None if field is None else getattr(proposed.body, field, None)
    named = None if ref is None else context.find(ref)
    if named is None or named.head is None or named.role is not proposed.role:
        return
    heads = (past.head for past in (named, *corrections_of(context, named)))
    if proposed.actor not in {head.actor for head in heads if head is not None}:
        return
    beside = _NOT_ALONE.get(proposed.type)
    if beside is None or getattr(proposed.body, beside, None) is None:
        raise SelfApprovalError(f"{proposed.actor} wrote what is signed, or put it right; another person signs")
