"""The dispatch of a batch: only after a release for the market that still stands when the goods leave (G11).

What the release rested on is looked at anew: rework, a join, a later package or a matter that came up since shuts the
dispatch, crossed or seen. A release that rests on what fell is withdrawn and given anew.
"""

from domain.batch import names as n
from domain.batch.blockers import open_blockers, touching
from domain.batch.crossing import is_release_overtaken
from domain.batch.errors import MarketingReleaseError
from domain.batch.lineage import KIND, batch_of, lineage_of
from domain.batch.marketing import unmet_for_the_market
from domain.batch.release import check_releasable
from domain.batch.standing import marketing_release_of
from domain.evidence import evidence_of
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.steps.history import History
from domain.steps.stated import contexts_of
from domain.steps.subjects import identity_of
from domain.suspension.errors import SuspendedError
from events.encoding.identifiers import Role


def check_dispatch_permitted(proposed: Proposed, context: Context) -> None:
    """Ask that a marketing release stands, and that nothing would shut it if it were given now.

    Source: NMPA 134/2025 (XII), "When conducting a marketing release"; (XXII), "suspension of manufacturing and sales".

    Raises:
        EvidenceNotFoundError: what is named is no marketing release of this batch.
        MarketingReleaseError: `gate.marketing_release`; everything that is open is named.
        RegulatoryMeasureError: `gate.regulatory_measure`.
    """
    release = evidence_of(context, Role.MAH, proposed.subject, proposed.body.release, n.MARKETING_RELEASED)
    check_release_stands(proposed, context, release)


def check_dispatched(proposed: Proposed, context: Context) -> None:
    """Mark goods that left without a permission that stands, or against what shuts the marketing release by now.

    Source: NMPA 134/2025 (XII), "When conducting a marketing release"; (XXII), "suspension of manufacturing and sales".

    Raises:
        EvidenceNotFoundError: what is named is no permission for this batch.
        MarketingReleaseError, RegulatoryMeasureError: the gates of the permission.
    """
    identity = identity_of(proposed)
    history, permission = batch_of(context, identity), None
    if proposed.body.permission is not None:
        subject = f"{KIND}_review/{identity}"
        permission = evidence_of(context, Role.MAH, subject, proposed.body.permission, n.DISPATCH_PERMITTED)
    if permission is None or not history.is_relied_on(permission):
        raise MarketingReleaseError("goods left without a permission that stands")
    check_release_stands(proposed, context, history.named(permission.body.release, n.MARKETING_RELEASED))


def check_release_stands(proposed: Proposed, context: Context, release: PastEvent | None) -> None:
    """Ask that this is the marketing release that stands, that it still rests on what it named, and nothing is open.

    Raises:
        MarketingReleaseError: `gate.marketing_release`; a suspension is one of the blockers of the market.
        RegulatoryMeasureError: `gate.regulatory_measure`.
    """
    identity = identity_of(proposed)
    history, lineage = batch_of(context, identity), lineage_of(context, identity)
    standing = marketing_release_of(history)
    if standing is None or release is None or standing.place != release.place:
        raise MarketingReleaseError("no marketing release stands")
    if history.of(*n.REJECTIONS):
        raise MarketingReleaseError("the batch was rejected")
    touched = touching(context, lineage)
    unmet = unmet_for_the_market(context, lineage, release.body, touched)
    _check_nothing_open([*unmet, *open_blockers(context, lineage, touched)])
    _check_not_overtaken(history, context)
    try:
        for each in contexts_of(getattr(proposed.body, "shipped_at", None), proposed.time, context):
            check_releasable(each, lineage)
    except SuspendedError as error:
        raise MarketingReleaseError(error.detail) from error


def _check_nothing_open(missing: list[str]) -> None:
    if missing:
        raise MarketingReleaseError(f"open since the marketing release: {'; '.join(missing)}")


def _check_not_overtaken(history: History, context: Context) -> None:
    if is_release_overtaken(history, context):
        raise MarketingReleaseError("the marketing release crossed what would have shut it; that is resolved first")
