"""What the entries of the protocol itself must fulfil. Deciding and judging run these same checks.

Where they may stand, and that both parties paired with the same keys, is judged for every entry
(`domain.judging.subjects`); a refusal has its own check (`domain.judging.refusals`), for it is never refused in turn.
"""

from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from domain.judging.history import REFUSED, SETTLED, place_of
from domain.relationship.errors import NotErasableError, NothingDisputedError, ProtocolStateError
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role

TAKEN = "journal.taken.v1"
DISPUTED = "refusal.disputed.v1"
ERASED = "body.erased.v1"


def check_calendar(proposed: Proposed, context: Context) -> None:
    """Ask that a party's versions of one year's calendar rise.

    Raises:
        ProtocolStateError: this party published the year in this or a higher version.
    """
    body = proposed.body
    highest = latest_calendar_version(context, body.calendar, body.year)
    if body.version <= highest:
        raise ProtocolStateError(f"{body.calendar} {body.year} was published in version {highest}")


def latest_calendar_version(context: Context, calendar: str, year: int) -> int:
    """Return the highest version in which the author of the context published a year; 0 before the first."""
    earlier = (past.body for past in context.standing_of(context.role, CALENDAR_PUBLISHED))
    return max((each.version for each in earlier if (each.calendar, each.year) == (calendar, year)), default=0)


def check_taken(proposed: Proposed, context: Context) -> None:
    """Ask that a party says it has taken in no more than its entry has seen.

    Raises:
        ProtocolStateError: the size lies beyond what the entry has seen of the partner's journal.
    """
    if proposed.body.size > context.seen:
        raise ProtocolStateError(f"{proposed.body.size} entries were not taken in, {context.seen} were")


def check_disputed(proposed: Proposed, context: Context) -> None:
    """Ask that the partner's refusal is there and names the entry that it is disputed for.

    Raises:
        NothingDisputedError: no refusal of the partner in the context stands at this place, or it names another entry.
    """
    body = proposed.body
    refusals = context.standing_of(proposed.role.other, REFUSED)
    named = next((past for past in refusals if past.position == body.refusal.position), None)
    if named is None or named.leaf != body.refusal.leaf_bytes:
        raise NothingDisputedError(f"the partner's entry {body.refusal.position} is no refusal with this leaf")
    entry = (body.entry.position, body.entry.leaf_bytes)
    if entry not in {(refused.position, refused.leaf_bytes) for refused in named.body.refused}:
        raise NothingDisputedError(f"the refusal does not name the entry {body.entry.position} with this leaf")


def check_settled(proposed: Proposed, context: Context) -> None:
    """Ask that there is something to settle: a refusal in the context names the entry.

    Raises:
        NothingDisputedError: neither party refused the entry at this position with this leaf.
    """
    place = place_of(proposed.body.entry)
    if not any(at < context.reach(role) for role in Role for at in context.views[role].notices(place)):
        raise NothingDisputedError(f"nobody refused an entry {proposed.body.entry.position} with this leaf")


def check_erased(proposed: Proposed, context: Context) -> None:
    """Ask that a party erases the body of an own entry of a type whose bodies may be erased.

    Raises:
        NotErasableError: no own entry with this leaf is there, or its type keeps its body for ever.
    """
    body = proposed.body
    named = context.views[proposed.role].at(body.position)
    if named is None or named.position >= context.position or encode_base64(named.leaf) != body.leaf:
        raise NotErasableError(f"no own entry stands at {body.position} with this leaf")
    if named.type is None or not named.type.erasable:
        raise NotErasableError(f"the body of {named.name or 'a malformed entry'} is never erased")


RULES: dict[str, Rule] = {
    CALENDAR_PUBLISHED: check_calendar,
    TAKEN: check_taken,
    DISPUTED: check_disputed,
    SETTLED: check_settled,
    ERASED: check_erased,
}
"""The rule of each event type of this matter."""
