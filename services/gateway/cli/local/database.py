"""`counterfoil db`: the tables of the store."""

from infra.store.sql_store import open_store
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("db", "The store's tables.")


@ROOM.local("migrate")
def migrate(session: Session) -> None:
    """Bring the store's tables to the version of this software; nothing when they are."""
    session.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    open_store(session.settings.store_url(), lock=True).close()
    if session.as_json:
        session.output.json({"migrated": True})
        return
    session.output.say("the tables are up to date")
