"""Why a step that any matter knows is refused."""

from domain.errors import DomainError


class CorrectionMismatchError(DomainError):
    """What a correction calls the value before is not the value that stands."""

    code = "correction.mismatch"
    slug = "state-transition"
    refusal = "entry.wrong_state"


class CorrectionInvalidError(DomainError):
    """A correction names a field that cannot be corrected, or would leave a body that the catalogue refuses."""

    code = "correction.invalid"
    slug = "validation"
    refusal = "entry.schema_invalid"


class WrongSubjectError(DomainError):
    """An entry stands under another UUID than what it is about."""

    code = "subject.wrong"
    slug = "validation"
    refusal = "entry.wrong_subject"
