"""The manufacturer's release of a batch with its package of records, and later versions of the package (XII)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from domain.batch import names as n
from domain.batch.series import gaps, look_alikes
from domain.batch.state import MATTER
from events.catalogue.batches.batch import MAX_RESOLVED
from events.catalogue.batches.release import MAX_MANIFEST, Record
from events.catalogue.bodies import EventRef
from events.catalogue.forms import Text
from events.encoding.identifiers import Role
from services.gateway.api.asked import SignatureAsked, WithAttachments
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Caller, Reader, TheGateway, records
from services.gateway.api.edge.commanding import Commands, ItemId
from services.gateway.api.gateway import Gateway
from services.gateway.api.matters import request_model, step_of, type_of
from services.gateway.api.problems import Problem
from services.gateway.api.routes.communications import relationship_number
from services.gateway.api.routes.deviations import MADE
from services.gateway.api.shapes import Rows, page_of
from services.gateway.attachments.naming import files_named
from services.gateway.commands import matters, releases
from services.gateway.commands.asking import Asked
from services.gateway.commands.matters import Matter, Step
from services.gateway.commands.releases import Package
from services.gateway.ports.read_model import ItemQuery

_AT_ONCE = 1000
_RELEASE = type_of("batch", "marketing_released", review=True)
_MARKETING = request_model(_RELEASE)

router = APIRouter(prefix="/v1/batches", tags=["batches"])


class PackageAsked(WithAttachments):
    """The records of a batch: each an attachment; or a signature that there were no deviations."""

    manifest: list[Record] = Field(min_length=1, max_length=MAX_MANIFEST)
    no_deviations: SignatureAsked | None = None

    def package(self, reason: str | None = None) -> Package:
        """Return it as the command wants it."""
        signing = None if self.no_deviations is None else self.no_deviations.signing()
        return Package(self.manifest, self.attachments, signing, reason)


class LaterPackageAsked(PackageAsked):
    """A later version of the package, and why it comes."""

    reason: Text


class FactoryReleaseAsked(RequestModel):
    """The manufacturer's release, with the package that is submitted with it.

    `resolved` may be left out: then it names what resolved each matter that touches the batch.
    """

    resolved: list[EventRef] | None = Field(default=None, max_length=MAX_RESOLVED)
    signature: SignatureAsked
    package: PackageAsked


@router.get("/series", responses=page_of(Rows), name="batches/series")
def series(
    _caller: Reader,
    gateway: TheGateway,
    relationship: Annotated[str | None, Query(description="`<MAH>/<CMO>`; without it, of all")] = None,
) -> dict[str, Any]:
    """Return the batch numbers that are missing in a series, and those that look alike."""
    numbers = _batch_numbers(gateway, relationship_number(gateway, relationship))
    missing = [{"after": gap.after, "before": gap.before, "missing": list(gap.missing)} for gap in gaps(numbers)]
    return {"data": [{"gaps": missing, "look_alikes": look_alikes(numbers)}]}


@router.post("/{item}/factory-release", status_code=201, responses=MADE, name="batches/item/factory-release")
def release(
    caller: Annotated[Caller, Depends(records(n.FACTORY_RELEASED))],
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[FactoryReleaseAsked], body(FactoryReleaseAsked)],
) -> Response:
    """Release a batch by the manufacturer's qualified person, and submit its package: both or neither."""
    asked, matter = commands.about_matter(caller, "batch", item, given)
    _check_own(asked, matter)
    wanted = given.value
    values = {} if wanted.resolved is None else {"resolved": wanted.resolved}
    step = Step(n.FACTORY_RELEASED, values, wanted.signature.signing())
    return commands.submit(releases.release(asked, matter, step, wanted.package.package()))


@router.post("/{item}/record-package", status_code=201, responses=MADE, name="batches/item/record-package")
def submit(
    caller: Annotated[Caller, Depends(records(n.SUBMITTED))],
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[LaterPackageAsked], body(LaterPackageAsked)],
) -> Response:
    """Submit a later version of the package of a batch that was released, with its reason."""
    asked, matter = commands.about_matter(caller, "batch", item, given)
    _check_own(asked, matter)
    return commands.submit(releases.submit(asked, matter, given.value.package(given.value.reason)))


@router.post("/{item}/marketing-release", status_code=201, responses=MADE, name="batches/item/marketing-release")
def release_for_the_market(
    caller: Annotated[Caller, Depends(records(n.MARKETING_RELEASED))],
    commands: Commands,
    item: ItemId,
    given: Annotated[Given[Any], body(_MARKETING)],
) -> Response:
    """Release a batch for the market by the holder's qualified person, with every file of its package here."""
    asked, matter = commands.about_matter(caller, "batch", item, given)
    if matter.owner is asked.role:
        raise Problem("not-permitted", "only the holder releases a batch for the market")
    missing = _missing_files(commands.gateway, asked.relationship, item)
    if missing:
        raise Problem("blob-missing", f"files of the package have not come yet: {', '.join(missing)}")
    return commands.submit(matters.take(asked, matter, step_of(_RELEASE, given.value)))


def _missing_files(gateway: Gateway, relationship: int, item: str) -> Sequence[str]:
    """Return the SHA-256 of each file of the latest package that is not here."""
    subject = f"release_package/{item}"
    with gateway.store.reading() as reading:
        history = reading.histories(relationship, Role.CMO, [subject])[subject]
    accepted = [entry for entry in history if entry.code is None]
    named = [(file.sha256, file.size) for entry in accepted[-1:] for file in files_named(entry)]
    return gateway.files.missing_among(relationship, named)


def _batch_numbers(gateway: Gateway, relationship: int | None) -> list[str]:
    query = ItemQuery(relationship=relationship, category=MATTER.category, sort="number", limit=_AT_ONCE)
    numbers: list[str] = []
    with gateway.read_model.reading() as rows:
        while found := rows.items(query):
            numbers += [version.row["number"] for _, version in found]
            query = replace(query, after=(numbers[-1], found[-1][1].item))
    return numbers


def _check_own(asked: Asked, matter: Matter) -> None:
    if matter.owner is not asked.role:
        raise Problem("not-permitted", "only the manufacturer releases its batches and submits their packages")
