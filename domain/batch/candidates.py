"""What the steps of a batch could name now; a package is put together by people, and a join names other batches."""

from collections.abc import Iterable
from typing import Any

from domain.approved_version.names import PROCESS_APPROVED, STANDARD_APPROVED
from domain.batch import names as n
from domain.batch.blockers import touching
from domain.batch.lineage import lineage_of
from domain.evidence import reference
from domain.steps.candidates import Asking, Candidate, Candidates, Maybe, naming, needed
from events.catalogue.batches.batch import Made


def _as_opened(asking: Asking) -> dict[str, Any]:
    """Return what makes the batch the one it is, as it was entered first."""
    opening = asking.history.opening
    names = () if opening is None else Made.model_fields.keys() & type(opening.body).model_fields.keys() - {"salt"}
    return {name: getattr(opening.body, name) for name in names} if opening is not None else {}


def _authorised(asking: Asking) -> Iterable[Candidate]:
    """Return the authorisation under the holder's latest documents; its lots are for the person to say."""
    documents = {"process_version": PROCESS_APPROVED, "standard_version": STANDARD_APPROVED}
    named = {field: needed(asking.context.standing(name), name)[0] for field, name in documents.items()}
    return [{**_as_opened(asking), **named, "lots": []}]


def _started(asking: Asking) -> Iterable[Candidate]:
    refs = [*(reference(past) for past in reversed(asking.history.of(n.AUTHORISED))), None]
    return [{**_as_opened(asking), "authorisation": ref} for ref in refs]


def _factory_released(asking: Asking) -> Iterable[Candidate]:
    """Return the release that names what resolved each matter of the batch."""
    found = touching(asking.context, lineage_of(asking.context, asking.identity))
    return [{"resolved": [reference(each.resolution) for each in found if each.resolution is not None]}]


def _marketing_released(asking: Asking) -> Iterable[Candidate]:
    """Return the release on each factory release and package, with every review: those that are good count."""
    history = asking.history
    releases = needed(history.of(n.FACTORY_RELEASED), n.FACTORY_RELEASED)
    packages = needed(history.of(n.SUBMITTED), n.SUBMITTED)
    reviews = [reference(past) for past in history.of(n.ITEM_CONCLUDED)]
    return [
        {"factory_release": release, "package": package, "reviews": reviews}
        for release in releases
        for package in packages
    ]


CANDIDATES: dict[str, Candidates] = {
    n.AUTHORISED: _authorised,
    n.STARTED: _started,
    n.FACTORY_RELEASED: _factory_released,
    n.ITEM_CONCLUDED: naming(package=n.SUBMITTED),
    n.HOLD_LIFTED: naming(hold=n.HELD),
    n.MARKETING_RELEASED: _marketing_released,
    n.DISPATCH_PERMITTED: naming(release=n.MARKETING_RELEASED),
    n.DISPATCHED: naming(permission=Maybe((n.DISPATCH_PERMITTED,))),
    n.REVIEW_DISPATCHED: naming(permission=Maybe((n.DISPATCH_PERMITTED,))),
}
"""By event type."""
