"""What checking a bundle came to: one of three words, never a bare yes; where it fails, and what that leaves untouched.

Source: interfaces.md 8, "three states".
"""

from dataclasses import dataclass, field
from enum import StrEnum

from events.bundle.faults import Fault
from events.encoding.identifiers import Role


class Verdict(StrEnum):
    """What can be said of a bundle.

    Verified: everything holds, and the keys' fingerprint is the one on paper. Consistent: everything holds, and nobody
    compared the fingerprint: the keys came with the bundle. Failed: something does not hold.
    """

    VERIFIED = "verified"
    CONSISTENT = "consistent"
    FAILED = "failed"


@dataclass(slots=True)
class JournalReport:
    """What was found of one journal: how many entries, and how they are shown.

    `shown`: with their body; `withheld`: the head alone; `hidden`: the leaf alone. `malformed`: shown, but signed in a
    form that no reader takes; `excused`: in scope, yet without a body for a reason that the journals themselves give.
    `judged`, `refused`, `disputed` and `not_judged` come from judging, where that was done.
    """

    entries: int = 0
    shown: int = 0
    withheld: int = 0
    hidden: int = 0
    malformed: int = 0
    excused: int = 0
    checkpoints: int = 0
    receipts: int = 0
    complete_to: int = 0
    judged: int = 0
    refused: int = 0
    violations: int = 0
    disputed: int = 0
    not_judged: int = 0


@dataclass(slots=True)
class Report:
    """The outcome of a check, filled as it goes on."""

    relationship: str = ""
    maker: str = ""
    made_at: str = ""
    asked_by: str = ""
    fingerprint: str = ""
    fingerprint_compared: bool = False
    is_complete: bool = True  # whether leaving something in scope out would have been seen
    labels: dict[str, int] = field(default_factory=dict)  # in scope, with the entries that prove its key
    is_judged: bool = False
    journals: dict[Role, JournalReport] = field(default_factory=lambda: {role: JournalReport() for role in Role})
    attachments: int = 0
    missing_files: int = 0
    quarantined: int = 0
    histories_in_conflict: int = 0
    unchecked_receipts: int = 0  # about a journal further than the bundle has it
    faults: list[Fault] = field(default_factory=list)
    unaffected: list[str] = field(default_factory=list)

    @property
    def fault(self) -> Fault | None:
        """The first thing that does not hold; None when everything does."""
        return self.faults[0] if self.faults else None

    @property
    def verdict(self) -> Verdict:
        """The one word."""
        if self.faults:
            return Verdict.FAILED
        return Verdict.VERIFIED if self.fingerprint_compared else Verdict.CONSISTENT
