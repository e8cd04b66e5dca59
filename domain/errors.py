"""Why a step is refused: the one family of errors that deciding may end in.

Every leaf has a stable `code` (shown to the caller and written as the detail of a refusal), a `slug` (the problem type
of the HTTP interface) and a `refusal` (the code under which a partner's entry with the same fault is refused).
"""

from typing import Self

from domain.citations import Citation


class DomainError(Exception):
    """We refused: a rule of the trade says no. The text says what is wrong and what would be right."""

    source: Citation | None = None
    """The place of law behind the rule; None where it is a policy or plain order."""

    code: str = "domain"
    slug: str = "state-transition"
    refusal: str = "entry.wrong_state"

    event: str = ""
    """The type of the event that was not let pass, where it is known; `subject` is what it would have been about."""

    subject: str = ""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail

    def about(self, event: str, subject: str) -> Self:
        """Note which event was not let pass, unless that is known already."""
        if not self.event:
            self.event, self.subject = event, subject
        return self
