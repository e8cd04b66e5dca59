"""Working calendars: published as entries with their days as data, so that one side's upgrade moves no due date."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.items.rows import ref_to
from events.catalogue.forms import Code
from events.catalogue.protocol import Days
from events.encoding.identifiers import Role
from infra.calendar.china import CALENDAR, FIRST_YEAR, LAST_YEAR, chinese_year
from services.gateway.api.asked import RelationshipField
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Caller, Reader, TheGateway, records
from services.gateway.api.edge.commanding import Commands
from services.gateway.api.edge.relationships import RelationshipName, chosen
from services.gateway.api.problems import validation
from services.gateway.api.routes.deviations import MADE
from services.gateway.api.shapes import Rows
from services.gateway.commands import directory
from services.gateway.exchange.remembering import past_of

router = APIRouter(prefix="/v1/calendars", tags=["calendars"])

Publisher = Annotated[Caller, Depends(records(CALENDAR_PUBLISHED))]


class CalendarAsked(RequestModel):
    """A year's calendar; of `CN` the days may be left out: then those of the State Council's notice are taken."""

    relationship: RelationshipField = None
    calendar: Code = CALENDAR
    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    days_off: Days | None = None
    make_up_workdays: Days | None = None
    provisional: bool | None = None


@router.get("", responses={200: {"model": Rows}})
def list_calendars(_caller: Reader, gateway: TheGateway, relationship: RelationshipName = None) -> Response:
    """List all calendars that were published, each as a reference that clocks name."""
    rows: list[dict[str, Any]] = []
    with gateway.store.reading() as reading:
        for stored in chosen(reading, relationship):
            name = str(stored.relationship)
            for role in Role:
                published = map(past_of, reading.standing(stored.number, role))
                rows += [
                    {
                        "relationship": name,
                        "entry": ref_to(past),
                        **past.body.model_dump(exclude={"salt", "attachments"}),
                    }
                    for past in published
                    if past.name == CALENDAR_PUBLISHED and past.code is None and past.body is not None
                ]
    return respond_json({"data": rows})


@router.post("", status_code=201, responses=MADE)
def publish(
    caller: Publisher, commands: Commands, given: Annotated[Given[CalendarAsked], body(CalendarAsked)]
) -> Response:
    """Publish the working calendar of a year, in the version after the last."""
    wanted = given.value
    asked = commands.asked(caller, given, wanted.relationship)
    days = _days(wanted)
    job = directory.publish(
        asked,
        commands.new_id(),
        calendar=wanted.calendar,
        year=wanted.year,
        days_off=[date.fromisoformat(day) for day in days["days_off"]],
        make_up_workdays=[date.fromisoformat(day) for day in days["make_up_workdays"]],
        provisional=days["provisional"],
    )
    return commands.submit(job)


def _days(wanted: CalendarAsked) -> dict[str, Any]:
    """Return the days that were given, or the known ones of the Chinese calendar.

    Raises:
        Problem: `validation`: days are missing.
    """
    if wanted.days_off is None and wanted.make_up_workdays is None:
        if wanted.calendar != CALENDAR:
            raise validation("days_off", f"needed for a calendar other than {CALENDAR}")
        known = chinese_year(wanted.year)
        return known if wanted.provisional is None else {**known, "provisional": wanted.provisional}
    return {
        "days_off": wanted.days_off or [],
        "make_up_workdays": wanted.make_up_workdays or [],
        "provisional": bool(wanted.provisional),
    }
