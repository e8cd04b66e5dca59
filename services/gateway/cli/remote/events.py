"""`counterfoil event`: events as they were signed, one by one or as they come."""

import json
import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from events.encoding.entry import leaf_of_line
from events.errors import ProofError
from events.journal.proof import parse_proof, verify_proof
from events.notes.vkey import VerifierKey
from services.gateway.cli.client import Client
from services.gateway.cli.errors import UnprovenError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("event", "Events as they were signed.")

_EVENTS = "/v1/events"
_CLOUDEVENTS = "application/cloudevents+json"
_LOOK_SECONDS = 1.0
_COLUMNS = ("sequence", "journal", "position", "time", "type", "subject", "verdict")

EventId = Annotated[str, typer.Argument(metavar="ID", help="The event's id.")]
Journal = Annotated[str | None, typer.Option("--journal", help="mah or cmo, where two events have one id.")]


@ROOM.remote("show")
def show(
    session: Session,
    event: EventId,
    *,
    journal: Journal = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check its proof; exit code 4 if it does not hold.")] = False,
) -> None:
    """Show one event: its head and its body, verbatim; with --json as structured CloudEvents."""
    query = {"journal": journal}
    proven = proof_holds(session.client, event, journal) if verify else None
    if session.as_json:
        session.output.raw(session.client.text(f"{_EVENTS}/{event}", query, accept=_CLOUDEVENTS))
    else:
        head, _, body = session.client.text(f"{_EVENTS}/{event}", query).partition("\t")
        session.output.json(json.loads(head))
        if body:
            session.output.json(json.loads(body))
    if proven is not None:
        session.output.hint("proven: {origin}, position {position}", origin=proven[0], position=proven[1])


@ROOM.remote("proof")
def proof(session: Session, event: EventId, *, journal: Journal = None) -> None:
    """Write the proof of one event (C2SP tlog-proof), for a reader elsewhere."""
    text = session.client.text(f"{_EVENTS}/{event}/proof", {"journal": journal})
    if session.as_json:
        session.output.json({"proof": text})
        return
    session.output.raw(text)


@ROOM.remote("tail")
def tail(
    session: Session,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as events come, until Ctrl-C.")] = False,
    after: Annotated[int, typer.Option("--after", min=0, help="Local sequence of the last event you have.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, without --follow.")] = 20,
) -> None:
    """List events of both journals in the order in which this gateway wrote or took them in."""
    rows = _followed(session.client, after) if follow else _latest(session.client, after, limit)
    if session.as_json:
        for row in rows:
            session.output.raw(json.dumps(row, ensure_ascii=False))
        return
    if follow:
        for row in rows:
            session.output.raw("  ".join(str(each) for each in _told(row)))
        return
    session.output.table(_COLUMNS, map(_told, rows))


def proof_holds(client: Client, event: str, journal: str | None) -> tuple[str, int]:
    """Check the proof of an event against the keys that its gateway names, and return its journal and place.

    Raises:
        UnprovenError: it does not hold.
    """
    query = {"journal": journal}
    line = client.text(f"{_EVENTS}/{event}", query)
    text = client.text(f"{_EVENTS}/{event}/proof", query)
    try:
        origin = parse_proof(text).checkpoint.origin
        key = next(key for key in _journal_keys(client, origin))
        proven = verify_proof(text, leaf_of_line(line.encode()), key)
    except (ProofError, StopIteration) as error:
        raise UnprovenError("{what}", hint="counterfoil keys list", what=f"{event}: {error}") from error
    return origin, proven.index


def _journal_keys(client: Client, origin: str) -> Iterator[VerifierKey]:
    for row in client.get("/v1/journals")["data"]:
        if row["origin"] == origin:
            yield from (VerifierKey.parse(key["vkey"]) for key in row["keys"])


def _latest(client: Client, after: int, limit: int) -> Iterator[dict[str, Any]]:
    yield from client.get(_EVENTS, {"after": after, "limit": limit})["data"]


def _followed(client: Client, after: int) -> Iterator[dict[str, Any]]:
    while True:
        page = client.get(_EVENTS, {"after": after})
        yield from page["data"]
        after = page["next_after"]
        if not page["has_more"]:
            time.sleep(_LOOK_SECONDS)


def _told(row: dict[str, Any]) -> tuple[object, ...]:
    head = row["head"] or {}
    verdict = row["refused"] or (f"violates {row['violates']}" if row["violates"] else "")
    return (
        row["sequence"],
        row["journal"],
        row["position"],
        head.get("time"),
        head.get("type"),
        head.get("subject"),
        verdict,
    )
