"""A partner that lies: it signs, with the manufacturer's own key, pages that its gateway would never write."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from events.encoding.entry import Entry, make_entry
from events.encoding.identifiers import Role, uuid7
from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page
from events.journal.receipt import Statement, make_receipt
from events.journal.tree import frontier_at, leaf_hash
from events.journal.wire import WireRecord
from services.gateway.exchange.loading import StoredTiles
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import NUMBER, Side, keys_of

MILLISECONDS = 1795339844123


def entry_by(
    side: Side,
    event_type: str,
    subject: str,
    body: dict[str, Any],
    *,
    number: int = 1,
    labels: Sequence[str] = (),
    **head: Any,
) -> Entry:
    """An entry that fits behind the journal of a side, except where it is told otherwise."""
    channel = side.channel
    event_id = uuid7(MILLISECONDS + number, bytes(10))
    fields: dict[str, Any] = {
        "id": event_id,
        "source": f"urn:uscc:{RELATIONSHIP.party(side.role)}",
        "type": event_type,
        "subject": subject,
        "revision": channel.own.view.last_revision(subject) + 1,
        "relationship": str(RELATIONSHIP),
        "seen": channel.held.size,
        "actor": "system/eqms",
        "time": "2026-11-22T10:00:00.000000Z",
        "salt": f"{number:032x}",
        **head,
    }
    labeller = channel.labeller
    tags = labeller.tags(labels, fields["id"]) if labeller is not None and labels else ()
    return make_entry(body=body, labels=tags, **fields)


def deviation_by(side: Side, number: int, **head: Any) -> Entry:
    """A deviation that is right in everything but what is told otherwise."""
    body = {"number": f"D-{number}", "source": "eqms", "title": "偏差", "detected_at": "2026-11-22", "batches": []}
    subject = f"deviation/{uuid7(MILLISECONDS + 1000 + number, bytes(10))}"
    return entry_by(side, "deviation.opened.v1", head.pop("subject", subject), body, number=number, **head)


def page_of(side: Side, lines: Sequence[bytes], *, first: int | None = None, behind: Sequence[bytes] = ()) -> Page:
    """A page of these lines behind the journal of a side (or from `first` on) and other lines, signed by its key."""
    start = side.channel.own.size if first is None else first
    with side.store.reading() as reading:
        frontier = frontier_at(start, StoredTiles(reading, NUMBER, side.role))
    frontier.extend(leaf_hash(line.partition(b"\t")[0]) for line in (*behind, *lines))
    checkpoint = Checkpoint(RELATIONSHIP.origin(side.role), frontier.size, frontier.root())
    return make_page(checkpoint, lines, keys_of(RELATIONSHIP, side.role).journal_signer)


def receipt_by(side: Side, page: Page) -> bytes:
    """A receipt of a side whose own size lies behind a page of its own."""
    channel, keys = side.channel, keys_of(RELATIONSHIP, side.role)
    statement = Statement(
        origin=page.origin,
        size=page.end,
        root=page.checkpoint.root,
        partner_origin=channel.held_origin,
        held=channel.held.size,
        judged=channel.held.size,
        rule_set=1,
    )
    receipt = make_receipt(
        statement=statement,
        partner_note=channel.held.note,
        posix_time=int(side.clock.now().timestamp()),
        signer=keys.journal_signer,
        cosigner=keys.mirror_cosigner,
    )
    return receipt.encode()


def put(side: Side, *values: bytes, kind: str = "page") -> None:
    """Put records on a side's topic, as if its gateway had."""
    side.wire.publish(RELATIONSHIP.topic(side.role), [WireRecord(kind, value) for value in values])


def send(side: Side, *entries: Entry) -> None:
    """Put one page of these entries on a side's topic."""
    put(side, page_of(side, [entry.line for entry in entries]).encode())


def codes(side: Side, role: Role, start: int) -> list[str | None]:
    """The verdicts that a side kept for the entries of a journal from a position on."""
    return [entry.code for entry in side.entries(role)[start:]]


def refused_by(side: Side) -> list[tuple[int, str]]:
    """What a side said, in its own journal, that it refuses: positions and codes."""
    view = side.channel.own.view
    return [(named.position, named.code) for past in view.standing("entry.refused.v1") for named in past.body.refused]


def damaged(page: Page, **changes: Any) -> bytes:
    """The bytes of a page with something changed after it was signed."""
    return replace(page, **changes).encode()
