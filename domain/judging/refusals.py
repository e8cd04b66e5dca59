"""Refusals: what a party says, in its own journal, of entries of the other that it refuses (formats.md 6).

A refusal is notice, not power. It is never refused in turn: one that is malformed or late is an alarm without effect.
"""

from domain.errors import DomainError
from domain.judging.context import Context, Proposed
from domain.judging.history import REFUSED, PastEvent
from events.catalogue.protocol import EntryRefused


class RefusalMalformedError(DomainError):
    """A refusal names what is not there, what was judged before, or a refusal: it has no effect."""

    code = "refusal.malformed"
    slug = "validation"
    refusal = "refusal.malformed"


def check_refusal(proposed: Proposed, context: Context, claimed: int) -> None:
    """Ask that a refusal names entries below its `seen`, by leaf, in ascending order, none judged before.

    `claimed` is what earlier entries of the same journal had taken in: what lies below it was judged then.

    Raises:
        RefusalMalformedError: one of the positions is not so.
    """
    body = proposed.body
    last = claimed - 1
    for named in body.refused:
        past = context.views[proposed.role.other].at(named.position)
        if past is None or named.position >= context.seen or past.leaf != named.leaf_bytes:
            raise RefusalMalformedError(f"no entry with this leaf at position {named.position}")
        if past.name == REFUSED:
            raise RefusalMalformedError(f"position {named.position} is a refusal")
        if named.position <= last:
            raise RefusalMalformedError(f"position {named.position} was judged before, or stands out of order")
        last = named.position


def claim_of_refusal(past: PastEvent, context: Context) -> int:
    """Return the size up to which a refusal shows that its author holds the journal: behind the last leaf it names."""
    if not isinstance(past.body, EntryRefused):
        return 0
    other = context.views[past.role.other]
    shown = [0]
    for named in past.body.refused:
        found = other.at(named.position)
        if found is not None and found.leaf == named.leaf_bytes:
            shown.append(named.position + 1)
    return max(shown)
