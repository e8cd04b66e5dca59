"""`counterfoil export csv`: the communication list for a spreadsheet program."""

from pathlib import Path
from typing import Annotated

import typer

from services.gateway.cli.remote.items import AsOf
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("export", "Lists for other programs.")


@ROOM.remote("csv")
def csv(
    session: Session,
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Write it there, instead of to standard output.")] = None,
    category: Annotated[str | None, typer.Option("--category", help="For example deviations.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="A state, or open for all but closed.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="The source system.")] = None,
    as_of: AsOf = None,
) -> None:
    """Write all items as CSV (UTF-8 with its mark); cells that a spreadsheet would run as formulas are neutralised."""
    query = {"category": category, "state": state, "source": source, "as_of": as_of}
    content = session.client.content("/v1/communications.csv", query)
    if out is None:
        session.output.binary(content)
        return
    out.write_bytes(content)
    if session.as_json:
        session.output.json({"file": str(out), "bytes": len(content)})
        return
    session.output.hint("{count} bytes in {file}", count=len(content), file=out)
