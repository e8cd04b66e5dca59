"""How it stands with a version of a process or standard."""

from enum import StrEnum

from domain.agreement.in_force import Versions
from domain.approved_version import names as n
from domain.steps.history import History
from domain.steps.matter import Matter, no_class


class ApprovedVersionState(StrEnum):
    """How it stands with a version. Labels in both languages: domain/vocabulary/approved_version_states.json."""

    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


def state_of(history: History, _agreements: Versions) -> ApprovedVersionState:
    """Return the state of a version."""
    return ApprovedVersionState.WITHDRAWN if history.relied(*n.WITHDRAWALS) else ApprovedVersionState.APPROVED


def process_state_of(history: History) -> str | None:
    """Return for which batches a process is approved."""
    return None if history.opening is None else str(history.opening.body.state)


_ENDED = frozenset({"withdrawn"})

PROCESS_MATTER = Matter(n.PROCESS, "process_versions", state_of, process_state_of, (n.PROCESS_WITHDRAWN,), None, _ENDED)
STANDARD_MATTER = Matter(n.STANDARD, "standard_versions", state_of, no_class, (n.STANDARD_WITHDRAWN,), None, _ENDED)
