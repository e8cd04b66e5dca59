"""Watching while it runs: what is answered or said at a moment is durable at that moment (R1, formats.md 3)."""

from collections.abc import Iterator, Mapping

from domain.errors import DomainError
from events.encoding.identifiers import Role
from events.errors import PageError, ReceiptError
from events.journal.page import parse_page
from events.journal.receipt import parse_receipt
from events.journal.wire import WireRecord
from tests.events.golden.cast import RELATIONSHIP
from tests.simulation.outside.disk import Disk
from tests.simulation.world.client import FAIL, OK, Command
from tests.simulation.world.people import MARKED, OPEN, SHUT
from tests.simulation.world.side import Side

_ORIGINS = {role: RELATIONSHIP.origin(role) for role in Role}
_ROLES = {RELATIONSHIP.topic(role): role for role in Role}
_NUMBERS = {Role.MAH: 0, Role.CMO: 1}


def of_an_answer(command: Command, disk: Disk) -> Iterator[str]:
    """Ask that what a client was just told is committed."""
    if command.outcome != OK or command.may_be_lost:
        return
    for event_id, position, _ in command.events:
        if not disk.has_entry(event_id):
            yield f"R1: {command.key} was answered, and {position} of the {command.side} is not committed"


def of_foresight(command: Command, side: Side) -> Iterator[str]:
    """Ask that a command about a matter became what all that its side holds says that it becomes.

    The gateway decides on what it brought from its store for this command; a person saw the whole record. That says
    something where nothing came between the two: no entry, no time, no older store.
    """
    request, job = command.request, command.job
    if request is None or job is None or side.restores:
        return
    error = job.outcome.exception()
    told = f"{command.key} {command.what} was foreseen to be {request.foreseen}"
    if error is None and command.events and not job.outcome.result(0).replayed:
        event_id, position, _ = command.events[0]
        entry = side.disk.entry(event_id)
        if entry is not None and entry[:2] == request.beheld and position == request.sizes[0]:
            became = MARKED if entry[2] else OPEN
            if became != request.foreseen:
                yield f"K4: {told} and became {became}"
    if (
        command.outcome == FAIL
        and isinstance(error, DomainError)
        and request.foreseen != SHUT
        and side.beholds == (request.at, *request.sizes)
    ):
        yield f"K4: {told} and was refused: {error.code} {error.detail}"


def of_a_record(topic: str, record: WireRecord, sides: Mapping[Role, Side]) -> Iterator[str]:
    """Ask that what a side says at this moment is committed in its store, and marked beside it."""
    author = _ROLES[topic]
    sizes = _said(author, record)
    if not sizes:
        return
    side = sides[author]
    committed = side.disk.committed()
    for role, size in sizes.items():
        if committed.get(_NUMBERS[role], 0) < size:
            yield f"R1: a {record.kind} of the {author} says {size} of the {role}, {committed} are committed"
    if record.kind != "returned" and sizes.get(author, 0) > side.mark.own_size:
        yield f"R1: a {record.kind} of the {author} leaves before the mark stands at {sizes[author]}"


def _said(author: Role, record: WireRecord) -> dict[Role, int]:
    """Return up to where a record says that journals reach; nothing where it cannot be read."""
    try:
        if record.kind == "page":
            return {author: parse_page(record.value, _ORIGINS[author]).end}
        if record.kind == "receipt":
            receipt = parse_receipt(record.value, _ORIGINS[author], _ORIGINS[author.other])
            return {author: receipt.size, author.other: receipt.held}
    except (PageError, ReceiptError):
        return {}
    return {}
