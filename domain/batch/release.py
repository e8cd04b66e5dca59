"""The manufacturer's release (G10), and what any release asks. None is conditional; every open blocker is named."""

from collections.abc import Iterable

from domain.approved_version.in_force import COMMERCIAL, why_not_effective
from domain.batch import names as n
from domain.batch.blockers import open_blockers, touching
from domain.batch.errors import BatchStateError, FactoryReleaseError
from domain.batch.lineage import Lineage, batch_of, lineage_of
from domain.batch.standing import factory_release_of
from domain.clocks.clock import day_of, moment_stated
from domain.evidence import check_there
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.regulatory_measure.in_force import MANUFACTURING, SALES, check_no_measure
from domain.steps.corrections import readings
from domain.steps.history import History
from domain.steps.subjects import identity_of
from domain.suspension.blocks import check_release_not_suspended
from events.catalogue.bodies import EventRef

CONFORMS = "conforms"
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
    check_there(context, proposed.body.resolved)
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
    verdicts = _verdicts(history)
    if not verdicts:
        found.append("not tested")
    found += [f"test {test}: does not conform" for test, verdict in verdicts.items() if verdict != CONFORMS]
    return found


def purposes_of(history: History) -> set[str]:
    """Return what a batch was ever said to be made for."""
    return {body.purpose for past in history.of(*n.OPENINGS) for body in readings(past, history.own)}


def says_failed(past: PastEvent) -> bool:
    """Tell whether an entry about a batch, a test or a correction, says by itself that a result does not conform."""
    if past.name == n.TESTED:
        return any(result.verdict != CONFORMS for result in past.body.results)
    return any(change.field.endswith(".verdict") and change.after != CONFORMS for change in past.body.changes)


def _verdicts(history: History) -> dict[str, str]:
    """Return the last word on each test since the last rework.

    A failure counts in any reading, relied on or not; a pass is relied on, and never was another test or a failure.
    """
    since = max((past.position for past in history.of(n.REWORKED)), default=-1)
    found: dict[str, str] = {}
    for past in history.of(n.TESTED):
        if past.position < since:
            continue
        for words in zip(*(body.results for body in readings(past, history.own)), strict=False):
            said = {(each.test, each.verdict) for each in words}
            failed = {test: verdict for test, verdict in said if verdict != CONFORMS}
            is_passed = len(said) == 1 and history.is_relied_on(past)
            found.update(failed or (said if is_passed else ()))
    return found


def unfit_documents(history: History, context: Context) -> list[str]:
    """Return in words which documents a batch was made under that were not effective for it on the day of its start.

    Source: NMPA 134/2025 (I), "the prescriptions and manufacturing processes approved".
    """
    authorised = history.relied(n.AUTHORISED)
    if not authorised:
        return []
    bodies, started = readings(authorised[-1], history.own), history.of(n.STARTED)
    times = [body.started_at for body in readings(started[0], history.own)] if started else [authorised[-1].time]
    refs = dict.fromkeys(ref for body in bodies for ref in (body.process_version, body.standard_version))
    states = COMMERCIAL if FOR_THE_MARKET in purposes_of(history) else COMMERCIAL | {"validation"}
    product, site = bodies[0].product.code, bodies[0].site
    found = []
    for ref in refs:
        version = context.find(ref)
        if version is None:
            found.append("a document that is not there")
            continue
        days = {day_of(moment_stated(time)) for time in times}
        wrong = (why_not_effective(version, context, product, site, day, states=states) for day in sorted(days))
        found += [each for each in wrong if each]
    return list(dict.fromkeys(found))


def check_releasable(context: Context, lineage: Lineage) -> None:
    """Ask that no regulator's measure and, unless agreed otherwise, no suspension stops a release.

    Raises:
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    check_release_not_suspended(context, lineage.labels)
    check_no_measure(context, lineage.labels, MANUFACTURING | SALES)


def _check_resolved(refs: Iterable[EventRef], context: Context, lineage: Lineage) -> None:
    """Ask that the release names what resolved each thing that touches the batch, and nothing else."""
    named = {(ref.journal, ref.position) for ref in refs}
    wanted = {
        (each.resolution.role.value, each.resolution.position): each
        for each in touching(context, lineage)
        if each.resolution is not None
    }
    unnamed = [each.words for place, each in wanted.items() if place not in named]
    if unnamed or named - wanted.keys():
        what = "; ".join(unnamed) or "an entry that resolves nothing of this batch"
        raise FactoryReleaseError(f"`resolved` names what resolved each matter of the batch; wrong: {what}")
