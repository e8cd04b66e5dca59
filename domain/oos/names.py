"""The event types of results out of specification or trend, and of their reviews."""

SUSPECTED = "oos.suspected.v1"
PHASE_COMPLETED = "oos.phase_completed.v1"
RETEST_PLANNED = "oos.retest_planned.v1"
CONFIRMED = "oos.confirmed.v1"
INVALIDATED = "oos.invalidated.v1"

DECIDED = "oos_review.decided.v1"

ENDINGS = (CONFIRMED, INVALIDATED)
