"""The release package: complete, in order, and in accord with what the history says of the batch (XII)."""

from collections.abc import Iterable

from domain.batch import names as n
from domain.batch.blockers import touching
from domain.batch.errors import PackageIncompleteError
from domain.batch.lineage import KIND, batch_of, lineage_of
from domain.batch.resolution import Touching
from domain.batch.standing import factory_release_of, release_just_before
from domain.evidence import EvidenceNotFoundError, check_there, evidence_of, names
from domain.judging.context import Context, Proposed
from domain.judging.history import PastEvent
from domain.parties.right import PERSON
from domain.steps.history import History
from domain.steps.subjects import identity_of
from events.catalogue.batches.release import Submitted
from events.encoding.identifiers import Role

_MANDATORY = ("batch_production_record", "batch_test_record")
_INVESTIGATION = "deviation_investigation"


def check_submitted(proposed: Proposed, context: Context) -> None:
    """Mark a package that is not whole: then it opens nothing.

    Source: NMPA 134/2025 (XII), "submit the batch production records, batch test records, deviation investigation
    records and other relevant records and data related to the products under contract manufacturing to MAHs together".

    Raises:
        EvidenceNotFoundError: what is named is no factory release of this batch, another batch, or what a record is
            about is not there.
        PackageIncompleteError: a mandatory record is missing, the version is not the next, or the release fell since.
    """
    identity, body = identity_of(proposed), proposed.body
    history = batch_of(context, identity)
    release = _release_of(proposed, context, history)
    check_there(context, (record.about for record in body.manifest if record.about is not None))
    opening = history.opening
    if opening is None or (opening.body.number, opening.body.product.code) != (body.batch.number, body.product):
        raise EvidenceNotFoundError("the package names another batch or product")
    standing = factory_release_of(history)
    if standing is None or standing.place != release.place:
        raise PackageIncompleteError("the factory release that is named does not stand")
    before = history.of(n.SUBMITTED)
    if body.version != len(before) + 1 or (before and body.reason is None):
        raise PackageIncompleteError(f"version {len(before) + 1} is next, and a later one says why it came")
    check_records(body, proposed.actor)
    check_investigations(body, touching(context, lineage_of(context, identity)))


def check_records(body: Submitted, actor: str) -> None:
    """Ask for the three mandatory kinds of records, each a file of the entry.

    Raises:
        PackageIncompleteError: what is missing is named.
    """
    files = {file.sha256 for file in body.attachments}
    missing = [record.sha256 for record in body.manifest if record.sha256 not in files]
    if missing:
        raise PackageIncompleteError(f"no attachment has the SHA-256 {missing[0]}")
    kinds = {record.kind for record in body.manifest}
    lacking = [kind for kind in _MANDATORY if kind not in kinds]
    if _INVESTIGATION not in kinds and body.no_deviations is None:
        lacking.append(f"{_INVESTIGATION}, or the signed statement that there were none")
    if lacking:
        raise PackageIncompleteError(f"the package lacks: {'; '.join(lacking)}")
    if body.no_deviations is not None and f"{PERSON}{body.no_deviations.person.removeprefix(PERSON)}" != actor:
        raise PackageIncompleteError("whoever submits the package signs that there were no deviations")


def check_investigations(body: Submitted, touched: Iterable[Touching]) -> None:
    """Ask that every deviation of what touches the batch has its investigation in the package, or that there is none.

    Raises:
        PackageIncompleteError: the deviation is named.
    """
    deviations = [each for each in touched if each.kind == "deviation"]
    if body.no_deviations is not None and deviations:
        raise PackageIncompleteError(f"there is a deviation: {deviations[0].words}")
    told = [record.about for record in body.manifest if record.kind == _INVESTIGATION and record.about is not None]
    for each in deviations:
        if not any(names(ref, each.opening) for ref in told):
            raise PackageIncompleteError(f"the package lacks the investigation of {each.words}")


def _release_of(proposed: Proposed, context: Context, history: History) -> PastEvent:
    """Return the factory release that is named; without a name the entry just before is meant."""
    subject = f"{KIND}/{identity_of(proposed)}"
    if proposed.body.release is not None:
        return evidence_of(context, Role.CMO, subject, proposed.body.release, n.FACTORY_RELEASED)
    found = release_just_before(context.position, history)
    if found is None:
        raise EvidenceNotFoundError("a package without `release` follows its factory release in the same page")
    return found
