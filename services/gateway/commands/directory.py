"""People and calendars: entries about the party itself, in the one subject of its journal."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from domain.drafts import Draft
from domain.judging.context import Context
from domain.parties.commands import (
    AuthorisePerson,
    NamePerson,
    WithdrawPerson,
    authorise_person,
    name_person,
    withdraw_person,
)
from domain.parties.people import PersonRole
from domain.relationship.commands import PublishCalendar, publish_calendar
from services.gateway.commands.asking import Asked, permitted, told
from services.gateway.exchange.jobs import CommandJob, Decision, Situation


def authorise(
    asked: Asked,
    fresh: str,
    person: str,
    *,
    roles: Sequence[PersonRole],
    since: datetime | None,
    until: datetime | None,
) -> CommandJob:
    """Return the job that gives a person roles; `fresh` is a UUID for the journal's subject if it has none yet."""

    def deciding(journal: str, now: Situation) -> list[Draft]:
        command = AuthorisePerson(journal, person, roles, since, until)
        return authorise_person(command, now.context, asked.actor, now.at)

    return _job(asked, fresh, ("person", person), deciding)


def withdraw(
    asked: Asked,
    fresh: str,
    person: str,
    *,
    roles: Sequence[PersonRole],
    since: datetime | None,
    until: datetime | None,
) -> CommandJob:
    """Return the job that takes roles from a person."""

    def deciding(journal: str, now: Situation) -> list[Draft]:
        command = WithdrawPerson(journal, person, roles, since, until)
        return withdraw_person(command, now.context, asked.actor, now.at)

    return _job(asked, fresh, ("person", person), deciding)


def name(asked: Asked, fresh: str, person: str, full_name: str, contact: str | None) -> CommandJob:
    """Return the job that says who a person is."""

    def deciding(journal: str, now: Situation) -> list[Draft]:
        return name_person(NamePerson(journal, person, full_name, contact), now.context, asked.actor, now.at)

    return _job(asked, fresh, ("person", person), deciding)


def publish(
    asked: Asked,
    fresh: str,
    *,
    calendar: str,
    year: int,
    days_off: Sequence[date],
    make_up_workdays: Sequence[date],
    provisional: bool,
) -> CommandJob:
    """Return the job that publishes a year's working calendar."""

    def deciding(journal: str, now: Situation) -> list[Draft]:
        command = PublishCalendar(journal, calendar, year, days_off, make_up_workdays, provisional)
        return publish_calendar(command, now.context, asked.actor, now.at)

    return _job(asked, fresh, ("calendar", f"{calendar}/{year}"), deciding)


def _job(
    asked: Asked, fresh: str, about: tuple[str, str], deciding: Callable[[str, Situation], list[Draft]]
) -> CommandJob:
    def decide(now: Situation) -> Decision:
        drafts = deciding(_journal_id(now.context, fresh), now)
        return Decision(permitted(drafts, asked, now), told(asked, *about))

    return asked.job(decide)


def _journal_id(context: Context, fresh: str) -> str:
    """Return the UUID of the own journal's one subject; the first entry about it gives it."""
    known = context.views[context.role].protocol_subjects("journal")
    return known[0].partition("/")[2] if known else fresh
