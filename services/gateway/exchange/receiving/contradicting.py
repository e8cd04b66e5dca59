"""What a page contradicts: earlier words under the same key, which this gateway has kept.

- another page that waits, with another root at the same size: two histories
- a receipt that was ahead of its pages and stated another root than they lead to: two histories
- a receipt that said how much its author holds, where a later entry claims to have seen less (formats.md 4): the entry
  is judged as any other, for verdicts know no receipts; the two are kept and shown
"""

from collections.abc import Iterator, Sequence

from domain.judging.judge import Arrival
from events.journal.page import Page, parse_page
from events.journal.receipt import frame_receipt, stated_root
from events.journal.tree import HashReader, root_at
from events.stored.journal import StoredReceipt
from services.gateway.exchange.loading import CONFLICT

SEEN_WITHHELD = "entry.seen_withheld"


def is_other_history(page: Page, waiting: bytes) -> bool:
    """Tell whether a page that waits (its signature is checked) is of the size of this one and has another root."""
    other = parse_page(waiting, page.origin).checkpoint
    return other.size == page.checkpoint.size and other.root != page.checkpoint.root


def contradictions(
    receipt: StoredReceipt, page: Page, arrivals: Sequence[Arrival], tree: HashReader
) -> Iterator[tuple[str, str]]:
    """Yield code and detail of what in a page that is now held contradicts its author's last receipt."""
    if page.first < receipt.size <= page.end and root_at(receipt.size, tree) != stated_root(receipt.statement_note):
        yield CONFLICT, f"an earlier receipt stated another root at size {receipt.size} than the pages lead to"
    for position, each in enumerate(arrivals, page.first):
        if position >= receipt.size and each.head is not None and each.head.seen < receipt.held:
            said = f"an earlier receipt says that {receipt.held} are held"
            yield SEEN_WITHHELD, f"the entry at {position} has seen {each.head.seen}; {said}"
            return


def receipt_bytes(receipt: StoredReceipt) -> bytes:
    """Return a kept receipt as it travelled."""
    return frame_receipt(receipt.checkpoint_note, receipt.statement_note)
