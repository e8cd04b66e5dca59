"""Watching while it runs: what is answered or said at a moment is durable at that moment (R1, formats.md 3)."""

from collections.abc import Iterator, Mapping

from events.encoding.identifiers import Role
from events.errors import PageError, ReceiptError
from events.journal.page import parse_page
from events.journal.receipt import parse_receipt
from events.journal.wire import WireRecord
from tests.events.golden.cast import RELATIONSHIP
from tests.simulation.outside.disk import Disk
from tests.simulation.world.client import OK, Command
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
