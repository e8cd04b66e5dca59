"""Who held which post, with which qualification, on a day: holders and the deputies who stood in for them.

A word that is marked counts for nothing; one that is disputed gives no post, but takes one. Nobody is the own deputy,
nor anybody's before that one held the post. A body that was erased names nobody any more, so no verdict rests on one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.key_person import names as n
from domain.steps.history import History, standing_matters
from events.catalogue.registers.people import KeyPersonDelegated, KeyPersonRegistered
from events.encoding.identifiers import Role


@dataclass(frozen=True, slots=True)
class Holding:
    """A post held by a person: from a day on, up to and with another (None: without end).

    `deputy_for` is whom a deputy stands in for; `entry` registered the person or the deputy.
    """

    party: Role
    person: str
    name: str
    post: str
    qualification: str
    since: date
    until: date | None
    deputy_for: str | None
    entry: PastEvent
    withdrawn_from: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the post is held on a day of Beijing."""
        if day < self.since or (self.until is not None and day > self.until):
            return False
        return self.withdrawn_from is None or day < self.withdrawn_from


def holdings_in(context: Context) -> list[Holding]:
    """Return every time in which somebody held a post, the MAH's first, each party's by position.

    Source: NMPA 134/2025 (XXII), "key personnel of both drug contract enterprises"; (XVII), "head of production,
    head of quality, and qualified person".
    """
    return [holding for history in standing_matters(context, n.REGISTERED) for holding in _holdings(history)]


def holders_on(context: Context, party: Role, day: date, post: str | None = None) -> list[Holding]:
    """Return who held a post of a party (None: any post) on a day of Beijing, deputies included."""
    held = (each for each in holdings_in(context) if each.party is party and each.covers(day))
    return [each for each in held if post is None or each.post == post]


def held_by(context: Context, party: Role, person: str, day: date) -> list[Holding]:
    """Return the posts, with the qualification for each, that a person held on a day: a signer's standing on it."""
    return [each for each in holders_on(context, party, day) if each.person == person]


def _holdings(history: History) -> Iterator[Holding]:
    opening = history.opening
    if opening is None or not isinstance(opening.body, KeyPersonRegistered) or not history.is_relied_on(opening):
        return
    withdrawals = [date.fromisoformat(past.body.from_) for past in history.of(n.WITHDRAWN) if not past.violates]
    ended = min(withdrawals, default=None)
    body = opening.body
    times = (date.fromisoformat(body.from_), None if body.to is None else date.fromisoformat(body.to))
    yield Holding(opening.role, body.person, body.name, body.post, body.qualification, *times, None, opening, ended)
    for past in history.relied(n.DELEGATED):
        if isinstance(past.body, KeyPersonDelegated) and past.body.deputy != body.person:
            yield _deputy(past, past.body, body, ended)


def _deputy(past: PastEvent, delegated: KeyPersonDelegated, holder: KeyPersonRegistered, ended: date | None) -> Holding:
    """Return the post as the deputy holds it: neither before its holder nor longer."""
    first, last = max(delegated.from_, holder.from_), min(filter(None, (delegated.to, holder.to)))
    times = (date.fromisoformat(first), date.fromisoformat(last))
    who = (delegated.deputy, delegated.deputy_name, holder.post, delegated.qualification)
    return Holding(past.role, *who, *times, holder.person, past, ended)
