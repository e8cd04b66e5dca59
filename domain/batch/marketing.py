"""The holder's review of a batch and its release for the market (G11). Every open blocker is named."""

from collections.abc import Sequence

from domain.batch import names as n
from domain.batch.blockers import open_blockers, touching
from domain.batch.errors import BatchStateError, MarketingReleaseError, PackageIncompleteError
from domain.batch.lineage import KIND, Lineage, batch_of, lineage_of
from domain.batch.package import check_investigations
from domain.batch.release import FOR_THE_MARKET, check_releasable, purposes_of, unmet_conditions
from domain.batch.resolution import Touching
from domain.batch.standing import (
    factory_release_of,
    latest_package,
    marketing_release_of,
    open_holds,
    release_of_package,
)
from domain.evidence import evidence_of, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.steps.corrections import readings
from domain.steps.history import History
from domain.steps.subjects import identity_of
from events.catalogue.batches.release import REVIEWS, MarketingReleased
from events.encoding.identifiers import Role

SATISFACTORY = "satisfactory"


def check_item_concluded(proposed: Proposed, context: Context) -> None:
    """Ask that a review is of the latest package of this very batch.

    Source: NMPA 134/2025 (XII), "MAHs shall strictly review the drug quality test results".

    Raises:
        EvidenceNotFoundError: what is named is no package of this batch.
        MarketingReleaseError: `gate.marketing_release`: a newer package came, or this one is not whole.
    """
    subject = f"release_package/{identity_of(proposed)}"
    package = evidence_of(context, Role.CMO, subject, proposed.body.package, n.SUBMITTED)
    if not _is_latest(package, batch_of(context, identity_of(proposed))):
        raise MarketingReleaseError("the package that is named is not the latest, or not whole")


def check_hold_lifted(proposed: Proposed, context: Context) -> None:
    """Ask that a hold of this very batch is lifted once.

    Source: NMPA 134/2025 (XII), "MAHs shall strictly review the drug quality test results".

    Raises:
        EvidenceNotFoundError: what is named is no hold of this batch.
        BatchStateError: it is lifted already.
    """
    hold = evidence_of(context, Role.MAH, proposed.subject, proposed.body.hold, n.HELD)
    if hold not in open_holds(batch_of(context, identity_of(proposed))):
        raise BatchStateError("the hold is lifted already")


def check_marketing_released(proposed: Proposed, context: Context) -> None:
    """Ask for the factory release, the complete package, three reviews, and that nothing is open (G11).

    Source: NMPA 134/2025 (XII), "MAHs shall strictly review the drug quality test results, key production records and
    deviation control status", "When necessary, MAHs shall review the batch production records".

    Raises:
        EvidenceNotFoundError: release, package or a review is none of this batch.
        BatchStateError: released or rejected already.
        MarketingReleaseError: `gate.marketing_release`; everything that is open is named.
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    identity, body = identity_of(proposed), proposed.body
    history, lineage = batch_of(context, identity), lineage_of(context, identity)
    evidence_of(context, Role.CMO, f"{KIND}/{identity}", body.factory_release, n.FACTORY_RELEASED)
    evidence_of(context, Role.CMO, f"release_package/{identity}", body.package, n.SUBMITTED)
    for ref in body.reviews:
        evidence_of(context, Role.MAH, proposed.subject, ref, n.ITEM_CONCLUDED)
    if history.of(*n.REJECTIONS):
        raise BatchStateError("the batch was rejected")
    if marketing_release_of(history) is not None:
        raise BatchStateError("the batch is released for the market already")
    touched = touching(context, lineage)
    missing = [*unmet_for_the_market(context, lineage, body, touched), *_untold(history, body, touched)]
    missing += open_blockers(context, lineage, touched)
    if missing:
        raise MarketingReleaseError(f"open: {'; '.join(missing)}")
    check_releasable(context, lineage)


def unmet_for_the_market(
    context: Context, lineage: Lineage, release: MarketingReleased, touched: Sequence[Touching]
) -> list[str]:
    """Return in words what a release for the market rests on that does not stand, now or no longer.

    The conditions of the factory release are among it: a result may have failed, or been corrected, since.
    """
    found, history = unmet_conditions(context, lineage, touched), batch_of(context, lineage.identities[0])
    standing, package = factory_release_of(history), history.named(release.package, n.SUBMITTED)
    if standing is None or not names(release.factory_release, standing):
        found.append("the factory release does not stand")
    if purposes_of(history) != {FOR_THE_MARKET}:
        found.append("the batch was not made for the market")
    if package is None or not _is_latest(package, history):
        found.append("the package that is named is not the latest, or not whole")
    elif standing is None or release_of_package(package, history) != standing:
        found.append("the package that is named is not of the factory release that stands")
    if len(_items_passed(history, release)) < REVIEWS:
        found.append("three satisfactory reviews of this package, after all that was asked for")
    held = (hold for identity in lineage.identities for hold in open_holds(batch_of(context, identity)))
    return [*found, *(f"held: {hold.body.reason[:80]}" for hold in held)]


def _untold(history: History, release: MarketingReleased, touched: Sequence[Touching]) -> list[str]:
    """Return in words which investigation the package lacks by now: of a deviation that came up after it."""
    package = history.named(release.package, n.SUBMITTED)
    try:
        if package is not None:
            check_investigations(package.body, touched)
    except PackageIncompleteError as error:
        return [f"{error.detail}; a later package has it"]
    return []


def _items_passed(history: History, release: MarketingReleased) -> set[str]:
    """Return the items that were found satisfactory, of this package, by reviews that are named and relied on.

    A review counts if it came after what was asked for last, and if it is so in every reading, as corrected too. The
    last word on an item counts: one that found something since, relied on or not, is ended by a review after it.
    """
    asked = max((past.position for past in history.of(n.FULL_REVIEW_REQUESTED, n.RELEASE_WITHDRAWN)), default=-1)
    found = set[str]()
    for past in history.of(n.ITEM_CONCLUDED):
        bodies = readings(past, history.review)
        said = {(body.item, body.verdict, body.package) for body in bodies}
        is_counted = past.position > asked and any(names(ref, past) for ref in release.reviews)
        if is_counted and history.is_relied_on(past) and said == {(past.body.item, SATISFACTORY, release.package)}:
            found.add(past.body.item)
        found -= {body.item for body in bodies if body.verdict != SATISFACTORY}
    return found


def _is_latest(package: PastEvent, history: History) -> bool:
    latest = latest_package(history)
    return latest is not None and latest.place == package.place and history.is_relied_on(package)
