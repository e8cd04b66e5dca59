"""The registers: `counterfoil key-person list` and the others, and `counterfoil registers`, which shows them all."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from services.gateway.api.addresses import ALL, Address
from services.gateway.cli.remote.items import AsOf, Between
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

TOP = Room("", "")

FILTERS: Mapping[str, Any] = {
    "product": Annotated[str | None, typer.Option("--product", help="A product code.")],
    "site": Annotated[str | None, typer.Option("--site", help="A site.")],
    "on": Annotated[str | None, typer.Option("--on", help="What holds on this day, for example 2026-12-01.")],
    "post": Annotated[str | None, typer.Option("--post", help="A post, for example qualified_person.")],
    "state": Annotated[str | None, typer.Option("--state", help="A state.")],
}
"""What a register may be filtered by."""


@TOP.remote("registers")
def registers(session: Session, *, relationship: Between = None, as_of: AsOf = None) -> None:
    """Show all registers: versions, obligations, capability, liaison, key persons."""
    told = {
        each.plural: _rows(session, each, {"relationship": relationship, "as_of": as_of})
        for each in ALL
        if each.register is not None
    }
    if session.as_json:
        session.output.json(told)
        return
    for plural, rows in told.items():
        session.output.say("{name}: {count}", name=session.words.name(plural), count=len(rows))
        _table(session, rows)


def register_rows(
    session: Session, address: Address, asked: Mapping[str, str | None] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a register; only some come in pages."""
    query = dict(asked or {})
    while True:
        found = session.client.get(f"/v1/{address.plural}", query)
        yield from found["data"]
        if not found.get("next_cursor"):
            return
        query["cursor"] = found["next_cursor"]


def register_command(address: Address) -> Callable[..., None]:
    """Return the command that lists a register, with an option for each of its filters."""

    def run(session: Session, **asked: str | None) -> None:
        """List the register, as it stands or stood."""
        rows = _rows(session, address, asked)
        if session.as_json:
            session.output.json({"data": rows})
            return
        _table(session, rows)

    options = {name: FILTERS[name] for name in address.register or ()} | {"relationship": Between, "as_of": AsOf}
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]
    first = inspect.Parameter("session", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Session)
    run.__signature__ = inspect.Signature([first, *named])  # type: ignore[attr-defined] # inspect's documented hook
    run.__annotations__ = {"session": Session, **options}
    return run


def _rows(session: Session, address: Address, asked: Mapping[str, str | None]) -> list[dict[str, Any]]:
    return list(register_rows(session, address, asked))


def _table(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of a register: of each what fits on a line."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [name for name in names if any(_cell(row.get(name)) for row in rows)]
    if columns:
        session.output.table(columns, [[_cell(row.get(name)) for name in columns] for row in rows])


def _cell(value: object) -> object:
    """Return a value as it fits into a table: an entry by its place, a scope by its codes, of a list how many."""
    if isinstance(value, Mapping):
        if value.keys() == {"journal", "position", "leaf"}:
            return f"{value['journal']}:{value['position']}"
        return " ".join(str(_known_as(each)) for part in value.values() if isinstance(part, list) for each in part)
    return len(value) or None if isinstance(value, list) else value


def _known_as(part: object) -> object:
    """Return what a product, a batch, a line or a site is known by."""
    if not isinstance(part, Mapping):
        return part
    return next((part[name] for name in ("code", "number", "name") if part.get(name)), "")
