"""The event types of lots."""

ALLOCATED = "lot.allocated.v1"
USED = "lot.used.v1"
BREACH_FOUND = "lot.breach_found.v1"
CORRECTED = "lot.corrected.v1"
