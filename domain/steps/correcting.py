"""From what should stand in an entry to the changes of a correction: what stands now is taken from the context."""

from collections.abc import Mapping
from typing import Any

from domain.evidence import evidence_of
from domain.judging.context import Context
from domain.steps.corrections import corrected_values, corrections_of, text_at
from domain.steps.errors import CorrectionInvalidError
from domain.steps.subjects import types_of
from events.catalogue.bodies import EventRef


def changes_of(context: Context, subject: str, ref: EventRef, fields: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Return the changes that put these texts in place, in the order given; what stands already is left out.

    Raises:
        EvidenceNotFoundError: the entry is not an own accepted one of this subject.
        CorrectionInvalidError: all of it stands there already.
    """
    entry = evidence_of(context, context.role, subject, ref, *types_of(subject.partition("/")[0]))
    standing = corrected_values(entry, corrections_of(context, entry))
    texts = ((field, text_at(standing, field), after) for field, after in fields.items())
    changes = [_change(field, before, after) for field, before, after in texts if before != after]
    if not changes:
        raise CorrectionInvalidError("all of it stands there already; nothing would change")
    return changes


def _change(field: str, before: str | None, after: str | None) -> dict[str, Any]:
    change = {"field": field, "before": before, "after": after}
    return {name: value for name, value in change.items() if value is not None}
