"""A group for each matter: open it, take its steps, see how it stands, see what a request holds.

Everything comes from the table of addresses: a new matter has its commands with its address.
"""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from services.gateway.api.addresses import ALL, Address, event_name
from services.gateway.cli.matters import series
from services.gateway.cli.matters.asking import APPROVED, Asking
from services.gateway.cli.matters.labels import CATEGORY_OF, label_of_events, label_of_group
from services.gateway.cli.matters.names import OPEN, address_named, command_path, group_name, opening_name
from services.gateway.cli.matters.reading import item_named
from services.gateway.cli.matters.templates import show_template
from services.gateway.cli.problems import CONFLICT, INVALID, ProblemError
from services.gateway.cli.remote import items
from services.gateway.cli.remote.items import ITEMS, AsOf, Between
from services.gateway.cli.remote.registers import register_command
from services.gateway.cli.remote.steps import DryRun, Key, done
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ItemName = Annotated[str, typer.Argument(metavar="ITEM", help="The item's id or number.")]
File = Annotated[
    str | None, typer.Argument(metavar="FILE", help="JSON as the HTTP interface takes it; - reads it from input.")
]
Values = Annotated[
    list[str] | None,
    typer.Option("--set", help="FIELD=TEXT or FIELD:=JSON, an entry as cmo:17 or by its item's number; repeatable."),
]
Why = Annotated[str | None, typer.Option("--reason", help="Why; where the step is signed, with this reason.")]
Noun = Annotated[str, typer.Argument(metavar="STEP", help="By default open.")]
_Run = Callable[..., None]


def room_named(word: str) -> Room:
    """Return the group that a word of the command line names.

    Raises:
        KeyError: none is called so.
    """
    address = address_named(word)
    if address is None:
        raise KeyError(word)
    return room_of(address)


def room_of(address: Address) -> Room:
    """Return the group of a matter."""
    room = Room(group_name(address), label_of_group(address))
    for path, name in address.openings.items():
        event = event_name(address.kind, name)
        room.remote(opening_name(path), label_of_events(event))(_opening(address, path, event))
    room.remote("list")(_list(address))
    if address.kind in CATEGORY_OF:
        room.remote("show")(_show(address))
        room.remote("steps")(_steps(address))
    room.remote("template")(_template(address))
    if address.kind == series.KIND:
        room.remote(series.NAME)(series.show_series)
    for noun in address.steps:
        events = _events_of(address, noun)
        room.remote(noun, label_of_events(*events))(_step(address, noun, events[0]))
    return room


def _events_of(address: Address, noun: str) -> list[str]:
    """Return the events of a step: the owner's, that of the review, or both."""
    own, review = address.steps[noun]
    return [
        event_name(address.kind, name, review=is_review) for name, is_review in ((own, False), (review, True)) if name
    ]


def _opening(address: Address, path: str, event: str) -> _Run:
    asking = Asking(address, event)

    def run(
        session: Session,
        file: File = None,
        *,
        values: Values = None,
        reason: Why = None,
        key: Key = None,
        dry_run: DryRun = False,
    ) -> None:
        body = asking.body(session, file, values or [], reason)
        answer = _posted(session, address, opening_name(path), body, key=key, dry_run=dry_run)
        if address.kind in CATEGORY_OF and not answer.get("dry_run"):
            session.output.hint("next: {command}", command=f"counterfoil {group_name(address)} steps {answer['item']}")

    return run


def _step(address: Address, noun: str, event: str) -> _Run:
    asking = Asking(address, event)

    def run(
        session: Session,
        item: ItemName,
        file: File = None,
        *,
        values: Values = None,
        reason: Why = None,
        key: Key = None,
        dry_run: DryRun = False,
    ) -> None:
        named = item_named(session, address, item)
        body = asking.body(session, file, values or [], reason, lambda: _relationship_of(session, address, named))
        _posted(session, address, noun, body, item=named, key=key, dry_run=dry_run)

    return run


def _list(address: Address) -> _Run:
    """Return the command that lists a matter: of its register, or of those on the list."""
    if address.register is not None:
        return register_command(address)

    def run(
        session: Session,
        *,
        state: Annotated[str | None, typer.Option("--state", help="A state, or open for all but closed.")] = None,
        product: Annotated[str | None, typer.Option("--product", help="A product code.")] = None,
        batch: Annotated[str | None, typer.Option("--batch", help="A batch number.")] = None,
        relationship: Between = None,
        as_of: AsOf = None,
        limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50,
    ) -> None:
        """List all of them, as they stand or stood."""
        category = CATEGORY_OF[address.kind]
        items.list_(
            session,
            category=category,
            state=state,
            product=product,
            batch=batch,
            relationship=relationship,
            as_of=as_of,
            limit=limit,
        )

    return run


def _show(address: Address) -> _Run:
    def run(session: Session, item: ItemName, *, as_of: AsOf = None) -> None:
        """Show one: its row, its clocks, its timeline, and what you may do now."""
        items.item(session, item_named(session, address, item), as_of=as_of)

    return run


def _steps(address: Address) -> _Run:
    def run(session: Session, item: ItemName) -> None:
        """Show which steps you may take now, and why not the others."""
        row = session.client.get(f"{ITEMS}/{item_named(session, address, item)}")
        if session.as_json:
            session.output.json({"state": row["state"], "steps": row["steps"]})
            return
        session.output.pairs({name: row.get(name) for name in ("number", "title", "state")})
        items.show_steps(session, row["steps"])
        session.output.hint("take one: {command}", command=f"counterfoil {group_name(address)} NOUN {item}")

    return run


def _template(address: Address) -> _Run:
    def run(
        session: Session,
        noun: Noun = OPEN,
        *,
        everything: Annotated[bool, typer.Option("--all", help="With what may be left out.")] = False,
    ) -> None:
        """Show what a request holds, as JSON to fill in; what each field may be, on standard error."""
        show_template(session, address, noun, _meaning_of(address, noun), everything=everything)

    return run


def _meaning_of(address: Address, noun: str) -> str:
    """Return with which meaning a step is signed, if it is."""
    if noun not in address.steps:
        return APPROVED
    return Asking(address, _events_of(address, noun)[0]).meaning()


def _posted(
    session: Session, address: Address, noun: str, body: object, *, item: str = "", key: str | None, dry_run: bool
) -> dict[str, Any]:
    """Give a command about a matter, tell what came of it, and return the answer.

    Raises:
        ProblemError: it was refused, with what to look at: how a request is made, or which steps are open.
    """
    path = command_path(address, noun).replace("{item}", item)
    try:
        answer: dict[str, Any] = session.client.post(path, body, key=key, query={"dry_run": True if dry_run else None})
    except ProblemError as error:
        if error.status == INVALID:
            error.hint = f"counterfoil {group_name(address)} template {noun}"
        if error.status == CONFLICT and item:
            error.hint = f"counterfoil {group_name(address)} steps {item}"
        raise
    done(session, answer)
    return answer


def _relationship_of(session: Session, address: Address, item: str) -> str | None:
    """Return the relationship of an item of the list; of a register nothing is known."""
    if address.kind not in CATEGORY_OF:
        return None
    found: str | None = session.client.get(f"{ITEMS}/{item}").get("relationship")
    return found


MATTER_ROOMS = tuple(room_of(each) for each in ALL)
