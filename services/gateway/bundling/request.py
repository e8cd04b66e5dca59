"""What is asked of a bundle: the scope, who asked for it and on what legal basis."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.bundle.description import Period, StatedScope
from events.catalogue.event_types import REVIEW
from events.catalogue.registry import all_event_types
from services.gateway.exchange.errors import EngineError

_KINDS = frozenset(each.subject_kind for each in all_event_types())


class BundleRequestError(EngineError):
    """A bundle was asked for in a way that cannot be: an unknown kind, a period that ends before it begins."""

    code = "bundle.request"
    slug = "validation"


class BundleNotPossibleError(EngineError):
    """No bundle can be made of this relationship now: it is not paired, or its store is behind what it signed."""

    code = "bundle.not_possible"
    slug = "state-transition"


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """One bundle that somebody asked for; `asked_by` and `legal_basis` are texts for the inspector.

    A product or batch is in scope by its label; a kind brings the partner's reviews of it along. Without attachments
    they are listed as withheld.
    """

    asked_by: str
    legal_basis: str
    products: Sequence[str] = ()
    batches: Sequence[str] = ()
    kinds: Sequence[str] = ()
    period: Period | None = None
    attachments: bool = True

    def __post_init__(self) -> None:
        for name, text in (("asked_by", self.asked_by), ("legal_basis", self.legal_basis)):
            if not text.strip():
                raise BundleRequestError(f"{name}: say it")
        for kind in self.kinds:
            if kind not in _KINDS:
                raise BundleRequestError(f"kind: there is no {kind!r}")
        period = self.period
        if period is not None and None not in (period.from_, period.to) and str(period.from_) >= str(period.to):
            raise BundleRequestError("period: it ends before it begins")

    @property
    def scope(self) -> StatedScope:
        """Return the scope as the bundle will state it."""
        labels = {*(f"product/{each}" for each in self.products), *(f"batch/{each}" for each in self.batches)}
        kinds = {*self.kinds, *(kind + REVIEW for kind in self.kinds if kind + REVIEW in _KINDS)}
        return StatedScope(labels=sorted(labels), kinds=sorted(kinds), period=self.period, heads="shown")
