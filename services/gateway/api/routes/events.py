"""Events as they were signed: the feed of this gateway, one event verbatim or as CloudEvents, and its proof."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from events.encoding.base64 import encode_base64
from events.encoding.canonical import MAX_INTEGER
from events.encoding.identifiers import UUID, Relationship
from events.stored.journal import StoredEntry
from events.stored.relationship import StoredRelationship
from services.gateway.api.delivery import Deliveries
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.moments import HEADER as AS_OF_HEADER
from services.gateway.api.edge.relationships import JournalName, RelationshipName, chosen, numbered
from services.gateway.api.evidence import proof_of
from services.gateway.api.problems import FieldError, Problem
from services.gateway.api.routes.journals import TEXT_TYPE
from services.gateway.api.shapes import EVENT, TEXT, EventPage
from services.gateway.ports.store import Reading

router = APIRouter(prefix="/v1/events", tags=["events"])

CLOUDEVENTS_TYPE = "application/cloudevents+json"
MAX_FEED = 500

EventId = Annotated[str, Path(pattern=f"^{UUID.pattern}$", description="the event's id")]


@router.get("", responses={200: {"model": EventPage}})
def read_feed(
    _caller: Reader,
    gateway: TheGateway,
    relationship: RelationshipName = None,
    after: Annotated[int, Query(ge=0, le=MAX_INTEGER, description="local sequence of the last event you have")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_FEED)] = 100,
) -> Response:
    """Return the events of both journals in the order in which this gateway wrote or took them in."""
    with gateway.store.reading() as reading:
        names = numbered(chosen(reading, relationship))
        found = reading.since(after, limit)
    deliveries = Deliveries(gateway)
    rows = [delivered_row(names[number], entry, deliveries) for number, entry in found if number in names]
    members = {
        "data": rows,
        "next_after": found[-1][1].sequence if found else after,
        "has_more": len(found) == limit,
    }
    headers = {AS_OF_HEADER: str(members["next_after"]), "Cache-Control": "no-store"}
    return Response(orjson.dumps(members), headers=headers, media_type="application/json")


@router.get("/{event_id}", responses=EVENT)
def read_event(
    request: Request,
    _caller: Reader,
    gateway: TheGateway,
    event_id: EventId,
    journal: JournalName = None,
    relationship: RelationshipName = None,
) -> Response:
    """Return an event verbatim (head, tab, body), or as structured CloudEvents JSON if asked for."""
    with gateway.store.reading() as reading:
        found, entry = _one_event(reading, event_id, journal, relationship)
    headers = {
        "Counterfoil-Origin": found.relationship.origin(entry.role),
        "Counterfoil-Position": str(entry.position),
        "Vary": "Accept",
    }
    if CLOUDEVENTS_TYPE in request.headers.get("Accept", ""):
        return Response(structured(entry), headers=headers, media_type=CLOUDEVENTS_TYPE)
    return Response(entry.line, headers=headers, media_type=TEXT_TYPE)


@router.get("/{event_id}/proof", responses=TEXT)
def read_proof(
    _caller: Reader,
    gateway: TheGateway,
    event_id: EventId,
    journal: JournalName = None,
    relationship: RelationshipName = None,
) -> Response:
    """Return the C2SP tlog-proof of an event: who wrote it, at which place, and who held it."""
    with gateway.store.reading() as reading:
        found, entry = _one_event(reading, event_id, journal, relationship)
        proof = proof_of(reading, found.number, entry.role, entry.position)
    return Response(proof.encode(), media_type=TEXT_TYPE)


def structured(entry: StoredEntry) -> bytes:
    """Return the structured CloudEvents JSON of an entry: its head's attributes, and its body's bytes as `data`."""
    if entry.body is None:
        return entry.head
    return entry.head[:-1] + b',"datacontenttype":"application/json","data":' + entry.body + b"}"


def event_row(between: Relationship, entry: StoredEntry) -> dict[str, Any]:
    """Return an event with its place and verdict; of a malformed one only those: its line is to be had verbatim."""
    return {
        "sequence": entry.sequence,
        "relationship": str(between),
        "journal": entry.role.value,
        "position": entry.position,
        "leaf": encode_base64(entry.leaf),
        "refused": entry.code,
        "violates": entry.violates,
        "head": None if entry.id is None else orjson.Fragment(entry.head),
        "body": None if entry.id is None or entry.body is None else orjson.Fragment(entry.body),
    }


def delivered_row(between: Relationship, entry: StoredEntry, deliveries: Deliveries) -> dict[str, Any]:
    """Return an event with its place, its verdict and how far it has come."""
    return {**event_row(between, entry), "delivery": deliveries.of(between, entry)}


def _one_event(
    reading: Reading, event_id: str, journal: str | None, relationship: str | None
) -> tuple[StoredRelationship, StoredEntry]:
    """Return the event that is meant: an accepted one before refused ones; two that crossed are told apart."""
    known = {each.number: each for each in chosen(reading, relationship)}
    found = [
        (known[number], entry)
        for number, entry in reading.entry_by_id(event_id)
        if number in known and journal in (None, entry.role.value)
    ]
    accepted = [each for each in found if each[1].code is None]
    candidates = accepted or found[:1]
    if not candidates:
        raise Problem("not-found", f"no event has the id {event_id}")
    if len(candidates) > 1:
        raise _ambiguous(candidates)
    return candidates[0]


def _ambiguous(candidates: Sequence[tuple[StoredRelationship, StoredEntry]]) -> Problem:
    places = [f"{found.relationship.origin(entry.role)} {entry.position}" for found, entry in candidates]
    return Problem(
        "ambiguous-id",
        f"{' and '.join(places)} have this id; say which by ?journal=",
        errors=[FieldError("journal", place) for place in places],
    )
