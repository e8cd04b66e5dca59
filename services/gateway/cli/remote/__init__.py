"""Commands that speak with a running gateway over HTTP, as any other program may."""

from services.gateway.cli.remote import events, health

REMOTE_ROOMS = (events.ROOM, health.ROOM)
