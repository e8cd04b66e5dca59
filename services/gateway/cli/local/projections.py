"""`counterfoil projections`: how the rows that screens read stand, comparing them, building them anew."""

from typing import Any

from infra.read_model.sql_read_model import SqlReadModel
from infra.store.sql_store import open_store
from services.gateway.cli.errors import RefusedError
from services.gateway.cli.remote.steps import Key
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.projections.auditing import Audit

ROOM = Room("projections", "The rows that screens read.")

_PATH = "/v1/projections"
_COLUMNS = ("relationship", "item")


@ROOM.remote("status")
def status(session: Session) -> None:
    """Show how far rows are folded; exit code 1 if a partner concludes otherwise from the same entries."""
    told = session.client.get(_PATH)
    if session.as_json:
        session.output.json(told)
    else:
        rebuilt = told["rebuild"]
        session.output.pairs(
            {
                "position": told["position"],
                "last_sequence": told["last_sequence"],
                "rebuild": "-" if rebuilt is None else rebuilt["position"],
            }
        )
        columns = ("relationship", "concluded", "agreed", "difference")
        rows = [[row["relationship"], *(_said(row[name]) for name in columns[1:])] for row in told["relationships"]]
        session.output.table(columns, rows)
    if any(row["difference"] for row in told["relationships"]):
        raise RefusedError("a partner concludes otherwise", hint="counterfoil projections rebuild")


@ROOM.remote("rebuild")
def rebuild(session: Session, *, key: Key = None) -> None:
    """Fold everything anew from the first entry; what is shown stays until the new rows take its place at once."""
    told = session.client.post(f"{_PATH}/rebuild", {}, key=key)
    if session.as_json:
        session.output.json(told)
        return
    session.output.say("the rebuild is under way; what is shown stays until it is done")
    session.output.hint("next: counterfoil projections status")


@ROOM.local("diff")
def diff(session: Session) -> None:
    """Compare all rows in the store with a fresh fold; exit code 1 if any differ."""
    rows = _differing(session)
    if session.as_json:
        session.output.json({"data": rows})
    elif rows:
        session.output.table(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows])
    else:
        session.output.say("all rows are what the entries say")
    if rows:
        raise RefusedError("{count} items differ", hint="counterfoil projections rebuild", count=len(rows))


def _differing(session: Session) -> list[dict[str, str]]:
    """Look into the store beside the gateway that may run on it."""
    store = open_store(session.settings.store_url(), lock=False)
    try:
        with store.reading() as reading:
            relationships = reading.relationships()
        return [
            {"relationship": str(each.relationship), "item": item}
            for each in relationships
            for item in Audit(store, SqlReadModel(store), each.number).run()
        ]
    finally:
        store.close()


def _said(value: dict[str, Any] | None) -> str:
    if value is None:
        return "-"
    sizes = f"{value['mah']}/{value['cmo']}"
    return " ".join([sizes, *(value.get("items") or ())])
