"""The event types of batches, of their release packages and of their reviews."""

AUTHORISED = "batch.authorised.v1"
STARTED = "batch.started.v1"
MANUFACTURED = "batch.manufactured.v1"
TESTED = "batch.tested.v1"
SPLIT = "batch.split.v1"
JOINED = "batch.joined.v1"
REWORKED = "batch.reworked.v1"
REJECTED = "batch.rejected.v1"
FACTORY_RELEASED = "batch.factory_released.v1"
DISPATCHED = "batch.dispatched.v1"
CORRECTED = "batch.corrected.v1"

SUBMITTED = "release_package.submitted.v1"

ITEM_CONCLUDED = "batch_review.item_concluded.v1"
FULL_REVIEW_REQUESTED = "batch_review.full_review_requested.v1"
HELD = "batch_review.held.v1"
HOLD_LIFTED = "batch_review.hold_lifted.v1"
REVIEW_REJECTED = "batch_review.rejected.v1"
MARKETING_RELEASED = "batch_review.marketing_released.v1"
RELEASE_WITHDRAWN = "batch_review.release_withdrawn.v1"
DISPATCH_PERMITTED = "batch_review.dispatch_permitted.v1"
REVIEW_DISPATCHED = "batch_review.dispatched.v1"

OPENINGS = (AUTHORISED, STARTED)
REJECTIONS = (REJECTED, REVIEW_REJECTED)
DISPATCHES = (DISPATCHED, REVIEW_DISPATCHED)
