"""The two kinds of versions that the holder approves, and their event types."""

PROCESS = "process_version"
STANDARD = "standard_version"
KINDS = (PROCESS, STANDARD)

PROCESS_APPROVED = f"{PROCESS}.approved.v1"
PROCESS_WITHDRAWN = f"{PROCESS}.withdrawn.v1"
STANDARD_APPROVED = f"{STANDARD}.approved.v1"
STANDARD_WITHDRAWN = f"{STANDARD}.withdrawn.v1"

APPROVALS = (PROCESS_APPROVED, STANDARD_APPROVED)
WITHDRAWALS = (PROCESS_WITHDRAWN, STANDARD_WITHDRAWN)
