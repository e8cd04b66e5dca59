"""Which category a change belongs in (G7): that of both opinions, and where they differ the higher one.

Of an opinion and a correction of it the higher binds too: what was said at first is never opened by a correction. Who
thinks lower of it gives a new opinion.
"""

from collections.abc import Iterator, Sequence

from domain.change import names as n
from domain.change.errors import CategoryError
from domain.judging.history import PastEvent
from domain.steps.history import History
from events.encoding.identifiers import Role

ORDER = ("no_registration_effect", "reporting", "filing", "approval")
"""The categories, the highest last."""


def latest_opinions(history: History) -> list[PastEvent]:
    """Return each party's last opinion that can be relied on."""
    return [said[-1] for role in Role if (said := history.by(role, *n.OPINIONS))]


def has_seen_corrections(past: PastEvent, history: History) -> bool:
    """Tell whether an entry came after every correction of the proposal: then it is of the change as it is now."""
    return all(past.has_seen(each) for proposal in history.of(n.PROPOSED) for each in history.corrections_of(proposal))


def determined(history: History) -> PastEvent | None:
    """Return the last determination of the category that can be relied on."""
    found = history.relied(n.DETERMINED)
    return found[-1] if found else None


def highest_word(history: History, past: PastEvent) -> str:
    """Return the highest category that an opinion or a determination ever said: when signed, or by any correction."""
    corrections = (change for each in history.corrections_of(past) for change in each.body.changes)
    put_right = (change.after for change in corrections if change.field == "category")
    words: list[str] = [past.body.category, *(each for each in put_right if each in ORDER)]
    return max(words, key=ORDER.index)


def binding(history: History) -> str:
    """Return the higher of what both parties say now; an opinion that cannot be relied on binds too, and opens nothing.

    Without an opinion it is the highest category.
    """
    words = [highest_word(history, past) for role in Role for past in _last_words(history, role)]
    return max(words, key=ORDER.index, default=ORDER[-1])


def is_raised(history: History, category: PastEvent) -> bool:
    """Tell whether a party's opinion is higher now than a determination, by a later word or by a correction."""
    return ORDER.index(binding(history)) > ORDER.index(highest_word(history, category))


def check_category(history: History, opinions: Sequence[PastEvent], category: str) -> None:
    """Ask that a category is the higher of two opinions, and lower than before only where both agree.

    Source: NMPA 134/2025 (IX), "where both contract parties fail to reach consensus on the category of changes".

    Raises:
        CategoryError: `gate.change_category`.
    """
    if not all(has_seen_corrections(opinion, history) for opinion in opinions):
        raise CategoryError("the proposal was corrected since; whoever had not seen it gives an opinion anew")
    said = [highest_word(history, opinion) for opinion in opinions]
    higher = binding(history)
    if category != higher:
        raise CategoryError(f"the opinions are {' and '.join(said)}; the category is {higher}")
    before = determined(history)
    is_lower = before is not None and ORDER.index(category) < ORDER.index(highest_word(history, before))
    if is_lower and len(set(said)) > 1:
        raise CategoryError("a lower category than before needs the same opinion of both")


def _last_words(history: History, role: Role) -> Iterator[PastEvent]:
    """Return a party's last opinion that can be relied on, and what it said since."""
    latest = next(reversed(history.by(role, *n.OPINIONS)), None)
    for past in history.of(*n.OPINIONS):
        if past.role is role and (latest is None or past.position >= latest.position):
            yield past
