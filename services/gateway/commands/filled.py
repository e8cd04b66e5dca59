"""What a request may leave out because the record says it: the release, the package, the reviews that stand now.

What is filled in is signed like everything else, and judged: a person who wants to name another entry names it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.batch import names as batch
from domain.batch.blockers import touching
from domain.batch.lineage import batch_of, lineage_of
from domain.batch.standing import factory_release_of, latest_package, marketing_release_of, open_holds
from domain.evidence import reference
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.judging.subjects import OPENED
from domain.lot import names as lot
from events.catalogue.bodies import Batch, EventRef
from events.encoding.identifiers import Role

Fill = Callable[[Context, str], Any]
"""Returns the value of a field by the context and the matter's UUID; None where the record has none."""


def resolved(context: Context, identity: str) -> list[EventRef]:
    """Return what resolved each matter that touches a batch."""
    found = [each.resolution for each in touching(context, lineage_of(context, identity))]
    return [reference(past) for past in found if past is not None]


def holder(context: Context, _identity: str) -> str | None:
    """Return the code of the holder of the relationship."""
    opened = context.standing_of(Role.MAH, OPENED)
    return str(opened[0].body.mah.uscc) if opened else None


def number_of(context: Context, identity: str) -> Batch | None:
    """Return a batch by its number."""
    opening = batch_of(context, identity).opening
    return None if opening is None else Batch(number=opening.body.number)


def _product(context: Context, identity: str) -> str | None:
    opening = batch_of(context, identity).opening
    return None if opening is None else str(opening.body.product.code)


def _version(context: Context, identity: str) -> int:
    return len(batch_of(context, identity).of(batch.SUBMITTED)) + 1


def _factory_release(context: Context, identity: str) -> EventRef | None:
    return _ref(factory_release_of(batch_of(context, identity)))


def _package(context: Context, identity: str) -> EventRef | None:
    return _ref(latest_package(batch_of(context, identity)))


def _reviews(context: Context, identity: str) -> list[EventRef] | None:
    """Return the last conclusion on each item, if there is one on every item."""
    concluded = batch_of(context, identity).relied(batch.ITEM_CONCLUDED)
    latest = {past.body.item: past for past in concluded}
    return [reference(past) for past in latest.values()] or None


def _marketing_release(context: Context, identity: str) -> EventRef | None:
    return _ref(marketing_release_of(batch_of(context, identity)))


def _hold(context: Context, identity: str) -> EventRef | None:
    holds = open_holds(batch_of(context, identity))
    return _ref(holds[-1] if holds else None)


def _permission(context: Context, identity: str) -> EventRef | None:
    permitted = batch_of(context, identity).relied(batch.DISPATCH_PERMITTED)
    return _ref(permitted[-1] if permitted else None)


def _authorisation(context: Context, identity: str) -> EventRef | None:
    authorised = batch_of(context, identity).relied(batch.AUTHORISED)
    return _ref(authorised[-1] if authorised else None)


def _ref(past: PastEvent | None) -> EventRef | None:
    return None if past is None else reference(past)


def _as_opened(field: str) -> Fill:
    """Return what a batch was opened with: it need not be said again when it is authorised or started later."""

    def fill(context: Context, identity: str) -> Any:  # noqa: ANN401 - any value of a body
        opening = batch_of(context, identity).opening
        return None if opening is None else getattr(opening.body, field)

    return fill


_OF_OPENING = ("number", "source", "external_number", "product", "purpose", "line", "site", "parents")

FILLED_LATER: Mapping[str, Mapping[str, Fill]] = {
    name: {field: _as_opened(field) for field in _OF_OPENING} for name in batch.OPENINGS
}
"""The fields that may be left out once the matter is open."""

FILLED: Mapping[str, Mapping[str, Fill]] = {
    lot.ALLOCATED: {"owner": holder},
    batch.STARTED: {"authorisation": _authorisation},
    batch.FACTORY_RELEASED: {"resolved": resolved},
    batch.SUBMITTED: {"batch": number_of, "product": _product, "version": _version, "release": _factory_release},
    batch.ITEM_CONCLUDED: {"package": _package},
    batch.HOLD_LIFTED: {"hold": _hold},
    batch.MARKETING_RELEASED: {
        "factory_release": _factory_release,
        "package": _package,
        "reviews": _reviews,
    },
    batch.RELEASE_WITHDRAWN: {"release": _marketing_release},
    batch.DISPATCH_PERMITTED: {"release": _marketing_release},
    batch.DISPATCHED: {"permission": _permission},
    batch.REVIEW_DISPATCHED: {"permission": _permission},
}
"""The fields that may be left out, by event type."""


def fill(name: str, values: Mapping[str, Any], context: Context, identity: str) -> dict[str, Any]:
    """Return the values of a body with what the record says of fields that were left out."""
    fills = {**FILLED_LATER.get(name, {}), **FILLED.get(name, {})}
    known = {field: found for field, get in fills.items() if (found := get(context, identity)) is not None}
    return {**known, **{field: value for field, value in values.items() if value is not None}}
