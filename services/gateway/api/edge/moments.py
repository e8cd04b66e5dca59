"""The moment a question is about: now, a local sequence (`seq:3127`), or a time at which this gateway knew something.

What was committed together, a page, is seen together: a sequence within a page stands for its end, and the answer says
which that is. Entries know when they were recorded, and this gateway's own are recorded in the order of its sequence.
So what was known at a time is everything before the first entry recorded after it; the own clock wins over the
partner's.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from events.encoding.identifiers import Role
from events.encoding.moments import format_moment, parse_stated
from events.stored.relationship import StoredRelationship
from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem, validation
from services.gateway.ports.store import Reading
from services.gateway.projections.pages import page_ends

HEADER = "As-Of-Seq"

AsOfText = Annotated[
    str | None,
    Query(
        alias="as_of",
        max_length=64,
        description="`seq:<number>` (to the end of its page) or a time with its offset; without it: now",
        examples=["seq:3127", "2026-11-20T16:03:11+08:00"],
    ),
]

_SEQUENCE = re.compile(r"seq:(0|[1-9][0-9]{0,15})")
_FOREVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Moment:
    """A local sequence; `fixed` when the caller named it, so that the answer stays the same for ever."""

    sequence: int
    fixed: bool

    @property
    def as_of(self) -> int | None:
        """What the read model is asked for; None: the rows that stand."""
        return self.sequence if self.fixed else None


def moment_of(gateway: Gateway, as_of: str | None) -> Moment:
    """Return the moment that a caller asks about.

    Raises:
        Problem: `validation`: neither a sequence nor a time; `as-of-out-of-range`: beyond what is known here.
    """
    with gateway.read_model.reading() as rows:
        position = rows.position()
    if as_of is None:
        return Moment(position, fixed=False)
    found = _SEQUENCE.fullmatch(as_of)
    sequence = int(found[1]) if found else _sequence_at(gateway, _time_of(as_of))
    if sequence > position:
        raise Problem("as-of-out-of-range", f"this gateway stands at seq:{position}")
    return Moment(_end_of_page(gateway, sequence) if found else sequence, fixed=True)


def respond_at(request: Request, moment: Moment, body: bytes, media_type: str = "application/json") -> Response:
    """Answer with the moment in the headers; a caller who has this answer already gets 304."""
    etag = f'"{moment.sequence}-{sha256(body).hexdigest()[:24]}"'
    headers = {HEADER: str(moment.sequence), "ETag": etag}
    headers["Cache-Control"] = _FOREVER if moment.fixed else "private, no-cache"
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)


def _end_of_page(gateway: Gateway, sequence: int) -> int:
    """Return where the page of an entry ends: what was committed together was never seen in parts."""
    with gateway.store.reading() as reading:
        found = [placed for placed in reading.since(sequence - 1, 1) if placed[1].sequence == sequence]
        return page_ends(reading, found).get(sequence, sequence)


def _time_of(text: str) -> datetime:
    try:
        stated = parse_stated(text)
        if isinstance(stated, datetime):
            return stated.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _no_moment() from error
    raise _no_moment()


def _no_moment() -> Problem:
    return validation("as_of", "write seq:<number>, or a time of RFC 3339 with its offset")


def _sequence_at(gateway: Gateway, at: datetime) -> int:
    """Return the local sequence up to which this gateway knew at a time."""
    if at > gateway.clock.now():
        raise Problem("as-of-out-of-range", "this time has not come yet")
    moment = format_moment(at)
    with gateway.store.reading() as reading:
        last = reading.last_sequence()
        return min((_known_at(reading, each, moment, last) for each in reading.relationships()), default=last)


def _known_at(reading: Reading, relationship: StoredRelationship, moment: str, last: int) -> int:
    """Return the sequence before the first entry recorded after a moment, by the own clock where the two disagree."""
    own, partners = (
        _around(reading, relationship.number, role, moment)
        for role in (relationship.own_role, relationship.own_role.other)
    )
    following = [after for _, after in (own, partners) if after is not None]
    return max(own[0], min(following, default=last + 1) - 1)


def _around(reading: Reading, relationship: int, role: Role, moment: str) -> tuple[int, int | None]:
    """Return the sequences of a journal's last entry up to a moment (0: none) and of its first after it.

    Recorded times never fall within a journal, so halving finds them.
    """
    page = reading.last_page(relationship, role)
    low, high = 0, 0 if page is None else page.size
    before, after = 0, None
    while low < high:
        middle = (low + high) // 2
        entry = reading.entries(relationship, role, middle, 1)[0]
        if (entry.time or "") > moment:
            high, after = middle, entry.sequence
        else:
            low, before = middle + 1, entry.sequence
    return before, after
