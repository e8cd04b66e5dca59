"""The steps of an item: those of its owner, from the report to the closing, and those of the partner."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from services.gateway.cli.errors import RefusedError, UsageError
from services.gateway.cli.files import read_json
from services.gateway.cli.remote.items import ITEMS, ItemId
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")

Key = Annotated[str | None, typer.Option("--key", help="Idempotency key: the same key, the same act, once.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Reference = Annotated[
    str | None, typer.Option("--entry", help="The entry meant: journal:position, for example cmo:17; mostly clear.")
]
_AT_ONCE = 1000


@ROOM.remote("report")
def report(
    session: Session,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON as for POST /v1/deviations; - reads it from input.")
    ],
    *,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Report a deviation from a JSON file."""
    answer = session.client.post("/v1/deviations", read_json(file), key=key, query=_dry(dry_run))
    done(session, answer)


@ROOM.remote("classify")
def classify(
    session: Session,
    item: ItemId,
    class_: Annotated[str, typer.Option("--class", help="major, moderate or minor.")],
    rationale: Annotated[str, typer.Option("--rationale", help="Why this class.")],
    *,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Put an own deviation in a class."""
    step(session, item, "classification", {"class": class_, "rationale": rationale}, key, dry_run=dry_run)


@ROOM.remote("investigate")
def investigate(
    session: Session,
    item: ItemId,
    cause: Annotated[str, typer.Option("--cause", help="What caused it.")],
    impact: Annotated[str, typer.Option("--impact", help="What it touches.")],
    conclusion: Annotated[str, typer.Option("--conclusion", help="What follows.")],
    *,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """State cause, impact and conclusion of an own deviation."""
    body = {"cause": cause, "impact": impact, "conclusion": conclusion}
    step(session, item, "investigation", body, key, dry_run=dry_run)


@ROOM.remote("close")
def close(session: Session, item: ItemId, reason: Reason, *, key: Key = None, dry_run: DryRun = False) -> None:
    """Sign the closing of an own deviation."""
    step(session, item, "closure", {"signature": signature(reason)}, key, dry_run=dry_run)


@ROOM.remote("answer")
def answer(
    session: Session,
    item: ItemId,
    text: Annotated[str, typer.Argument(help="The answer.")],
    *,
    question: Reference = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Answer the partner's question; where several are open, say which."""
    body = {"text": text, "question": reference(session, question)}
    step(session, item, "answers", body, key, dry_run=dry_run)


@ROOM.remote("correct")
def correct(
    session: Session,
    item: ItemId,
    changes: Annotated[
        list[str], typer.Option("--set", help="FIELD=VALUE, for example batches.0.number=B2; repeatable.")
    ],
    reason: Reason,
    *,
    entry: Reference = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Put an own entry right; the original stays visible."""
    body = {"changes": [_change(each) for each in changes], "reason": reason, "entry": reference(session, entry)}
    step(session, item, "corrections", body, key, dry_run=dry_run)


@ROOM.remote("link-batch")
def link_batch(
    session: Session,
    item: ItemId,
    number: Annotated[str, typer.Argument(metavar="BATCH", help="The batch number.")],
    *,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Link a batch that an own deviation touches."""
    step(session, item, "batches", {"number": number}, key, dry_run=dry_run)


@ROOM.remote("acknowledge")
def acknowledge(
    session: Session,
    items: Annotated[list[str], typer.Argument(metavar="ITEM...", help="One item or up to a thousand.")],
    *,
    text: Annotated[str | None, typer.Option("--text", help="A remark.")] = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Take note of items of the partner, as a named person."""
    if len(items) == 1:
        step(session, items[0], "acknowledgement", {"text": text}, key, dry_run=dry_run)
        return
    if len(items) > _AT_ONCE:
        raise UsageError("at most {most} items at once", hint="several calls", most=_AT_ONCE)
    body = {"items": [{"item": item, "text": text} for item in items]}
    many(session, session.client.post(f"{ITEMS}/acknowledgements", body, key=key, query=_dry(dry_run)))


@ROOM.remote("ask")
def ask(
    session: Session,
    item: ItemId,
    text: Annotated[str, typer.Argument(help="The question.")],
    *,
    entry: Reference = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> None:
    """Ask the partner a question about one of its items."""
    step(session, item, "questions", {"text": text, "entry": reference(session, entry)}, key, dry_run=dry_run)


@ROOM.remote("approve-closure")
def approve_closure(
    session: Session, item: ItemId, reason: Reason, *, key: Key = None, dry_run: DryRun = False
) -> None:
    """Approve that the partner's deviation is closed on its latest investigation."""
    step(session, item, "closure-approval", {"signature": signature(reason)}, key, dry_run=dry_run)


@ROOM.remote("reject-closure")
def reject_closure(session: Session, item: ItemId, reason: Reason, *, key: Key = None, dry_run: DryRun = False) -> None:
    """Disagree with the closing of the partner's deviation on its latest investigation."""
    step(session, item, "closure-rejection", {"reason": reason}, key, dry_run=dry_run)


def step(session: Session, item: str, name: str, body: Mapping[str, object], key: str | None, *, dry_run: bool) -> None:
    """Take one step of an item and tell what came of it."""
    said = {field: value for field, value in body.items() if value is not None}
    done(session, session.client.post(f"{ITEMS}/{item}/{name}", said, key=key, query=_dry(dry_run)))


def done(session: Session, answer: Mapping[str, Any]) -> None:
    """Tell which entries a command led to."""
    if session.as_json:
        session.output.json(answer)
        return
    for event in answer.get("events", []):
        place = "" if event.get("position") is None else f"{event['journal']}:{event['position']}"
        mark = session.words("violates a rule; it stands and is marked") if event.get("violates") else ""
        session.output.raw("  ".join(part for part in (event["type"], event["subject"], place, mark) if part))
    if answer.get("dry_run"):
        session.output.hint("nothing was written")


def many(session: Session, answer: Mapping[str, Any]) -> None:
    """Tell what became of each of many items; exit code 1 if one was rejected."""
    if session.as_json:
        session.output.json(answer)
    else:
        session.output.table(("item", "result", "reason"), [_row(row) for row in answer["results"]])
    if answer["counts"].get("rejected"):
        raise RefusedError(
            "{count} items were rejected", hint="counterfoil item ID", count=answer["counts"]["rejected"]
        )


def signature(reason: str, meaning: str = "approved") -> dict[str, str]:
    """Return what a person signs with; who and when the gateway knows."""
    return {"meaning": meaning, "reason": reason}


def reference(session: Session, written: str | None, relationship: str | None = None) -> dict[str, Any] | None:
    """Return the entry that `journal:position` names, with its leaf looked up; by default of the only relationship."""
    if written is None:
        return None
    journal, _, position = written.partition(":")
    if journal not in ("mah", "cmo") or not position.isdecimal():
        raise UsageError("{given} names no entry", hint="--entry cmo:17", given=written)
    return session.client.entry(journal, int(position), relationship)


def _dry(dry_run: bool) -> dict[str, bool | None]:  # noqa: FBT001 - a query's own value
    return {"dry_run": True if dry_run else None}


def _row(row: Mapping[str, Any]) -> Sequence[object]:
    return [row.get(name) for name in ("item", "result", "reason")]


def _change(written: str) -> dict[str, str | None]:
    field, equals, after = written.partition("=")
    if not equals:
        raise UsageError("{given} is not FIELD=VALUE", hint="--set title=...", given=written)
    return {"field": field, "after": after or None}
