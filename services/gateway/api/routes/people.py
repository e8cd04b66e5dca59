"""People: who may do what for each party, as the entries of its journal say; edited by entries, never in place."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from domain.items.surroundings import everything_in
from domain.judging.context import Context
from domain.judging.history import JournalView, PastEvent
from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN, PersonRole, roles_of
from events.catalogue.forms import Moment, Name
from events.catalogue.words import PersonRole as RoleWord
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment
from services.gateway.access.roles import Permission
from services.gateway.api.asked import RelationshipField
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Caller, TheGateway, needs, records
from services.gateway.api.edge.commanding import Commands
from services.gateway.api.edge.relationships import RelationshipName, chosen
from services.gateway.api.routes.deviations import MADE
from services.gateway.api.shapes import Rows
from services.gateway.commands import directory
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.store import Reading

router = APIRouter(prefix="/v1/people", tags=["people"])

Looker = Annotated[Caller, Depends(needs(Permission.PEOPLE, Permission.READ))]
Authoriser = Annotated[Caller, Depends(records(AUTHORISED))]
Withdrawer = Annotated[Caller, Depends(records(WITHDRAWN))]
Namer = Annotated[Caller, Depends(records(NAMED))]
Person = Annotated[str, Path(pattern=r"^[^\s/\x00-\x1f\x7f]{1,128}$", description="the id, without `person/`")]


class RolesAsked(RequestModel):
    """Which roles, from when (default: now) until when (default: open), in UTC."""

    relationship: RelationshipField = None
    roles: list[RoleWord] = Field(min_length=1, max_length=len(PersonRole))
    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None

    def roles_given(self) -> list[PersonRole]:
        """Return the roles as the domain names them."""
        return [PersonRole(role) for role in self.roles]


class NameAsked(RequestModel):
    """Who the person is and how to reach them; it may be erased by law later."""

    relationship: RelationshipField = None
    name: Name
    contact: Annotated[str, StringConstraints(max_length=1000)] | None = None


@router.get("", responses={200: {"model": Rows}})
def list_people(_caller: Looker, gateway: TheGateway, relationship: RelationshipName = None) -> Response:
    """List people of both parties with the roles that they hold now."""
    now = gateway.clock.now()
    rows: list[dict[str, Any]] = []
    with gateway.store.reading() as reading:
        for stored in chosen(reading, relationship):
            context = _context(reading, stored.number)
            name = str(stored.relationship)
            rows += [{"relationship": name, **row} for role in Role for row in _rows(context, role, now)]
    return respond_json({"data": rows})


@router.post("/{person}/authorisations", status_code=201, responses=MADE)
def authorise(
    caller: Authoriser, commands: Commands, person: Person, given: Annotated[Given[RolesAsked], body(RolesAsked)]
) -> Response:
    """Give a person roles."""
    wanted = given.value
    asked = commands.asked(caller, given, wanted.relationship)
    job = directory.authorise(
        asked,
        commands.new_id(),
        person,
        roles=wanted.roles_given(),
        since=_moment(wanted.from_),
        until=_moment(wanted.to),
    )
    return commands.submit(job)


@router.post("/{person}/withdrawals", status_code=201, responses=MADE)
def withdraw(
    caller: Withdrawer, commands: Commands, person: Person, given: Annotated[Given[RolesAsked], body(RolesAsked)]
) -> Response:
    """Take roles from a person."""
    wanted = given.value
    asked = commands.asked(caller, given, wanted.relationship)
    job = directory.withdraw(
        asked,
        commands.new_id(),
        person,
        roles=wanted.roles_given(),
        since=_moment(wanted.from_),
        until=_moment(wanted.to),
    )
    return commands.submit(job)


@router.post("/{person}/name", status_code=201, responses=MADE)
def name(
    caller: Namer, commands: Commands, person: Person, given: Annotated[Given[NameAsked], body(NameAsked)]
) -> Response:
    """Say who a person is and how to reach them."""
    asked = commands.asked(caller, given, given.value.relationship)
    job = directory.name(asked, commands.new_id(), person, given.value.name, given.value.contact)
    return commands.submit(job)


def _context(reading: Reading, relationship: int) -> Context:
    views = {role: JournalView(role) for role in Role}
    for role, view in views.items():
        for entry in reading.standing(relationship, role):
            if entry.code is None:
                view.remember(past_of(entry))
    return everything_in(views)


def _rows(context: Context, party: Role, now: datetime) -> Iterable[dict[str, Any]]:
    named = {past.body.person: past for past in context.standing_of(party, NAMED) if past.body is not None}
    words = [*context.standing_of(party, AUTHORISED), *context.standing_of(party, WITHDRAWN)]
    words = sorted((past for past in words if past.body is not None), key=lambda past: past.position)
    for person in dict.fromkeys([*(past.body.person for past in words), *named]):
        known = named.get(person)
        yield {
            "party": party.value,
            "person": person,
            "name": None if known is None else known.body.name,
            "contact": None if known is None else known.body.contact,
            "roles": sorted(roles_of(context, party, person, now)),
            "entries": [_word(past) for past in words if past.body.person == person],
        }


def _word(past: PastEvent) -> dict[str, Any]:
    return {
        "type": past.name,
        "position": past.position,
        "recorded_at": past.time,
        "roles": list(past.body.roles),
        "from": past.body.from_,
        "to": past.body.to,
        "violates": past.violates,
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_moment(text)
