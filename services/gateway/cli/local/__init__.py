"""Commands on this machine's own files: keys, party, tokens, store, settings, backup, and the server itself."""

from services.gateway.cli.local import (
    backups,
    configuration,
    database,
    doctor,
    keys,
    party,
    schemas,
    serving,
    tokens,
)

LOCAL_ROOMS = (
    party.ROOM,
    serving.ROOM,
    doctor.ROOM,
    keys.ROOM,
    tokens.ROOM,
    configuration.ROOM,
    database.ROOM,
    backups.ROOM,
    schemas.ROOM,
    schemas.TOP,
)
