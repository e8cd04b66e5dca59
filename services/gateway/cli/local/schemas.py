"""`counterfoil schema`, `openapi`, `asyncapi`: what this software can read and write, for other programs."""

from typing import Annotated

import typer

from events.catalogue.registry import all_event_types, event_type
from events.schemas.asyncapi import asyncapi_document
from events.schemas.bodies import body_schema
from events.schemas.shared_rows import SHARED_ROW, shared_row_schema
from services.gateway.cli.errors import RefusedError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("schema", "JSON Schemas of the events.")
TOP = Room("", "")


@ROOM.local("list")
def list_(session: Session) -> None:
    """List all event types: who writes them, whether act or fact."""
    rows = [
        {
            "type": each.name,
            "kind": each.kind.value,
            "author": each.author.value,
            "subject": each.subject_kind,
            "erasable": each.erasable,
        }
        for each in all_event_types()
    ]
    if session.as_json:
        session.output.json({"data": rows})
        return
    columns = ("type", "kind", "author", "subject", "erasable")
    session.output.table(columns, [[row[name] for name in columns] for row in rows])


@ROOM.local("show")
def show(
    session: Session, type_: Annotated[str, typer.Argument(metavar="TYPE", help="For example deviation.opened.v1.")]
) -> None:
    """Show the JSON Schema of an event's body, or of what receipts' conclusions are summed over: shared_row.v1."""
    if type_ == SHARED_ROW:
        session.output.json(shared_row_schema())
        return
    found = event_type(type_)
    if found is None:
        raise RefusedError("{type} is no event type", hint="counterfoil schema list", type=type_)
    session.output.json(body_schema(found))


@TOP.local("asyncapi")
def asyncapi(session: Session) -> None:
    """Show the AsyncAPI document of this gateway's topics."""
    session.output.json(asyncapi_document(session.role()))
