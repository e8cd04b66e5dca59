"""Days of Beijing in the model: eight hours ahead of UTC; a day that was stated is that day."""

from datetime import datetime, timedelta, timezone

_BEIJING = timezone(timedelta(hours=8))


def beijing_day(stated: str) -> str:
    moment = datetime.fromisoformat(stated)
    return stated if moment.tzinfo is None else moment.astimezone(_BEIJING).date().isoformat()
