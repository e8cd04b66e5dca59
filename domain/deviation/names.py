"""The event types and subjects of deviations and of their reviews."""

PREFIX = "DEV"  # of the numbers by which people name deviations

OPENED = "deviation.opened.v1"
CLASSIFIED = "deviation.classified.v1"
INVESTIGATED = "deviation.investigated.v1"
CLOSED = "deviation.closed.v1"
ANSWERED = "deviation.answered.v1"
CORRECTED = "deviation.corrected.v1"
BATCH_LINKED = "deviation.batch_linked.v1"

ACKNOWLEDGED = "deviation_review.acknowledged.v1"
ASKED = "deviation_review.asked.v1"
CLOSURE_APPROVED = "deviation_review.closure_approved.v1"
CLOSURE_REJECTED = "deviation_review.closure_rejected.v1"
REVIEW_CORRECTED = "deviation_review.corrected.v1"

OF_THE_DEVIATION = (OPENED, CLASSIFIED, INVESTIGATED, CLOSED, ANSWERED, CORRECTED, BATCH_LINKED)
OF_THE_REVIEW = (ACKNOWLEDGED, ASKED, CLOSURE_APPROVED, CLOSURE_REJECTED, REVIEW_CORRECTED)


def subject(deviation_id: str) -> str:
    """Return the subject of a deviation in its owner's journal."""
    return f"deviation/{deviation_id}"


def review_subject(deviation_id: str) -> str:
    """Return the subject of the review in the partner's journal."""
    return f"deviation_review/{deviation_id}"
