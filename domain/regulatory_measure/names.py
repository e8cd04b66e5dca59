"""The event types of regulatory measures."""

RECORDED = "regulatory_measure.recorded.v1"
ENDED = "regulatory_measure.ended.v1"
