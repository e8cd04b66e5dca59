"""What suspends (G4): suspensions that nobody has lifted, and major risks of which something is not lifted yet.

A risk that either party ever called major suspends by itself, whatever it covers. Nothing ends that but signatures of
lifting: a lowered class does not, nor does its closing, which waits for them. For each word that calls it major, each
product, batch, line and site of the risk is let go by a suspension that names the risk, has it in its own scope in the
very same words, and was lifted by signatures that had the word in view. A risk of everything is let go by a suspension
of everything. So a new such word suspends anew, and one that was said by mistake is taken back as anything is lifted:
by a suspension of that scope and the signatures under it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from domain.agreement.in_force import agreements_in, policies_at
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.risk import names as risk
from domain.steps.crossing import Block
from domain.steps.history import History, overlap, standing_matters
from domain.steps.scopes import EVERYTHING, first_covering, told
from domain.suspension import names as n
from domain.suspension.errors import SuspendedError
from domain.suspension.lifting import Lifting, is_about, is_lifted, lifting_of
from events.encoding.moments import parse_moment

MAJOR = "major"

_CLASSIFIED = (risk.CLASSIFIED, risk.REVIEW_CLASSIFIED)


def blocks_on(context: Context, labels: Collection[str]) -> list[PastEvent]:
    """Return what suspends the work that carries these labels: openings of suspensions, then raisings of risks."""
    return _open(suspending(context, labels))


def check_not_suspended(context: Context, labels: Collection[str]) -> None:
    """Ask that nothing suspends the work that carries these labels.

    Source: NMPA 134/2025 (V), "in case of major quality risks or compliance risks, manufacturing shall be immediately
    suspended".

    Raises:
        SuspendedError: `gate.suspension`; each suspension and risk is named.
    """
    _refuse(blocks_on(context, labels))


def check_release_not_suspended(context: Context, labels: Collection[str]) -> None:
    """Ask that nothing suspends the release of what carries these labels.

    That a suspension stops releases too is a policy, `suspension.blocks_release` (domain.md 2.4; default: yes).

    Source: NMPA 134/2025 (V), "in case of major quality risks or compliance risks, manufacturing shall be immediately
    suspended".

    Raises:
        SuspendedError: `gate.suspension`; each suspension and risk is named.
    """
    _refuse(_open(suspending_releases(context, labels)))


def is_major(history: History) -> bool:
    """Tell whether a party ever called a risk major, by marked or disputed words and by corrections too."""
    return any(True for _ in _major_words(history))


def suspending(context: Context, labels: Collection[str]) -> Iterator[tuple[PastEvent, Block]]:
    """Return what suspends the work that carries these labels or did before it was lifted, each with its opening.

    Of a suspension that is its opening, or the correction by which it came to cover them; of a risk each word that
    calls it major, and such a correction.
    """
    agreements = agreements_in(context)
    for history in standing_matters(context, *n.OPENINGS):
        since = first_covering(told(history), labels)
        if since is not None and history.opening is not None:
            yield history.opening, Block(since.past, not is_lifted(history, agreements))
    for history in standing_matters(context, risk.RAISED):
        raised = history.opening
        if raised is not None:
            yield from ((raised, block) for block in blocks_of_risk(history, context, labels))


def suspending_releases(context: Context, labels: Collection[str]) -> Iterator[tuple[PastEvent, Block]]:
    """Return what of that stops releases too, as agreed when it began: a suspension was opened, a risk called major."""
    agreements = agreements_in(context)
    for opening, block in suspending(context, labels):
        began = opening if opening.name in n.OPENINGS else block.past
        if policies_at(agreements, parse_moment(began.time)).suspension_blocks_release:
            yield opening, block


def blocks_of_risk(history: History, context: Context, labels: Collection[str] = ()) -> Iterator[Block]:
    """Return the entries by which a risk suspends the work that carries these labels, lifted or not; no labels: any."""
    words, scopes = list(_major_words(history)), told(history)
    since = first_covering(scopes, labels) if words else None
    if since is None:
        return
    scope, liftings = scopes[-1].scope, _liftings(history, context)
    held = {word.place: _is_held(scope, [each for each in liftings if each.is_after(word)], labels) for word in words}
    before = [word for word in words if since is not scopes[0] and since.past.has_seen(word)]
    if before:  # what came to cover it shut it then, not these
        yield Block(since.past, any(held[word.place] for word in before))
    yield from (Block(word, held[word.place]) for word in words if word not in before)


def is_suspending(history: History, context: Context) -> bool:
    """Tell whether a risk suspends anything still."""
    return any(block.is_open for block in blocks_of_risk(history, context))


def _open(found: Iterable[tuple[PastEvent, Block]]) -> list[PastEvent]:
    openings = (opening for opening, block in found if block.is_open)
    return list({opening.place: opening for opening in openings}.values())


def _refuse(openings: Sequence[PastEvent]) -> None:
    if openings:
        named = ", ".join(f"{past.name.partition('.')[0]} {past.body.number}" for past in openings)
        raise SuspendedError(f"suspended by {named}; it is lifted by signatures")


def _major_words(history: History) -> Iterator[PastEvent]:
    """Return the words that call a risk major, and the corrections that make one say so."""
    for word in history.of(*_CLASSIFIED):
        if word.body.level == MAJOR:
            yield word
        for correction in history.corrections_of(word):
            if any((change.field, change.after) == ("level", MAJOR) for change in correction.body.changes):
                yield correction


def _liftings(history: History, context: Context) -> list[Lifting]:
    """Return the liftings of the suspensions that name a risk."""
    raised, agreements = history.opening, agreements_in(context)
    if raised is None:
        return []
    about = (each for each in standing_matters(context, *n.OPENINGS) if is_about(each, raised))
    return [lifting for each in about if (lifting := lifting_of(each, agreements)) is not None]


def _is_held(scope: frozenset[str], liftings: Sequence[Lifting], labels: Collection[str]) -> bool:
    """Tell whether anything of a scope that these liftings left covers these labels."""
    if scope == EVERYTHING:
        return all(each.scope != EVERYTHING for each in liftings)
    left = scope.difference(*(each.scope for each in liftings))
    return bool(left) and overlap(left, labels)
