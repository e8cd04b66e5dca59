"""What can be asked about people: to give roles, to take them, to name a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.drafts import Draft, admit, values
from domain.judging.context import Context
from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN, PersonRole
from domain.parties.rules import RULES
from events.encoding.moments import format_moment


@dataclass(frozen=True)
class AuthorisePerson:
    """Give a person roles, from a moment (None: now) until another (None: until they are withdrawn)."""

    journal_id: str  # UUID of the own journal's subject
    person: str  # without person/
    roles: Sequence[PersonRole]
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class WithdrawPerson:
    """Take roles from a person, from a moment (None: now) until another (None: until they are given again)."""

    journal_id: str
    person: str
    roles: Sequence[PersonRole]
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class NamePerson:
    """Say who a person of the directory is and how to reach them."""

    journal_id: str
    person: str
    name: str
    contact: str | None = None


def authorise_person(command: AuthorisePerson, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on giving roles.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    return _give_or_take(AUTHORISED, command, context, actor, at)


def withdraw_person(command: WithdrawPerson, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on taking roles.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    return _give_or_take(WITHDRAWN, command, context, actor, at)


def name_person(command: NamePerson, context: Context, actor: str, at: datetime) -> list[Draft]:
    """Decide on naming a person; the body may be erased by law later.

    Raises:
        EntryError: `entry.schema_invalid`.
    """
    body = values(person=command.person, name=command.name, contact=command.contact)
    return admit(Draft(NAMED, f"journal/{command.journal_id}", body), context, actor, at, RULES)


def _give_or_take(
    name: str, command: AuthorisePerson | WithdrawPerson, context: Context, actor: str, at: datetime
) -> list[Draft]:
    body = {
        "person": command.person,
        "roles": [str(role) for role in command.roles],
        "from": format_moment(command.since or at),
        "to": None if command.until is None else format_moment(command.until),
    }
    return admit(Draft(name, f"journal/{command.journal_id}", body), context, actor, at, RULES)
