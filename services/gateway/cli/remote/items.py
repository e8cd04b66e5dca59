"""`counterfoil list`, `item`, `clock explain`: the communication list as it stands, or as it stood."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

TOP = Room("", "")
CLOCK = Room("clock", "Time limits of items.")

ITEMS = "/v1/communications"
_COLUMNS = ("number", "title", "class", "state", "due_at", "batches", "item")
_CLOCK_COLUMNS = ("name", "party", "limit", "started_at", "due_at", "state")
_STEP_COLUMNS = ("noun", "allowed", "violates", "why")
_WORK_COLUMNS = ("number", "title", "state", "due_at", "stage", "steps", "item")
_TOLD_COLUMNS = ("entry", "recorded", "actor", "type", "text", "code")
_NOTICE_COLUMNS = ("partner", "named_by", "notices", "missing")
_COUNT_COLUMNS = ("category", "total", "open", "due", "overdue")
_PAGE_OF_WORK = 50
_DAY_COLUMNS = ("day", "counted", "reason", "number", "hours")

ItemId = Annotated[str, typer.Argument(metavar="ITEM", help="The item's id.")]
Between = Annotated[str | None, typer.Option("--relationship", help="<MAH>/<CMO>, where there are several.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="As it stood: seq:3127, or a time with its offset.")]


@TOP.remote("list")
def list_(
    session: Session,
    *,
    category: Annotated[str | None, typer.Option("--category", help="For example deviations.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="A state, or open for all but closed.")] = None,
    class_: Annotated[str | None, typer.Option("--class", help="major, moderate or minor.")] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="A batch number.")] = None,
    product: Annotated[str | None, typer.Option("--product", help="A product code.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="The source system.")] = None,
    external_number: Annotated[str | None, typer.Option("--external-number", help="The number there.")] = None,
    due_before: Annotated[str | None, typer.Option("--due-before", help="A time with its offset.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Part of a number, title or product.")] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", help="opened_at, due_at, number, changed_at; - reverses.")
    ] = None,
    relationship: Between = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50,
) -> None:
    """List items of the communication list."""
    query = {
        "category": category,
        "state": state,
        "class": class_,
        "batch": batch,
        "product": product,
        "source": source,
        "external_number": external_number,
        "due_before": due_before,
        "text": text,
        "sort": sort,
        "relationship": relationship,
        "as_of": as_of,
    }
    rows = list(session.client.rows(ITEMS, query, limit=limit))
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_COLUMNS, [_told(row) for row in rows])
    session.output.hint("{count} items; one of them: counterfoil item ID", count=len(rows))


@TOP.remote("item")
def item(session: Session, item: ItemId, *, as_of: AsOf = None) -> None:
    """Show one item: its row, its clocks, its timeline, and what you may do now."""
    query = {"as_of": as_of}
    row = session.client.get(f"{ITEMS}/{item}", query)
    clocks = session.client.get(f"{ITEMS}/{item}/clocks", query)["data"]
    timeline = session.client.get(f"{ITEMS}/{item}/timeline", query)["data"]
    if session.as_json:
        session.output.json({"item": row, "clocks": clocks, "timeline": timeline})
        return
    shown = {name: value for name, value in row.items() if value not in (None, [], {}) and name != "steps"}
    session.output.pairs(shown)
    session.output.hint("")
    session.output.table(_CLOCK_COLUMNS, [_clock_told(clock) for clock in clocks])
    session.output.hint("")
    session.output.table(_TOLD_COLUMNS, [_step_told(step) for step in timeline])
    session.output.hint("")
    show_steps(session, row.get("steps") or [])


@TOP.remote("my-work")
def my_work(
    session: Session,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 20,
    as_of: AsOf = None,
) -> None:
    """List what you can do now, what is due first."""
    rows = list(session.client.rows("/v1/my-work", {"as_of": as_of}, limit=limit, page=_PAGE_OF_WORK))
    if session.as_json:
        session.output.json({"data": rows})
        return
    session.output.table(_WORK_COLUMNS, [_work_told(row) for row in rows])


@TOP.remote("counts")
def counts(
    session: Session,
    *,
    hours: Annotated[int, typer.Option("--due-within", min=1, help="Hours ahead in which an item counts as due.")] = 24,
    as_of: AsOf = None,
) -> None:
    """Count the items of each category: open, due soon, overdue."""
    told = session.client.get(f"{ITEMS}/counts", {"due_within_hours": hours, "as_of": as_of})
    if session.as_json:
        session.output.json(told)
        return
    session.output.table(_COUNT_COLUMNS, [[row[name] for name in _COUNT_COLUMNS] for row in told["data"]])


@TOP.remote("notices")
def notices(
    session: Session,
    concerning: Annotated[str, typer.Argument(help="A line, a site, a product's code or a batch number.")],
    *,
    category: Annotated[str, typer.Option("--category", help="Of which notices.")] = "suspensions",
    record: Annotated[str | None, typer.Option("--record", help="Only those with this external number.")] = None,
) -> None:
    """Tell which partners something concerns, and which of them have no notice about it."""
    query = {"concerning": concerning, "category": category, "record": record}
    told = session.client.get("/v1/notices", query)
    if session.as_json:
        session.output.json(told)
        return
    said = {True: session.words("yes"), False: session.words("no")}
    rows = [
        [row["partner"], row["named_by"], " ".join(each["number"] for each in row["notices"]), said[row["missing"]]]
        for row in told["data"]
    ]
    session.output.table(_NOTICE_COLUMNS, rows)


@TOP.remote("timeline")
def timeline(
    session: Session,
    *,
    batch: Annotated[str | None, typer.Option("--batch", help="A batch number.")] = None,
    product: Annotated[str | None, typer.Option("--product", help="A product code.")] = None,
    line: Annotated[str | None, typer.Option("--line", help="A production line.")] = None,
    as_of: AsOf = None,
) -> None:
    """Tell everything that was written about a batch, a product or a line, in the order of recording."""
    query = {"batch": batch, "product": product, "line": line, "as_of": as_of}
    told = session.client.get("/v1/timeline", query)
    if session.as_json:
        session.output.json(told)
        return
    numbers = {each["item"]: each["number"] for each in told["items"]}
    rows = [[numbers.get(row["item"]), *_step_told(row)] for row in told["data"]]
    session.output.table(("number", *_TOLD_COLUMNS), rows)


@CLOCK.remote("explain")
def explain(session: Session, item: ItemId, *, as_of: AsOf = None) -> None:
    """Show how each due date of an item came about: every day, counted or not, and why."""
    clocks = session.client.get(f"{ITEMS}/{item}/clocks", {"as_of": as_of, "explain": True})["data"]
    if session.as_json:
        session.output.json({"data": clocks})
        return
    for clock in clocks:
        session.output.table(_CLOCK_COLUMNS, [_clock_told(clock)])
        session.output.table(_DAY_COLUMNS, [[day[name] for name in _DAY_COLUMNS] for day in clock.get("days", [])])


def show_steps(session: Session, steps: Iterable[Mapping[str, Any]]) -> None:
    """Write how it stands with each step: whether it is open now, and if not, why."""
    words = session.words
    said = {True: words("yes"), False: words("no"), None: words("depends")}
    rows = [
        [step["noun"], said[step["allowed"]], words("yes") if step["violates"] else "", step.get("why")]
        for step in steps
    ]
    session.output.table(_STEP_COLUMNS, rows)


def _told(row: Mapping[str, Any]) -> list[object]:
    batches = " ".join(batch["number"] for batch in row.get("batches") or [])
    return [batches if name == "batches" else row.get(name) for name in _COLUMNS]


def _clock_told(clock: Mapping[str, Any]) -> list[object]:
    limit = clock["limit"]
    said = {**clock, "limit": None if limit is None else f"{limit['value']} {limit['unit']}"}
    return [said.get(name) for name in _CLOCK_COLUMNS]


def _work_told(row: Mapping[str, Any]) -> list[object]:
    steps = " ".join(step["noun"] for step in row["steps"])
    return [steps if name == "steps" else row.get(name) for name in _WORK_COLUMNS]


def _step_told(step: Mapping[str, Any]) -> list[object]:
    place = f"{step['journal']}:{step['position']}" if "position" in step else None
    told = {**step, "entry": place, "actor": _signer_told(step)}
    return [told.get(name) for name in _TOLD_COLUMNS]


def _signer_told(step: Mapping[str, Any]) -> object:
    """Return who wrote an entry; of whoever signed it also the registered posts, `-` where there is none."""
    posts = step.get("posts")
    if posts is None:
        return step.get("actor")
    return f"{step.get('actor')} ({', '.join(each['post'] for each in posts) or '-'})"
