"""What an implementation rests on, and whether it stands (G6): the holder's approval, and the regulator's step.

What a later correction changed was not approved, and what a correction added was not recorded: a correction opens
nothing that the original left shut. After a correction of the proposal approval, opinions, category and the regulator's
step are given anew: none was of the change as it is now.
"""

from datetime import date

from domain.change import names as n
from domain.change.category import has_seen_corrections, highest_word
from domain.judging.history import PastEvent
from domain.steps.corrections import readings
from domain.steps.history import History
from events.catalogue.change import RegulatoryStepRecorded
from events.encoding.identifiers import Role

STEP_OF = {"approval": "approval_certificate", "filing": "filing_record", "reporting": "annual_report_queued"}
"""What each category asks of the regulator before the change is implemented."""

DOCUMENTED = frozenset({"approval_certificate", "filing_record"})
"""The steps for which the regulator gives a number and a document; a place in the annual report has neither yet."""


def standing_approval(history: History) -> PastEvent | None:
    """Return the holder's approval of the proposal as it stands now; None without one.

    A later rejection takes it back, and it is of nothing else than what it had seen: a correction of the proposal that
    came after it is to be approved too.
    """
    approvals = history.relied(*n.APPROVALS)
    rejections = history.of(n.REVIEW_REJECTED)
    last = approvals[-1] if approvals else None
    if last is None or any(each.role is last.role and each.position > last.position for each in rejections):
        return None
    return last if has_seen_corrections(last, history) else None


def wanted_step(history: History, category: PastEvent) -> str | None:
    """Return what a determination asks of the regulator; None where the change has no effect on the registration."""
    return STEP_OF.get(highest_word(history, category))


def is_step(history: History, past: PastEvent, wanted: str) -> bool:
    """Tell whether a step that can be relied on is the one that is wanted, as recorded and as corrected since.

    The category is one of the drug's registration, which is the holder's: it is the holder's step that counts. What the
    manufacturer records is of its own licence.

    Source: NMPA 134/2025 (IX), "assist MAHs in completing applications for approval, filing, or reporting".
    """
    said = readings(past, history.all)
    is_of_this = past.role is Role.MAH and has_seen_corrections(past, history)
    return is_of_this and all(body.step == wanted and not missing_in(body) for body in said)


def is_taken(history: History, wanted: str | None) -> bool:
    """Tell whether what is wanted of the regulator was done, or nothing is wanted."""
    return wanted is None or any(is_step(history, past, wanted) for past in history.relied(*n.STEPS))


def last_day_of(history: History, step: PastEvent) -> date:
    """Return the day on which a step was taken, by the latest that was ever said of it."""
    return max(date.fromisoformat(body.date) for body in readings(step, history.all))


def missing_in(step: RegulatoryStepRecorded) -> list[str]:
    """Return the fields that a step has to say and does not."""
    return [name for name in ("number", "document") if step.step in DOCUMENTED and getattr(step, name) is None]
