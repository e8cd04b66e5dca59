"""Judging pages, each whole or not at all: what takes another version of this software is stored and waits.

Once a page waits, all after it wait too (formats.md 6, "Newer version after all"): `seen` of own entries and *judged*
of receipts stay where judging stopped. A version that can judge them does so in their order, in the transaction that
says what it refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.judging.judge import Arrival, Judge, Judged, read_line
from domain.judging.versions import JudgingStopsError
from events.stored.journal import NOT_JUDGED, StoredEntry
from services.gateway.exchange.channel import Channel, JournalState
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.telling import tells
from services.gateway.exchange.writing.authoring import Authoring, LocalSequence, stored_of
from services.gateway.ports.store import Writing

MAX_CAUGHT_UP = 8192  # entries that waited and are judged in one transaction; the next follows with the next heartbeat
_MAX_PAGES = 256


def judge_page(
    judge: Judge, journal: JournalState, first: int, arrivals: Sequence[Arrival], partner_size: int
) -> list[Judged]:
    """Judge the entries of a page; the journal's claims move with them.

    Raises:
        JudgingStopsError: one of them takes another version of this software; the journal is as it was.
    """
    before, judged = journal.claims, list[Judged]()
    try:
        for position, arrival in enumerate(arrivals, first):
            judged.append(judge.judge_arrival(journal.role, position, arrival, journal.claims, partner_size))
            journal.claims = judged[-1].claims
    except JudgingStopsError:
        for each in reversed(judged):
            journal.view.retract(each.past)
        journal.claims = before
        raise
    for each in judged:
        if tells(each.past):
            journal.telling = each.past.position + 1
    return judged


@dataclass(slots=True)
class PartnersPages:
    """Judges pages of the partner's journal within one transaction."""

    channel: Channel
    gathering: Gathering
    authoring: Authoring
    sequence: LocalSequence

    def judge(self, first: int, arrivals: Sequence[Arrival]) -> list[Judged]:
        """Judge the next page; nothing where it waits, or where a page before it does."""
        return [] if self.channel.held.unjudged else self._judge(first, arrivals)

    def rows(self, judged: Sequence[Judged], first: int, arrivals: Sequence[Arrival]) -> list[StoredEntry]:
        """Return the entries of a page as the store keeps them: with their verdicts, or as ones that wait."""
        if judged:
            both = zip(judged, arrivals, strict=True)
            return [stored_of(each, arrival.line, self.sequence.take()) for each, arrival in both]
        return [self._waiting(position, arrival) for position, arrival in enumerate(arrivals, first)]

    def catch_up(self, writing: Writing) -> list[Judged]:
        """Judge pages that wait, in their order, as far as this version of the software can."""
        held, number = self.channel.held, self.channel.number
        done: list[Judged] = []
        for page in writing.pages_from(number, held.role, held.judged, _MAX_PAGES):
            if len(done) >= MAX_CAUGHT_UP:
                break
            kept = writing.entries(number, held.role, page.first, page.size - page.first)
            arrivals = [read_line(entry.line) for entry in kept]
            judged = self._judge(page.first, arrivals)
            if not judged:
                break
            writing.judge_later(number, self.rows(judged, page.first, arrivals), held.claims)
            held.unjudged -= len(judged)
            done += judged
        return done

    def _judge(self, first: int, arrivals: Sequence[Arrival]) -> list[Judged]:
        channel = self.channel
        if channel.too_old:
            return []
        self.gathering.arrivals(channel.held.role, arrivals)
        try:
            judged = judge_page(channel.judge, channel.held, first, arrivals, self.authoring.size)
        except JudgingStopsError as error:
            channel.stopped = f"position {first}: {error.detail}"
            return []
        channel.stopped = ""
        return judged

    def _waiting(self, position: int, arrival: Arrival) -> StoredEntry:
        head, tab, body = arrival.line.partition(b"\t")
        place = (self.channel.held.role, position, self.sequence.take_aside())
        return StoredEntry(*place, head, body if tab else None, arrival.leaf, code=NOT_JUDGED)
