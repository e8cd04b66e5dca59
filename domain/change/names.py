"""The event types of changes and of their reviews."""

PROPOSED = "change.proposed.v1"
STUDIED = "change.studied.v1"
WITHDRAWN = "change.withdrawn.v1"
OPINION = "change.category_opinion_given.v1"
DETERMINED = "change.category_determined.v1"
APPROVED = "change.approved.v1"
STEP_RECORDED = "change.regulatory_step_recorded.v1"
IMPLEMENTED = "change.implemented.v1"
FOUND_IMPLEMENTED = "change.found_implemented.v1"
RISK_RAISED = "change.risk_raised.v1"
RISK_ELIMINATED = "change.risk_eliminated.v1"

REVIEW_OPINION = "change_review.category_opinion_given.v1"
REVIEW_APPROVED = "change_review.approved.v1"
REVIEW_REJECTED = "change_review.rejected.v1"
REVIEW_STEP_RECORDED = "change_review.regulatory_step_recorded.v1"
REVIEW_IMPLEMENTED = "change_review.implemented.v1"
REVIEW_FOUND_IMPLEMENTED = "change_review.found_implemented.v1"
REVIEW_RISK_RAISED = "change_review.risk_raised.v1"
REVIEW_RISK_ELIMINATED = "change_review.risk_eliminated.v1"

OPINIONS = (OPINION, REVIEW_OPINION)
APPROVALS = (APPROVED, REVIEW_APPROVED)
STEPS = (STEP_RECORDED, REVIEW_STEP_RECORDED)
IMPLEMENTATIONS = (IMPLEMENTED, REVIEW_IMPLEMENTED)
FOUND = (FOUND_IMPLEMENTED, REVIEW_FOUND_IMPLEMENTED)
ELIMINATIONS = (RISK_ELIMINATED, REVIEW_RISK_ELIMINATED)
RISKS = (RISK_RAISED, REVIEW_RISK_RAISED)
