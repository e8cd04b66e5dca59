"""The named steps of an event's way (design.md, "what survives a crash on it"): the engine says when it reached one.

Nothing listens in a gateway that works; tests end the process at any of them, and a simulator the run.
"""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """A place between two things of which only one may have happened when the process dies."""

    COMMAND_TAKEN = "command.taken"
    COMMAND_DECIDED = "command.decided"
    ENTRIES_ENCODED = "entries.encoded"
    ANSWER_KEPT = "answer.kept"
    PAGES_SIGNED = "pages.signed"
    PAGES_WRITTEN = "pages.written"
    RECEIPT_SIGNED = "receipt.signed"
    BEFORE_COMMIT = "transaction.before_commit"
    AFTER_COMMIT = "transaction.after_commit"
    ANSWERED = "command.answered"
    PAGES_READ = "pages.read"
    PAGES_PUBLISHED = "pages.published"
    PAGES_NOTED = "pages.noted"
    RECEIPT_PUBLISHED = "receipt.published"
    RECEIPT_NOTED = "receipt.noted"
    REQUEST_PUBLISHED = "request.published"
    RECORDS_READ = "records.read"
    PAGE_VERIFIED = "page.verified"
    PAGE_JUDGED = "page.judged"
    PAGE_WRITTEN = "page.written"
    PAGE_ANSWERED = "page.answered"
    RECEIPT_TAKEN = "receipt.taken"
    POSITION_KEPT = "position.kept"
    RECORDS_TAKEN = "records.taken"
    ROWS_FOLDED = "rows.folded"
    ROWS_WRITTEN = "rows.written"


Reached = Callable[[Step], None]
"""Hears that the engine reached a step."""


def go_on(_step: Step) -> None:
    """Do nothing at a step: the engine goes on."""
