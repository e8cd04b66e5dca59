"""The event types of obligations."""

REGISTERED = "obligation.registered.v1"
SUPERSEDED = "obligation.superseded.v1"
FULFILLED = "obligation.fulfilled.v1"
