"""How far a running clock has come at the moment that a caller asks about, and whom that concerns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.clocks.escalation import Stage, escalation_of
from events.encoding.moments import parse_moment
from services.gateway.api.edge.moments import Moment
from services.gateway.api.gateway import Gateway


def escalated(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return the row of a clock; of a running one with its stage, in hundredths of its time, and whom that concerns."""
    if row["state"] != "running":
        return {**row, "stage": None, "overdue": False, "concerns": None}
    found = escalation_of(parse_moment(row["started_at"]), parse_moment(row["due_at"]), at)
    overdue = found.stage is Stage.OVERDUE
    return {**row, "stage": int(found.stage), "overdue": overdue, "concerns": found.concerns.value}


def time_of(gateway: Gateway, moment: Moment) -> datetime:
    """Return the time at which it is asked whether something is due: now, or when the named entry was recorded."""
    if not moment.fixed:
        return gateway.clock.now()
    with gateway.store.reading() as reading:
        found = [entry for _, entry in reading.since(moment.sequence - 1, 1) if entry.sequence == moment.sequence]
    recorded = found[0].time if found else None
    return gateway.clock.now() if recorded is None else parse_moment(recorded)
