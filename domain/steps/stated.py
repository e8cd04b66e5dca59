"""When something happened, as a person states it, beside when it was recorded: a gate is asked at both.

Nobody is past a gate by stating another time than that of the record. A time is ahead of the record from the next day
of Beijing on, so that clocks which differ by minutes make no fault; a day without a time is read at its end.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from domain.clocks.clock import day_of, end_of, moment_stated
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.moments import Stated, format_moment, parse_moment, parse_stated


def day_stated(stated: Stated) -> date:
    """Return the Beijing day that was stated."""
    return day_of(moment_stated(stated))


def is_ahead(stated: Stated, recorded: datetime) -> bool:
    """Tell whether a stated time is of a later day than its record: then it has not happened yet."""
    return day_stated(stated) > day_of(recorded)


def day_signed(act: PastEvent) -> date:
    """Return the day on which an act was signed as its signature states, which may have been recorded later."""
    return min(day_stated(act.body.signature.at), day_of(parse_moment(act.time)))


def contexts_of(stated: Stated | None, recorded: datetime, context: Context) -> Iterator[Context]:
    """Return a context, and before it the same as it stood at an earlier stated moment, in what stops and is lifted."""
    told = None if stated is None else parse_stated(stated)
    if told is not None:
        moment = told.astimezone(UTC) if isinstance(told, datetime) else end_of(told)
        if moment < recorded:
            yield context.as_of(format_moment(moment))
    yield context
