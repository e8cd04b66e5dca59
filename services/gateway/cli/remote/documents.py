"""`counterfoil agreement`, `communication-list`, `calendar`: what the parties agree on, drafted and signed by both."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from services.gateway.cli.errors import RefusedError
from services.gateway.cli.files import read_json
from services.gateway.cli.remote.steps import DryRun, Key, Reason, done, signature
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.demo import documents

AGREEMENT = Room("agreement", "Quality agreements of the two parties.")
LIST = Room("communication-list", "Who tells whom what, and within which time.")
CALENDAR = Room("calendar", "Working days by which time limits count.")

_AGREEMENTS, _LISTS, _CALENDARS = "/v1/agreements", "/v1/communication-lists", "/v1/calendars"
_COLUMNS = ("document", "owner", "state", "in_force")

File = Annotated[
    str, typer.Argument(metavar="FILE", help="JSON as the HTTP interface takes it; - reads it from input.")
]
Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id.")]
From = Annotated[str | None, typer.Option("--from", help="First day, for example 2026-12-01; by default today.")]


@AGREEMENT.remote("draft")
def draft_agreement(session: Session, file: File, *, key: Key = None, dry_run: DryRun = False) -> None:
    """Draft a quality agreement, or its next version."""
    _draft(session, _AGREEMENTS, file, key, dry_run=dry_run)


@AGREEMENT.remote("template")
def show_agreement_template(session: Session) -> None:
    """Show a complete quality agreement as JSON, to put your own products and terms into."""
    session.output.json(documents.agreement())


@AGREEMENT.remote("sign")
def sign_agreement(session: Session, document: Document, reason: Reason, *, key: Key = None) -> None:
    """Sign the latest draft of an agreement."""
    _sign(session, _AGREEMENTS, document, reason, key)


@AGREEMENT.remote("activate")
def activate_agreement(
    session: Session, document: Document, reason: Reason, *, since: From = None, key: Key = None
) -> None:
    """Put an agreement in force that both signed."""
    _activate(session, f"{_AGREEMENTS}/{document}", reason, since, key)


@AGREEMENT.remote("list")
def list_agreements(session: Session) -> None:
    """List agreements and how they stand."""
    _list(session, _AGREEMENTS)


@LIST.remote("draft")
def draft_list(session: Session, file: File, *, key: Key = None, dry_run: DryRun = False) -> None:
    """Draft a communication list, or its next version."""
    _draft(session, _LISTS, file, key, dry_run=dry_run)


@LIST.remote("template")
def show_list_template(session: Session) -> None:
    """Show a complete communication list as JSON, under the agreement and by the calendar that stand here."""
    agreements = session.client.get(_AGREEMENTS)["data"]
    calendars = session.client.get(_CALENDARS)["data"]
    if not agreements:
        hint = "counterfoil agreement draft FILE"
        raise RefusedError("there is no agreement yet that the list could be made under", hint=hint)
    if not calendars:
        raise RefusedError("there is no calendar yet to count working days by", hint="counterfoil calendar publish")
    draft = agreements[-1]["versions"][-1]["entry"]
    session.output.json(documents.communication_list(draft, calendars[-1]["entry"]))


@LIST.remote("sign")
def sign_list(session: Session, document: Document, reason: Reason, *, key: Key = None) -> None:
    """Sign the latest draft of a communication list."""
    _sign(session, _LISTS, document, reason, key)


@LIST.remote("activate")
def activate_list(session: Session, document: Document, reason: Reason, *, since: From = None, key: Key = None) -> None:
    """Put a communication list in force that both signed and that is complete."""
    _activate(session, f"{_LISTS}/{document}", reason, since, key)


@LIST.remote("list")
def list_lists(session: Session) -> None:
    """List communication lists and how they stand."""
    _list(session, _LISTS)


@CALENDAR.remote("publish")
def publish(
    session: Session,
    year: Annotated[int, typer.Argument(help="For example 2026.")],
    *,
    file: Annotated[str | None, typer.Option("--file", help="JSON with the days, instead of the known ones.")] = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Publish the working days of a year as the State Council's notice names them."""
    body = {"year": year, **({} if file is None else read_json(file))}
    query = {"dry_run": True if dry_run else None}
    done(session, session.client.post(_CALENDARS, body, key=key, query=query))


@CALENDAR.remote("list")
def list_calendars(session: Session) -> None:
    """List the calendars that both parties published."""
    rows = session.client.get(_CALENDARS)["data"]
    if session.as_json:
        session.output.json({"data": rows})
        return
    told = [
        [
            row["entry"]["journal"],
            row["calendar"],
            row["year"],
            row["version"],
            len(row["days_off"]),
            row["provisional"],
        ]
        for row in rows
    ]
    session.output.table(("party", "calendar", "year", "version", "days_off", "provisional"), told)


def _draft(session: Session, path: str, file: str, key: str | None, *, dry_run: bool) -> None:
    answer = session.client.post(path, read_json(file), key=key, query={"dry_run": True if dry_run else None})
    done(session, answer)
    session.output.hint("document {id}; next: both parties sign it", id=answer["document"])


def _sign(session: Session, path: str, document: str, reason: str, key: str | None) -> None:
    body = {"signature": signature(reason)}
    done(session, session.client.post(f"{path}/{document}/signatures", body, key=key))


def _activate(session: Session, path: str, reason: str, since: str | None, key: str | None) -> None:
    day = since or datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    body = {"effective_from": day, "signature": signature(reason)}
    done(session, session.client.post(f"{path}/activation", body, key=key))


def _list(session: Session, path: str) -> None:
    rows = session.client.get(path)["data"]
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_COLUMNS, [[row.get(name) for name in _COLUMNS] for row in rows])
