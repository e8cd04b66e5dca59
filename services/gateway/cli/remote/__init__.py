"""Commands that speak with a running gateway over HTTP, as any other program may."""

from services.gateway.cli.remote import (
    about,
    attachments,
    documents,
    events,
    exporting,
    health,
    importing,
    items,
    partners,
    people,
    quarantine,
    refusals,
    registers,
    steps,
)

REMOTE_ROOMS = (
    health.ROOM,
    about.ROOM,
    partners.ROOM,
    partners.OUTBOX,
    people.ROOM,
    documents.CALENDAR,
    documents.AGREEMENT,
    documents.LIST,
    items.TOP,
    items.CLOCK,
    steps.ROOM,
    importing.ROOM,
    exporting.ROOM,
    attachments.TOP,
    registers.TOP,
    events.ROOM,
    quarantine.ROOM,
    refusals.ROOM,
)
