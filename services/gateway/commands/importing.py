"""Many rows of one file as one decision: each row by itself, and none that does not fit stops the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.deviation import names as n
from domain.drafts import Draft
from domain.errors import DomainError
from events.encoding.canonical import encode
from events.encoding.entry import MAX_BODY_BYTES
from events.errors import EvidenceError
from events.stored.intake import ExternalNumber
from events.stored.journal import StoredEntry
from services.gateway.commands.asking import Asked, Needs, permitted
from services.gateway.commands.opening import NewItem, Opening, digest_of, drafts_of, external_of, next_number
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

MAX_ROWS = 1000

_SALT_MEMBER_BYTES = 64  # what the salt adds to a body, with room


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row of a file: its number there, and what it says; or why it cannot be understood."""

    row: int
    opening: Opening | None
    reason: str = ""


@dataclass(slots=True)
class _Outcome:
    """What became of the rows so far, in one decision."""

    asked: Asked
    cause: str
    results: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    taken: dict[str, ExternalNumber] = field(default_factory=dict)
    opened: int = 0

    def note(self, row: int, result: str, item: str | None = None, reason: str | None = None) -> None:
        """Say what became of a row."""
        self.results.append({"row": row, "result": result, "item": item, "reason": reason})


def import_rows(
    asked: Asked, source: str, file_sha256: str, rows: Sequence[ImportedRow], new_item: NewItem
) -> CommandJob:
    """Return the job that records those rows which are new, and says of each what became of it."""

    def decide(now: Situation) -> Decision:
        outcome = _Outcome(asked, f"import/{file_sha256}")
        for row in rows:
            _decide_row(outcome, row, new_item, now)
        permitted(outcome.drafts, asked, now)
        return Decision(outcome.drafts, _answer(outcome), 200, list(outcome.taken.values()))

    numbers = [row.opening.external_number for row in rows if row.opening and row.opening.external_number]
    return asked.job(decide, Needs(numbers=(source, list(dict.fromkeys(numbers)))))


def _decide_row(outcome: _Outcome, row: ImportedRow, new_item: NewItem, now: Situation) -> None:
    opening = row.opening
    if opening is None:
        outcome.note(row.row, "rejected", reason=row.reason)
        return
    number = opening.external_number or ""
    known = outcome.taken.get(number) or now.known.get(number)
    if known is not None:
        _note_known(outcome, row.row, known, digest_of(opening))
        return
    item = new_item()
    cause = f"{outcome.cause}/{row.row}"
    try:
        drafts = drafts_of(outcome.asked, item, opening, next_number(now, outcome.opened + 1), now, cause=cause)
        _check_sizes(drafts)
    except (DomainError, EvidenceError) as error:
        outcome.note(row.row, "rejected", reason=error.detail or error.code)
        return
    outcome.opened += 1
    outcome.drafts += drafts
    outcome.taken.update({each.number: each for each in external_of(item, opening)})
    outcome.note(row.row, "would_import" if outcome.asked.dry_run else "imported", item)


def _note_known(outcome: _Outcome, row: int, known: ExternalNumber, digest: bytes) -> None:
    item = known.subject.partition("/")[2]
    if known.digest == digest:
        outcome.note(row, "unchanged", item)
    else:
        reason = f"external_number: {known.number} differs from what was recorded; correct it instead"
        outcome.note(row, "rejected", item, reason)


def _check_sizes(drafts: Sequence[Draft]) -> None:
    """Refuse a row whose body no entry can carry, before it stands among others.

    Raises:
        EntryError: too large. CanonicalError: outside the profile.
    """
    for draft in drafts:
        if len(encode(draft.body)) > MAX_BODY_BYTES - _SALT_MEMBER_BYTES:
            raise DomainError(f"the row has more than {MAX_BODY_BYTES} bytes; move long texts to an attachment")


def _answer(outcome: _Outcome) -> Any:  # noqa: ANN401 - a function, as `Decision` has it
    counts = Counter(each["result"] for each in outcome.results)
    names = ("would_import",) if outcome.asked.dry_run else ("imported",)

    def answer(entries: Sequence[StoredEntry]) -> Mapping[str, Any]:
        written = [] if outcome.asked.dry_run else entries
        return {
            "rows": outcome.results,
            "counts": {name: counts[name] for name in (*names, "unchanged", "rejected")},
            "dry_run": outcome.asked.dry_run,
            "sequence": max((entry.sequence for entry in written), default=None),
        }

    return answer


OPENS = (n.OPENED, n.CLASSIFIED)
"""The event types that an import records."""
