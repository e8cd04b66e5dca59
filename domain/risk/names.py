"""The event types of risks and of their reviews."""

RAISED = "risk.raised.v1"
CLASSIFIED = "risk.classified.v1"
MEASURE_TAKEN = "risk.measure_taken.v1"
MEASURES_SIGNED = "risk.measures_signed.v1"
CLOSED = "risk.closed.v1"

REVIEW_CLASSIFIED = "risk_review.classified.v1"
REVIEW_MEASURE_TAKEN = "risk_review.measure_taken.v1"
REVIEW_MEASURES_SIGNED = "risk_review.measures_signed.v1"
