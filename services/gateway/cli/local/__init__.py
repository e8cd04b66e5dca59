"""Commands on this machine's own files: keys, party, tokens, store, settings, backup, and the server itself."""

from services.gateway.cli.local import configuration, database, keys, party, schemas, serving, tokens

LOCAL_ROOMS = (
    party.ROOM,
    serving.ROOM,
    keys.ROOM,
    tokens.ROOM,
    database.ROOM,
    configuration.ROOM,
    schemas.ROOM,
    schemas.TOP,
)
