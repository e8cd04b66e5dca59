"""A store restored from an old backup gets its own later entries back from the partner (formats.md 5 and 7).

Until the store has reached everything that ever left under this party's signature it signs nothing but requests. What
comes back is believed by the own signature on it; what own entries had seen then is not answered a second time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.judging.judge import Arrival, Judged, read_line
from domain.judging.versions import JudgingStopsError
from events.catalogue.registry import event_type
from events.encoding.entry import is_body_of
from events.errors import PageError
from events.journal.page import Page, check_page_signature, parse_page
from events.stored.journal import JournalClaims, StoredPage
from services.gateway.exchange.channel import MAX_WAITING_PAGES, Channel
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.judging import judge_page
from services.gateway.exchange.remembering import past_of
from services.gateway.exchange.writing.authoring import LocalSequence, stored_of
from services.gateway.exchange.writing.pages import completed_nodes
from services.gateway.ports.store import Writing

_CHUNK = 4096


@dataclass(slots=True)
class Recovery:
    """Takes own pages back into the own journal within one transaction."""

    channel: Channel
    writing: Writing
    gathering: Gathering
    sequence: LocalSequence

    def ask(self) -> None:
        """Ask the partner for own entries that this store lacks."""
        if self.channel.own.size < self.channel.signed and self.channel.lost.wanted is None:
            self.channel.lost.want(self.channel.own.size)

    def take(self, value: bytes) -> None:
        """Keep a page that came back until its place is reached.

        A signature covers heads; whoever gave the page back could have put other bodies under them.

        Raises:
            PageError: it is no page of the own journal under the own signature, or not as it was written.
        """
        page = parse_page(value, self.channel.own_origin)
        check_page_signature(page, self.channel.keys.party_keys.journal)
        if not all(map(_is_as_written, map(read_line, page.lines))):
            raise PageError("page.root_mismatch", "an own entry came back with another body than its head names")
        if page.first >= self.channel.own.size and len(self.channel.returned) < MAX_WAITING_PAGES:
            self.channel.returned[page.first] = value

    def fit(self) -> bool:
        """Take in the pages whose place is reached and whose context is held; tell whether there were any."""
        taken = False
        while (value := self.channel.returned.get(self.channel.own.size)) is not None:
            page = parse_page(value, self.channel.own_origin)
            arrivals = list(map(read_line, page.lines))
            if _seen_by(arrivals) > self.channel.held.judged:
                break
            try:
                self._accept(page, arrivals)
            except JudgingStopsError as error:
                self.channel.stopped = f"own position {page.first}: {error.detail}"
                break
            except PageError:
                del self.channel.returned[page.first]
                raise
            del self.channel.returned[page.first]
            taken = True
        if taken:
            self._note_progress()
        return taken

    def _accept(self, page: Page, arrivals: Sequence[Arrival]) -> None:
        own = self.channel.own
        frontier = own.frontier.copy()
        frontier.extend(each.leaf for each in arrivals)
        if frontier.root() != page.checkpoint.root:
            raise PageError("page.root_mismatch", "own entries came back with another root than the store's")
        self.gathering.arrivals(own.role, arrivals)
        judged = judge_page(self.channel.judge, own, page.first, arrivals, self.channel.held.judged)
        entries = [stored_of(each, line, self.sequence.take()) for each, line in zip(judged, page.lines, strict=True)]
        stored = StoredPage(own.role, page.first, page.end, page.note, entries[-1].sequence)
        self.writing.append(self.channel.number, entries, [stored], completed_nodes(frontier, own.role), own.claims)
        own.frontier, own.note = frontier, page.note

    def _note_progress(self) -> None:
        own, lost = self.channel.own, self.channel.lost
        with self.channel.lock:
            self.channel.sent = max(self.channel.sent, own.size)  # the partner has what it gave back
        if own.size >= self.channel.signed:
            lost.close()
            self.channel.returned.clear()
        else:
            lost.wanted = own.size


def unanswered(
    channel: Channel, writing: Writing, gathering: Gathering, react: Callable[[Sequence[Judged]], None]
) -> None:
    """Hand over the partner's entries that no own entry had seen before the store was restored: they want reactions."""
    start, end = channel.own.claims.claimed, channel.held.judged
    for first in range(start, end, _CHUNK):
        stored = writing.entries(channel.number, channel.held.role, first, min(_CHUNK, end - first))
        gathering.positions(channel.held.role, [entry.position for entry in stored])  # a refusal names them
        gathering.evidence(entry.body for entry in stored if entry.body is not None)
        pasts = [past_of(entry) for entry in stored]
        react([Judged(past, "", "", JournalClaims(), uses_revision=False) for past in pasts])


def _seen_by(arrivals: Sequence[Arrival]) -> int:
    return max(0 if each.head is None else each.head.seen for each in arrivals)


def _is_as_written(arrival: Arrival) -> bool:
    """Tell whether an own entry came back with the body that its signed head names; it may have been erased."""
    if arrival.entry is not None or arrival.head is None:
        return True
    _, tab, body = arrival.line.partition(b"\t")
    if tab:
        return is_body_of(arrival.head, body)
    type_ = event_type(arrival.head.type)
    return type_ is not None and type_.erasable
