"""What must be written, in the transaction that takes a page in, because of what the page says.

- what is refused is said in the own journal: position, leaf, code (`entry.refused.v1`, in pages of its own)
- a refusal of an own entry that stands by its verdict is contradicted (`refusal.disputed.v1`)
- once the partner's entry 0 is accepted, the gateway announces what it can judge (`gateway.announced.v1`); again when
  another version of it runs on the store

What every reader would refuse is not written but told to people: where the pairing does not stand (the two entries 0
name different keys, formats.md 8), verdicts need no notice. Nothing that a partner sends ends the taking in.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.drafts import Draft
from domain.judging.history import REFUSED, PastEvent
from domain.judging.judge import REFUSAL_MALFORMED, Judged
from domain.judging.subjects import OPENED
from domain.relationship.rules import DISPUTED
from events.catalogue.protocol import EntryRefused
from events.catalogue.registry import ANNOUNCED, ANNOUNCEMENT, RULE_SET
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import uuid7
from events.encoding.moments import format_moment
from services.gateway.exchange.channel import INTAKE_STOPPED, MAX_REFUSALS_A_DAY, Channel
from services.gateway.exchange.errors import RefusedByRuleError
from services.gateway.exchange.software import SOFTWARE
from services.gateway.exchange.writing.authoring import ACTOR, Authoring
from services.gateway.ports.alarms import Alarm

MAX_REFUSED = 256  # positions in one entry


def react(judged: Sequence[Judged], channel: Channel, authoring: Authoring, at: datetime) -> Iterator[Alarm]:
    """Write the own entries that a page asks for; return what people must hear of."""
    when, about = format_moment(at), str(channel.relationship)
    refused = [each for each in judged if each.past.code not in (None, REFUSAL_MALFORMED)]
    for each in judged:
        if each.past.code == REFUSAL_MALFORMED:
            yield Alarm(REFUSAL_MALFORMED, about, each.detail, when)
    if refused:
        yield Alarm("entry.refused", about, f"{len(refused)} entries refused; {refused[0].detail}", when)
        yield from _say_refused(refused, channel, authoring, at)
        yield from _count_refusals(len(refused), channel, at)
    for each in judged:
        if each.past.code is None and each.past.name == REFUSED:
            yield from _dispute(each.past, authoring, at)
        elif each.past.code is None and each.past.name == OPENED:
            yield from announce(channel, authoring, at)


def _say_refused(refused: Sequence[Judged], channel: Channel, authoring: Authoring, at: datetime) -> Iterator[Alarm]:
    for start in range(0, len(refused), MAX_REFUSED):
        named = [
            {
                "position": each.past.position,
                "leaf": encode_base64(each.past.leaf),
                "code": each.past.code,
                "detail": each.failed,
            }
            for each in refused[start : start + MAX_REFUSED]
        ]
        draft = Draft(REFUSED, journal_subject(channel, authoring, at), {"refused": named})
        yield from _write(draft, authoring, at, own_page=True)


def _write(draft: Draft, authoring: Authoring, at: datetime, *, own_page: bool = False) -> Iterator[Alarm]:
    """Write an own entry, unless every reader would refuse it."""
    try:
        authoring.write([draft], ACTOR, at, own_page=own_page)
    except RefusedByRuleError as error:
        yield Alarm(error.refusal, str(authoring.channel.relationship), error.detail, format_moment(at))


def _count_refusals(count: int, channel: Channel, at: datetime) -> Iterator[Alarm]:
    day, before = channel.refusals
    total = count + (before if day == at.date() else 0)
    channel.refusals = (at.date(), total)
    if total > MAX_REFUSALS_A_DAY:
        channel.intake_stopped = True
        yield Alarm(INTAKE_STOPPED, str(channel.relationship), f"{total} entries refused today", format_moment(at))


def _dispute(refusal: PastEvent, authoring: Authoring, at: datetime) -> Iterator[Alarm]:
    """Contradict a refusal of own entries whose verdict is that they stand."""
    channel = authoring.channel
    if not isinstance(refusal.body, EntryRefused):
        return
    for named in refusal.body.refused:
        own = channel.own.view.at(named.position)
        if own is None or own.code is not None or own.name == DISPUTED:
            continue  # a dispute about a dispute would have no end; its verdict stands without a word
        entry = {"position": named.position, "leaf": named.leaf}
        body = {
            "refusal": {"position": refusal.position, "leaf": encode_base64(refusal.leaf)},
            "entry": entry,
            "reason": f"by its verdict the entry stands; it was refused as {named.code}",
        }
        draft = Draft(DISPUTED, journal_subject(channel, authoring, at), body)
        yield from _write(draft, authoring, at)
        yield Alarm(
            "entry.disputed", str(channel.relationship), f"position {named.position}: {named.code}", format_moment(at)
        )


def announce(channel: Channel, authoring: Authoring, at: datetime) -> Iterator[Alarm]:
    """Say what this gateway can judge, unless its last word says just that: after the pairing, after each upgrade."""
    view = channel.own.view
    body = {"rule_set": RULE_SET, "events": list(ANNOUNCED), "software": SOFTWARE}
    said, subjects = view.standing(ANNOUNCEMENT), view.protocol_subjects("relationship")
    is_news = not said or any(getattr(said[-1].body, name) != value for name, value in body.items())
    if is_news and subjects:
        yield from _write(Draft(ANNOUNCEMENT, subjects[0], body), authoring, at)


def journal_subject(channel: Channel, authoring: Authoring, at: datetime) -> str:
    """Return the one subject of the own journal's protocol entries; the first of them gives it its UUID."""
    known = channel.own.view.protocol_subjects("journal")
    if known:
        return known[0]
    return f"journal/{uuid7(int(at.timestamp() * 1000), authoring.chance(10))}"
