"""A party that lies: its own gateway holds, signs and sends entries that no honest one would write.

They are written into its own store, judged there as every reader will judge them, so both stores must still agree.
"""

from collections.abc import Callable
from random import Random

from domain.judging.judge import read_line
from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.moments import format_moment
from services.gateway.exchange.jobs import KeepingJob
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.recovering import Recovery
from services.gateway.ports.store import Writing
from tests.events.golden.museum import line as line_of
from tests.services.exchange.liar import deviation_by, entry_by, page_of
from tests.services.exchange.world import NUMBER
from tests.services.exchange.world import Side as SteppedSide
from tests.simulation.world.side import Side

NOWHERE = "00000000-0000-7000-8000-000000000000"


def lie(side: Side, seed: int) -> bool:
    """Write a page of one to three false entries; tell whether it may have been: who dies of it may have done it."""
    chance = Random(seed)  # noqa: S311 - chance that is repeated
    liar: SteppedSide = side  # type: ignore[assignment]  # it has all that a liar needs: role, channel, store, clock
    lines = [chance.choice(_LIES)(liar, seed * 10 + place) for place in range(chance.choice((1, 1, 2, 3)))]

    def keep(writing: Writing) -> None:
        channel = side.channel
        page = page_of(liar, lines)
        recovery = Recovery(channel, writing, Gathering(channel, writing), side.running.writer._sequence)
        recovery._accept(page, list(map(read_line, page.lines)))

    job = KeepingJob(NUMBER, keep)
    side.submit(job)
    side.write()
    return side.engine is None or (job.outcome.done() and job.outcome.exception() is None)


def _now(side: SteppedSide) -> str:
    return max(format_moment(side.clock.now()), side.channel.own.claims.time)


def _wrong_labels(side: SteppedSide, number: int) -> bytes:
    return deviation_by(side, number, labels=["batch/B-1"], time=_now(side)).line


def _wrong_revision(side: SteppedSide, number: int) -> bytes:
    return deviation_by(side, number, revision=3, time=_now(side)).line


def _seen_withheld(side: SteppedSide, number: int) -> bytes:
    return deviation_by(side, number, seen=1, time=_now(side)).line


def _time_fell(side: SteppedSide, number: int) -> bytes:
    return deviation_by(side, number, time="2020-01-01T00:00:00.000000Z").line


def _malformed(side: SteppedSide, number: int) -> bytes:
    """A body without salt, under a head that names its hash: one under another head never comes back to its author."""
    return line_of(b"{}", deviation_by(side, number, time=_now(side)))


def _no_entry(_side: SteppedSide, number: int) -> bytes:
    return b"no head %d\tand no body" % number


def _not_permitted(side: SteppedSide, number: int) -> bytes:
    """An act of a system, about a deviation that is nowhere."""
    signature = {"statement": "s", "meaning": "approved", "reason": "r", "person": "nobody", "at": "2026-11-22"}
    ref = {"journal": side.role.value, "position": 0, "leaf": encode_base64(bytes(32))}
    body = {"investigation": ref, "signature": signature}
    return entry_by(side, "deviation.closed.v1", f"deviation/{NOWHERE}", body, number=number, time=_now(side)).line


def _refusal(side: SteppedSide, number: int, leaf: bytes, position: int) -> bytes:
    named = {"position": position, "leaf": encode_base64(leaf), "code": "entry.wrong_state", "detail": ""}
    subjects = side.channel.own.view.protocol_subjects("journal")
    subject = subjects[0] if subjects else f"journal/{NOWHERE}"
    entry: Entry = entry_by(side, "entry.refused.v1", subject, {"refused": [named]}, number=number, time=_now(side))
    return entry.line


def _refusal_of_nothing(side: SteppedSide, number: int) -> bytes:
    return _refusal(side, number, bytes(32), 2)


def _refusal_without_reason(side: SteppedSide, number: int) -> bytes:
    """Refuse the partner's latest entry, which stands."""
    held = side.channel.held.size
    with side.store.reading() as reading:
        entry = reading.entries(NUMBER, side.role.other, held - 1, 1)[0]
    return _refusal(side, number, entry.leaf, entry.position)


_LIES: tuple[Callable[[SteppedSide, int], bytes], ...] = (
    _wrong_labels,
    _wrong_revision,
    _seen_withheld,
    _time_fell,
    _malformed,
    _no_entry,
    _not_permitted,
    _refusal_of_nothing,
    _refusal_without_reason,
)
