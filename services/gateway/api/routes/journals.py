"""Journals as text, verbatim: what was signed is served byte for byte, so that anybody can verify it elsewhere."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse

from events.encoding.canonical import MAX_INTEGER
from events.encoding.identifiers import Role
from events.journal.page import Page
from events.notes.vkey import VerifierKey
from events.stored.relationship import StoredRelationship
from services.gateway.api.edge.answers import respond_json
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.relationships import Cmo, Mah, Writer, journal, keys_of
from services.gateway.api.evidence import latest_note
from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem
from services.gateway.api.shapes import TEXT, JournalList
from services.gateway.ports.store import Reading

router = APIRouter(prefix="/v1/journals", tags=["evidence"])

TEXT_TYPE = "text/plain; charset=utf-8"
MAX_ENTRIES = 4096

_AT_ONCE = 64  # entries read from the store at once: at most 64 lines of 136 KiB
_PLACE = "/{mah}/{cmo}/{role}"

Position = Annotated[int, Path(ge=0, le=MAX_INTEGER)]


@router.get("", responses={200: {"model": JournalList}})
def list_journals(_caller: Reader, gateway: TheGateway) -> Response:
    """List both journals of each relationship: size, and the keys with the positions from which they hold."""
    with gateway.store.reading() as reading:
        rows = [_row(reading, each, role) for each in reading.relationships() for role in Role]
    return respond_json({"data": rows})


@router.get(_PLACE + "/checkpoint", responses=TEXT)
def read_checkpoint(_caller: Reader, gateway: TheGateway, mah: Mah, cmo: Cmo, role: Writer) -> Response:
    """Return the latest checkpoint with every signature line at hand."""
    with gateway.store.reading() as reading:
        stored, writer = journal(reading, mah, cmo, role)
        note = latest_note(reading, stored.number, writer)
    if note is None:
        raise Problem("not-found", "this journal is empty")
    return Response(note, media_type=TEXT_TYPE)


@router.get(_PLACE + "/pages/{first}", responses=TEXT)
def read_page(_caller: Reader, gateway: TheGateway, mah: Mah, cmo: Cmo, role: Writer, first: Position) -> Response:
    """Return the page that starts at a position, byte for byte as it was signed and sent."""
    with gateway.store.reading() as reading:
        stored, writer = journal(reading, mah, cmo, role)
        page = reading.page_at(stored.number, writer, first)
        if page is None:
            raise Problem("not-found", f"no page starts at {first}")
        entries = reading.entries(stored.number, writer, first, page.size - first)
    lines = tuple(entry.line for entry in entries)
    raw = Page(stored.relationship.origin(writer), first, lines, page.note).encode()
    return Response(raw, media_type=TEXT_TYPE)


@router.get(_PLACE + "/entries", responses=TEXT)
def read_entries(
    _caller: Reader,
    gateway: TheGateway,
    mah: Mah,
    cmo: Cmo,
    role: Writer,
    *,
    start: Annotated[int, Query(alias="from", ge=0, le=MAX_INTEGER)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_ENTRIES)] = 1000,
) -> Response:
    """Return entries from a position on, one a line: head, tab, body; of an erased body the head alone."""
    with gateway.store.reading() as reading:
        stored, writer = journal(reading, mah, cmo, role)
    return StreamingResponse(_lines(gateway, stored.number, writer, start, limit), media_type=TEXT_TYPE)


def _lines(gateway: Gateway, relationship: int, role: Role, start: int, limit: int) -> Iterator[bytes]:
    """Read in small portions; a journal only grows, so portions of different moments fit together."""
    end = start + limit
    while start < end:
        with gateway.store.reading() as reading:
            entries = reading.entries(relationship, role, start, min(_AT_ONCE, end - start))
        if not entries:
            return
        yield b"".join(entry.line + b"\n" for entry in entries)
        start += len(entries)


def _row(reading: Reading, stored: StoredRelationship, role: Role) -> dict[str, Any]:
    last = reading.last_page(stored.number, role)
    writer, reader = keys_of(stored, role), keys_of(stored, role.other)
    return {
        "origin": stored.relationship.origin(role),
        "size": 0 if last is None else last.size,
        "keys": [] if writer is None else _held([writer.journal, writer.journal_seal]),
        "mirror_keys": [] if reader is None else _held([reader.mirror, reader.mirror_seal]),
    }


def _held(keys: Iterable[VerifierKey]) -> list[dict[str, str | int]]:
    """Return keys with the position from which they hold: those of the pairing, from the first entry on."""
    return [{"vkey": str(key), "from": 0} for key in keys]
