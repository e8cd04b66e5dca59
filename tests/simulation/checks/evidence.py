"""Receipts cover everything, and nothing that was ever said under a key contradicts anything else (K4, K10, R5)."""

from collections.abc import Iterator, Sequence

from events.encoding.identifiers import Role
from events.errors import PageError, ReceiptError
from events.journal.page import check_page_signature, parse_page
from events.journal.receipt import Receipt, held_checkpoint, parse_receipt, verify_receipt
from events.journal.tree import Frontier
from events.journal.wire import WireRecord
from events.stored.journal import StoredReceipt
from tests.events.golden.cast import RELATIONSHIP
from tests.simulation.checks.held import Pair
from tests.simulation.world.side import KEYS
from tests.simulation.world.world import World

Roots = dict[Role, list[bytes]]

ORIGINS = {role: RELATIONSHIP.origin(role) for role in Role}
_ROLES = {RELATIONSHIP.topic(role): role for role in Role}


def check(world: World, pair: Pair) -> list[str]:
    roots = {role: _roots([entry.leaf for entry in pair.mah.entries[role]]) for role in Role}
    return [*_last_receipts(pair, roots), *_said(world, pair, roots)]


def _roots(leaves: Sequence[bytes]) -> list[bytes]:
    """Return the root at every size, from 0."""
    frontier = Frontier()
    roots = [frontier.root()]
    for leaf in leaves:
        frontier.extend([leaf])
        roots.append(frontier.root())
    return roots


def _last_receipts(pair: Pair, roots: Roots) -> Iterator[str]:
    for author in Role:
        own, held = len(roots[author]) - 1, len(roots[author.other]) - 1
        for store in pair.both:
            last = max(store.receipts[author], key=_reach, default=None)
            if last is None or (last.size, last.held, last.judged) != (own, held, held):
                said = None if last is None else _reach(last)
                yield f"K10: the last receipt of the {author} at the {store.role} says {said}, not {(own, held, held)}"


def _reach(receipt: StoredReceipt) -> tuple[int, int, int]:
    return receipt.size, receipt.held, receipt.judged


def _said(world: World, pair: Pair, roots: Roots) -> Iterator[str]:
    """Everything ever published is part of the one history that stands in the end."""
    for topic, record in world.broker.said:
        author = _ROLES[topic]
        if record.kind in ("page", "returned"):
            yield from _page(author if record.kind == "page" else author.other, record, roots)
        elif record.kind == "receipt":
            yield from _receipt(author, record, pair, roots)


def _page(author: Role, record: WireRecord, roots: Roots) -> Iterator[str]:
    try:
        page = parse_page(record.value, ORIGINS[author])
        check_page_signature(page, KEYS[author].party_keys.journal)
    except PageError as error:
        yield f"K10: a page of the {author} that nobody can believe: {error}"
        return
    if page.end >= len(roots[author]) or roots[author][page.end] != page.checkpoint.root:
        yield f"R5: the {author} signed another root at {page.end} than the one that stands"


def _receipt(author: Role, record: WireRecord, pair: Pair, roots: Roots) -> Iterator[str]:
    fault, receipt = _believed(author, record.value)
    if receipt is None:
        yield fault
        return
    checkpoint = held_checkpoint(receipt)
    stated = [(author, receipt.size, receipt.root)]
    if checkpoint is not None:
        stated.append((author.other, checkpoint.size, checkpoint.root))
    for role, size, root in stated:
        if size >= len(roots[role]) or roots[role][size] != root:
            yield f"R5: a receipt of the {author} states a root of the {role} journal at {size} that does not stand"
    for entry in pair.of(author).entries[author][receipt.size :]:
        if entry.code is None and entry.seen is not None and entry.seen < receipt.held:
            yield f"K10: the {author} held {receipt.held}; its later entry {entry.position} has seen {entry.seen}"


def _believed(author: Role, value: bytes) -> tuple[str, Receipt | None]:
    own, partner = KEYS[author].party_keys, KEYS[author.other].party_keys
    try:
        receipt = parse_receipt(value, ORIGINS[author], ORIGINS[author.other])
        verify_receipt(receipt, own.journal, own.mirror, partner.journal)
    except ReceiptError as error:
        return f"K10: a receipt of the {author} that nobody can believe: {error}", None
    return "", receipt
