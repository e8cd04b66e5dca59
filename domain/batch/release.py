"""The manufacturer's release (G10), and what any release asks. None is conditional; every open blocker is named."""

from collections.abc import Iterable, Sequence

from domain.approved_version.in_force import COMMERCIAL, why_not_effective
from domain.batch import names as n
from domain.batch.blockers import led_to, open_blockers, touching
from domain.batch.errors import BatchStateError, FactoryReleaseError
from domain.batch.lineage import Lineage, batch_of, lineage_of
from domain.batch.resolution import Touching
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

_MADE = {n.STARTED: "manufacturing has not started", n.MANUFACTURED: "manufacturing has not ended"}


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
    touched = touching(context, lineage)
    missing = [*unmet_conditions(context, lineage, touched), *open_blockers(context, lineage, touched)]
    if missing:
        raise FactoryReleaseError(f"open: {'; '.join(missing)}")
    _check_resolved(proposed.body.resolved, touched)
    check_releasable(context, lineage)


def unmet_conditions(context: Context, lineage: Lineage, touched: Sequence[Touching]) -> list[str]:
    """Return in words which conditions of a factory release a batch does not fulfil; `touched` is what touches it.

    A split or a join sheds no rejection: whoever rejects what is left of a batch splits it off first, as a part.
    What was started or made against a gate counts once the deviation that it led to is resolved; what is marked for
    another reason is said anew.
    """
    history, found = batch_of(context, lineage.identities[0]), []
    if not history.relied(n.AUTHORISED):
        found.append("no authorisation")
    found += [words for name, words in _MADE.items() if not _counted(history, name, touched)]
    found += unmet_tests(history)
    for parent in (batch_of(context, identity) for identity in lineage.identities[1:]):
        found += ["a batch that it came from was rejected"] if parent.of(*n.REJECTIONS) else []
        found += _failed_before(history, parent)
    return [*found, *_unfit_documents(history, context, touched)]


def unmet_tests(history: History) -> list[str]:
    """Return in words what is left of the tests of a batch: a join asks for new ones, only rework ends a failure."""
    reworked, joined = _last_of(history, n.REWORKED), _last_of(history, n.JOINED)
    found = [] if _verdicts(history, max(reworked, joined)) else ["not tested"]
    return [*found, *(f"test {test}: does not conform" for test in _failed(history, reworked))]


def _failed_before(history: History, parent: History) -> list[str]:
    """Return in words the tests that a batch failed from which this one came: until one of the two is reworked.

    Or until the parent passes the test after all: its last word counts.
    """
    since = max(_last_of(each, n.REWORKED) for each in (history, parent))
    number = "" if parent.opening is None else parent.opening.body.number
    return [f"test {test} of {number}, which it came from: does not conform" for test in _failed(parent, since)]


def _failed(history: History, since: int) -> list[str]:
    return [test for test, verdict in _verdicts(history, since).items() if verdict != CONFORMS]


def _counted(history: History, name: str, touched: Sequence[Touching]) -> list[PastEvent]:
    """Return the facts of a type that count: relied on, or marked and led to a deviation that is resolved."""
    said = (past for past in history.of(name) if not history.is_disputed(past))
    return [past for past in said if not past.violates or any(each.resolution for each in led_to(past, touched))]


def purposes_of(history: History) -> set[str]:
    """Return what a batch was ever said to be made for."""
    return {body.purpose for past in history.of(*n.OPENINGS) for body in readings(past, history.own)}


def says_failed(past: PastEvent) -> bool:
    """Tell whether an entry about a batch, a test or a correction, says by itself that a result does not conform."""
    if past.name == n.TESTED:
        return any(result.verdict != CONFORMS for result in past.body.results)
    return any(change.field.endswith(".verdict") and change.after != CONFORMS for change in past.body.changes)


def _last_of(history: History, *types: str) -> int:
    """Return the position of the last entry of these types of the manufacturer; -1 without one."""
    return max((past.position for past in history.of(*types)), default=-1)


def _verdicts(history: History, since: int) -> dict[str, str]:
    """Return the last word on each test after a position.

    A failure counts in any reading, relied on or not; a pass is relied on, and never was another test or a failure.
    """
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


def _unfit_documents(history: History, context: Context, touched: Sequence[Touching]) -> list[str]:
    """Return in words which documents a batch was made under that were not effective for it where and when it started.

    Looked at are the day on which it first started, at the place of its authorisation, and every start that counts.

    That is the day that was stated, as corrected too, and the day on which it was recorded.

    Source: NMPA 134/2025 (I), "the prescriptions and manufacturing processes approved".
    """
    authorised = history.relied(n.AUTHORISED)
    if not authorised:
        return []
    bodies, started = readings(authorised[-1], history.own), history.of(n.STARTED)
    stated = [body.started_at for body in readings(started[0], history.own)] if started else []
    first = [*stated, (started or authorised[-1:])[0].time]
    counted = (body for past in _counted(history, n.STARTED, touched) for body in readings(past, history.own))
    places = {(bodies[0].site, time) for time in first} | {(body.site, body.started_at) for body in counted}
    days = sorted({(site, day_of(moment_stated(time))) for site, time in places})
    refs = dict.fromkeys(ref for body in bodies for ref in (body.process_version, body.standard_version))
    states = COMMERCIAL if FOR_THE_MARKET in purposes_of(history) else COMMERCIAL | {"validation"}
    product, found = bodies[0].product.code, []
    for ref in refs:
        version = context.find(ref)
        if version is None:
            found.append("a document that is not there")
            continue
        wrong = (why_not_effective(version, context, product, site, day, states=states) for site, day in days)
        found += [each for each in wrong if each]
    return list(dict.fromkeys(found))


def check_releasable(context: Context, lineage: Lineage) -> None:
    """Ask that no regulator's measure and, unless agreed otherwise, no suspension stops a release.

    Raises:
        SuspendedError, RegulatoryMeasureError: `gate.suspension`, `gate.regulatory_measure`.
    """
    check_release_not_suspended(context, lineage.labels)
    check_no_measure(context, lineage.labels, MANUFACTURING | SALES)


def _check_resolved(refs: Iterable[EventRef], touched: Iterable[Touching]) -> None:
    """Ask that the release names what resolved each thing that touches the batch, and nothing else."""
    named = {(ref.journal, ref.position) for ref in refs}
    wanted = {
        (each.resolution.role.value, each.resolution.position): each for each in touched if each.resolution is not None
    }
    unnamed = [each.words for place, each in wanted.items() if place not in named]
    if unnamed or named - wanted.keys():
        what = "; ".join(unnamed) or "an entry that resolves nothing of this batch"
        raise FactoryReleaseError(f"`resolved` names what resolved each matter of the batch; wrong: {what}")
