"""The event types of suspensions and of their reviews."""

DEMANDED = "suspension.demanded.v1"
STARTED = "suspension.started.v1"
BATCH_DISPOSED = "suspension.batch_disposed.v1"
LIFT_SIGNED = "suspension.lift_signed.v1"

FOLLOWED = "suspension_review.started.v1"
REVIEW_BATCH_DISPOSED = "suspension_review.batch_disposed.v1"
REVIEW_LIFT_SIGNED = "suspension_review.lift_signed.v1"

OPENINGS = (DEMANDED, STARTED)
