"""All rooms of the command line. What works on this machine's files brings in databases, broker and server."""

from services.gateway.cli.local import (
    backups,
    becoming,
    bundles,
    configuration,
    database,
    doctor,
    fsck,
    keys,
    party,
    projections,
    schemas,
    serving,
    signers,
    tokens,
)
from services.gateway.cli.matters.rooms import MATTER_ROOMS
from services.gateway.cli.remote import REMOTE_ROOMS

LOCAL_ROOMS = (
    party.ROOM,
    serving.ROOM,
    doctor.ROOM,
    fsck.ROOM,
    keys.ROOM,
    tokens.ROOM,
    signers.ROOM,
    configuration.ROOM,
    database.ROOM,
    projections.ROOM,
    backups.ROOM,
    bundles.ROOM,
    becoming.INSPECTOR,
    schemas.ROOM,
    schemas.TOP,
)
ALL_ROOMS = (*LOCAL_ROOMS, *REMOTE_ROOMS, *MATTER_ROOMS)
