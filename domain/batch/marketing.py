"""The holder's review of a batch and its release for the market (G11). Every open blocker is named."""

from domain.batch import names as n
from domain.batch.blockers import open_blockers
from domain.batch.errors import BatchStateError, MarketingReleaseError
from domain.batch.lineage import KIND, batch_of, lineage_of
from domain.batch.release import FOR_THE_MARKET, check_releasable
from domain.batch.standing import factory_release_of, latest_package, marketing_release_of, open_holds
from domain.evidence import evidence_of, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
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
    missing = [*unmet_for_the_market(history, body), *open_blockers(context, lineage)]
    if missing:
        raise MarketingReleaseError(f"open: {'; '.join(missing)}")
    check_releasable(proposed, context, lineage)


def unmet_for_the_market(history: History, release: MarketingReleased) -> list[str]:
    """Return in words what a release for the market rests on that does not stand, now or no longer."""
    found = []
    standing, package = factory_release_of(history), history.named(release.package, n.SUBMITTED)
    if standing is None or not names(release.factory_release, standing):
        found.append("the factory release does not stand")
    opening = history.opening
    if opening is None or opening.body.purpose != FOR_THE_MARKET:
        found.append("the batch was not made for the market")
    if package is None or not _is_latest(package, history):
        found.append("the package that is named is not the latest, or not whole")
    if len(_items_passed(history, release)) < REVIEWS:
        found.append("three satisfactory reviews of this package, after all that was asked for")
    return [*found, *(f"held: {hold.body.reason[:80]}" for hold in open_holds(history))]


def _items_passed(history: History, release: MarketingReleased) -> set[str]:
    """Return the items whose reviews, among those named, are relied on, of this package, and of what was asked last."""
    asked = max((past.position for past in history.of(n.FULL_REVIEW_REQUESTED, n.RELEASE_WITHDRAWN)), default=-1)
    return {
        past.body.item
        for past in history.relied(n.ITEM_CONCLUDED)
        if any(names(ref, past) for ref in release.reviews)
        and past.body.verdict == SATISFACTORY
        and past.body.package == release.package
        and past.position > asked
    }


def _is_latest(package: PastEvent, history: History) -> bool:
    latest = latest_package(history)
    return latest is not None and latest.place == package.place and history.is_relied_on(package)
