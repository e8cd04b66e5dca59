"""What stands of a batch: its two releases, its latest package, and the holds of the holder."""

from collections.abc import Sequence

from domain.batch import names as n
from domain.evidence import names
from domain.judging.history import PastEvent
from domain.steps.history import History


def factory_release_of(history: History) -> PastEvent | None:
    """Return the factory release that stands: relied on, followed neither by rework nor by a join."""
    releases = history.relied(n.FACTORY_RELEASED)
    since = max((past.position for past in history.of(n.REWORKED, n.JOINED)), default=-1)
    return releases[-1] if releases and releases[-1].position > since else None


def marketing_release_of(history: History) -> PastEvent | None:
    """Return the marketing release that stands: relied on, and not withdrawn."""
    releases = history.relied(n.MARKETING_RELEASED)
    if not releases:
        return None
    later = (past.position > releases[-1].position for past in history.of(n.RELEASE_WITHDRAWN))
    return None if any(later) else releases[-1]


def latest_package(history: History) -> PastEvent | None:
    """Return the latest package of a batch, whether or not it can be relied on; None before the first."""
    return said_last(history.of(n.SUBMITTED))


def release_of_package(package: PastEvent, history: History) -> PastEvent | None:
    """Return the factory release that a package is of: the one that it names, or the entry just before it."""
    ref = package.body.release
    return release_just_before(package.position, history) if ref is None else history.named(ref, n.FACTORY_RELEASED)


def release_just_before(position: int, history: History) -> PastEvent | None:
    """Return the factory release that stands right before a position; None where something else does."""
    return next((past for past in history.of(n.FACTORY_RELEASED) if past.position == position - 1), None)


def is_outdated(history: History, release: PastEvent) -> bool:
    """Tell whether a marketing release rests on a factory release that fell, or on a package that has a later one."""
    standing, package = factory_release_of(history), latest_package(history)
    if standing is None or package is None:
        return True
    return not (names(release.body.factory_release, standing) and names(release.body.package, package))


def said_last(found: Sequence[PastEvent]) -> PastEvent | None:
    """Return the last of some entries; None without any."""
    return found[-1] if found else None


def open_holds(history: History) -> list[PastEvent]:
    """Return the holds of the holder that it has not lifted."""
    lifted = [past.body.hold for past in history.relied(n.HOLD_LIFTED)]
    return [hold for hold in history.of(n.HELD) if not any(names(ref, hold) for ref in lifted)]
