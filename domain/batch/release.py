"""The two releases of a batch and its dispatch (G10, G11). No release is conditional; every open blocker is named."""

from collections.abc import Iterable

from domain.approved_version.in_force import COMMERCIAL, why_not_effective
from domain.batch import names as n
from domain.batch.blockers import open_blockers, touching
from domain.batch.crossing import is_release_overtaken
from domain.batch.errors import BatchStateError, FactoryReleaseError, MarketingReleaseError
from domain.batch.lineage import KIND, Lineage, batch_of, lineage_of
from domain.batch.package import latest_package
from domain.batch.standing import factory_release_of, marketing_release_of, open_holds
from domain.clocks.clock import day_of, moment_stated
from domain.drafts import Rule
from domain.evidence import EvidenceNotFoundError, evidence_of, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.regulatory_measure.in_force import MANUFACTURING, SALES, check_no_measure
from domain.steps.history import History
from domain.steps.subjects import identity_of
from domain.suspension.blocks import check_release_not_suspended
from events.catalogue.batches.release import REVIEWS
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role

CONFORMS = "conforms"
SATISFACTORY = "satisfactory"
FOR_THE_MARKET = "commercial"


def check_factory_released(proposed: Proposed, context: Context) -> None:
    """Ask that standards and conditions are met and that all that touches the batch is resolved for it (G10).

    Source: NMPA 134/2025 (XII), "may only be released upon the signature of the qualified person".

    Raises:
        EvidenceNotFoundError: what `resolved` names is not in the context.
        BatchStateError: released or rejected already.
        FactoryReleaseError: `gate.factory_release`; everything that is open is named.
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    identity = identity_of(proposed)
    history, lineage = batch_of(context, identity), lineage_of(context, identity)
    for ref in proposed.body.resolved:
        if context.find(ref) is None:
            raise EvidenceNotFoundError(f"no accepted entry at {ref.journal} {ref.position} is in the context")
    if history.of(*n.REJECTIONS):
        raise BatchStateError("the batch was rejected")
    if factory_release_of(history) is not None:
        raise BatchStateError("the batch is released by the manufacturer already")
    missing = [*unmet_conditions(history), *unfit_documents(history, context), *open_blockers(context, lineage)]
    if missing:
        raise FactoryReleaseError(f"open: {'; '.join(missing)}")
    _check_resolved(proposed.body.resolved, context, lineage)
    check_releasable(context, lineage)


def unmet_conditions(history: History) -> list[str]:
    """Return in words which conditions of a factory release a batch does not fulfil."""
    found = []
    if not history.relied(n.AUTHORISED):
        found.append("no authorisation")
    if not history.of(n.MANUFACTURED):
        found.append("manufacturing has not ended")
    since = max((past.position for past in history.of(n.REWORKED)), default=-1)
    tests = [past for past in history.relied(n.TESTED) if past.position > since]
    verdicts = {result.test: result.verdict for past in tests for result in past.body.results}
    if not verdicts:
        found.append("not tested")
    found += [f"test {test}: does not conform" for test, verdict in verdicts.items() if verdict != CONFORMS]
    return found


def unfit_documents(history: History, context: Context) -> list[str]:
    """Return in words which documents a batch was made under that were not effective for it on the day of its start.

    Source: NMPA 134/2025 (I), "the prescriptions and manufacturing processes approved".
    """
    authorised = history.relied(n.AUTHORISED)
    if not authorised:
        return []
    body, started = authorised[-1].body, history.of(n.STARTED)
    day = day_of(moment_stated(started[0].body.started_at if started else authorised[-1].time))
    states = COMMERCIAL if body.purpose == FOR_THE_MARKET else COMMERCIAL | {"validation"}
    found = []
    for ref in (body.process_version, body.standard_version):
        version = context.find(ref)
        wrong = "a document that is not there"
        if version is not None:
            wrong = why_not_effective(version, context, body.product.code, body.site, day, states=states) or ""
        found += [wrong] if wrong else []
    return found


def check_releasable(context: Context, lineage: Lineage) -> None:
    """Ask that no regulator's measure and, unless agreed otherwise, no suspension stops a release.

    Raises:
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    check_release_not_suspended(context, lineage.labels)
    check_no_measure(context, lineage.labels, MANUFACTURING | SALES)


def check_item_concluded(proposed: Proposed, context: Context) -> None:
    """Ask that a review is of the latest package of this very batch.

    Source: NMPA 134/2025 (XII), "MAHs shall strictly review the drug quality test results".

    Raises:
        EvidenceNotFoundError: what is named is no package of this batch.
        MarketingReleaseError: `gate.marketing_release`: a newer package came, or this one is not whole.
    """
    _package_named(proposed, context)


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
    release = evidence_of(context, Role.CMO, f"{KIND}/{identity}", body.factory_release, n.FACTORY_RELEASED)
    reviews = [evidence_of(context, Role.MAH, proposed.subject, ref, n.ITEM_CONCLUDED) for ref in body.reviews]
    package = _package_named(proposed, context)
    if history.of(*n.REJECTIONS):
        raise BatchStateError("the batch was rejected")
    if marketing_release_of(history) is not None:
        raise BatchStateError("the batch is released for the market already")
    missing = [*_unmet(history, release, package, reviews), *open_blockers(context, lineage)]
    if missing:
        raise MarketingReleaseError(f"open: {'; '.join(missing)}")
    check_releasable(context, lineage)


def check_dispatch_permitted(proposed: Proposed, context: Context) -> None:
    """Ask that a marketing release stands, that nothing holds the batch, and that no regulator stops sales.

    Source: NMPA 134/2025 (XII), "When conducting a marketing release"; (XXII), "suspension of manufacturing and sales".

    Raises:
        EvidenceNotFoundError: what is named is no marketing release of this batch.
        MarketingReleaseError: `gate.marketing_release`.
        RegulatoryMeasureError: `gate.regulatory_measure`.
    """
    release = evidence_of(context, Role.MAH, proposed.subject, proposed.body.release, n.MARKETING_RELEASED)
    identity = identity_of(proposed)
    history = batch_of(context, identity)
    check_released(history, release)
    check_not_overtaken(history, context)
    check_no_measure(context, lineage_of(context, identity).labels, SALES)


def check_dispatched(proposed: Proposed, context: Context) -> None:
    """Mark goods that left without a permission that stands, or against a hold or a regulator's measure.

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
    check_released(history, history.named(permission.body.release, n.MARKETING_RELEASED))
    check_not_overtaken(history, context)
    check_no_measure(context, lineage_of(context, identity).labels, SALES)


def check_released(history: History, release: PastEvent | None) -> None:
    """Ask that this is the marketing release that stands, with no hold and no rejection beside it.

    Raises:
        MarketingReleaseError: `gate.marketing_release`.
    """
    standing = marketing_release_of(history)
    if standing is None or release is None or standing.place != release.place:
        raise MarketingReleaseError("no marketing release stands")
    if open_holds(history) or history.of(*n.REJECTIONS):
        raise MarketingReleaseError("the batch is held or rejected")


def check_not_overtaken(history: History, context: Context) -> None:
    """Ask that the marketing release crossed no block of the manufacturer that still stands.

    Raises:
        MarketingReleaseError: `gate.marketing_release`.
    """
    if is_release_overtaken(history, context):
        raise MarketingReleaseError("the marketing release crossed what would have shut it; that is resolved first")


def _unmet(history: History, release: PastEvent, package: PastEvent, reviews: list[PastEvent]) -> list[str]:
    found = []
    standing = factory_release_of(history)
    if standing is None or standing.place != release.place:
        found.append("the factory release does not stand")
    opening = history.opening
    if opening is None or opening.body.purpose != FOR_THE_MARKET:
        found.append("the batch was not made for the market")
    asked = max((past.position for past in history.of(n.FULL_REVIEW_REQUESTED, n.RELEASE_WITHDRAWN)), default=-1)
    good = {
        past.body.item
        for past in reviews
        if history.is_relied_on(past)
        and past.body.verdict == SATISFACTORY
        and names(past.body.package, package)
        and past.position > asked
    }
    if len(good) < REVIEWS:
        found.append("three satisfactory reviews of this package, after all that was asked for")
    found += [f"held: {hold.body.reason[:80]}" for hold in open_holds(history)]
    return found


def _package_named(proposed: Proposed, context: Context) -> PastEvent:
    identity = identity_of(proposed)
    subject = f"release_package/{identity}"
    package = evidence_of(context, Role.CMO, subject, proposed.body.package, n.SUBMITTED)
    history = batch_of(context, identity)
    latest = latest_package(history)
    if latest is None or latest.place != package.place or not history.is_relied_on(package):
        raise MarketingReleaseError("the package that is named is not the latest, or not whole")
    return package


def _check_resolved(refs: Iterable[EventRef], context: Context, lineage: Lineage) -> None:
    """Ask that the release names what resolved each thing that touches the batch, and nothing else."""
    named = {(ref.journal.partition(".")[0], ref.position) for ref in refs}
    wanted = {
        (each.resolution.role.value, each.resolution.position): each
        for each in touching(context, lineage)
        if each.resolution is not None
    }
    unnamed = [each.words for place, each in wanted.items() if place not in named]
    if unnamed or named - wanted.keys():
        what = "; ".join(unnamed) or "an entry that resolves nothing of this batch"
        raise FactoryReleaseError(f"`resolved` names what resolved each matter of the batch; wrong: {what}")


RELEASE_RULES: dict[str, Rule] = {
    n.FACTORY_RELEASED: check_factory_released,
    n.ITEM_CONCLUDED: check_item_concluded,
    n.HOLD_LIFTED: check_hold_lifted,
    n.MARKETING_RELEASED: check_marketing_released,
    n.DISPATCH_PERMITTED: check_dispatch_permitted,
    n.DISPATCHED: check_dispatched,
    n.REVIEW_DISPATCHED: check_dispatched,
}
"""The rules of releasing and shipping."""
