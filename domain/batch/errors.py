"""Why a step on a batch is refused or marked."""

from domain.batch.rights import FACTORY, MADE, MARKETING
from domain.citations import Citation
from domain.errors import DomainError

TOGETHER = Citation("NMPA 134/2025", "(XII)", "submit the batch production records, batch test records")


class BatchStateError(DomainError):
    """The batch is not in a state for this step."""

    source = MADE
    code = "batch.wrong_state"


class NotAuthorisedError(BatchStateError):
    """The batch was made without an authorisation that stands."""

    code = "batch.not_authorised"


class WithdrawnDocumentError(DomainError):
    """The holder has withdrawn the process or the standard, and its last day has passed (G2)."""

    source = MADE
    code = "batch.document_withdrawn"
    refusal = "gate.process_documents"


class FactoryReleaseError(DomainError):
    """Standards, conditions or resolutions are missing, so the manufacturer may not release the batch (G10)."""

    source = FACTORY
    code = "release.factory_blocked"
    slug = "release-blocked"
    refusal = "gate.factory_release"


class PackageIncompleteError(DomainError):
    """The release package lacks a mandatory record, or says something else than the history of the batch."""

    source = TOGETHER
    code = "release.package_incomplete"


class MarketingReleaseError(DomainError):
    """Release, package, reviews or resolutions are missing, so the batch may not go to the market (G11)."""

    source = MARKETING
    code = "release.marketing_blocked"
    slug = "release-blocked"
    refusal = "gate.marketing_release"
