"""Why an entry about a key person is marked."""

from domain.errors import DomainError
from domain.key_person.rights import KEY_PERSONNEL


class KeyPersonStateError(DomainError):
    """The person is registered already under this id, or withdrawn."""

    source = KEY_PERSONNEL
    code = "key_person.wrong_state"


class KeyPersonPeriodError(DomainError):
    """A time ends before it begins."""

    source = KEY_PERSONNEL
    code = "key_person.period"
