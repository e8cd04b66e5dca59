"""Which version of a signed document holds at a moment.

A version is in force from the later of two moments: the recorded time of its activation, and 00:00 Beijing of its
`effective_from`. So no activation works backwards. The activation recorded last replaces all before it, from the moment
on that it is in force; one that is disputed puts nothing in force.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.agreement.rules import AGREEMENT, QUALITY
from domain.clocks.clock import start_of
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.agreement import Activated, AgreementDrafted, Policies, Signed
from events.catalogue.bodies import EventRef
from events.encoding.moments import parse_moment

_DEFAULTS = Policies()
"""The default of the policy `deviation.closure_approval` (domain.md 2.4)."""

Find = Callable[[EventRef], PastEvent | None]


@dataclass(frozen=True, slots=True)
class Version:
    """A draft that both signed, its activation, and from when (UTC) it is in force."""

    draft: PastEvent
    activation: PastEvent
    since: datetime

    def replaces(self, other: "Version") -> bool:
        """Tell whether this version was activated after another."""
        return _recorded(self) > _recorded(other)


class Versions:
    """The activated versions of one kind of document, across all its documents."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._latest_first = sorted(versions, key=_recorded, reverse=True)

    def __iter__(self) -> Iterator[Version]:
        return iter(self._latest_first)

    def at(self, moment: datetime) -> Version | None:
        """Return the version in force at a moment."""
        for version in self._latest_first:
            if version.since <= moment:
                return version
        return None


def versions_of(activations: Iterable[PastEvent], find: Find, is_disputed: Callable[[PastEvent], bool]) -> Versions:
    """Return the versions that these activations put in force; what cannot be found puts nothing in force."""
    found = (_version_of(activation, find) for activation in activations if not is_disputed(activation))
    return Versions(version for version in found if version is not None)


def agreements_in(context: Context) -> Versions:
    """Return the versions of the quality agreement that a context shows."""
    return quality_only(versions_of(context.standing(AGREEMENT.activated), context.find, context.is_disputed))


def agreement_in_force(context: Context, at: datetime) -> Version | None:
    """Return the version of the quality agreement in force at a moment, as a context shows it."""
    return agreements_in(context).at(at)


def policies_of(version: Version | None) -> Policies:
    """Return what the parties agreed in a version of the quality agreement; without one the defaults."""
    body = None if version is None else version.draft.body
    return body.policies if isinstance(body, AgreementDrafted) else _DEFAULTS


def closure_approval_classes(version: Version | None) -> frozenset[str]:
    """Return the classes of deviations that close only after the holder's approval.

    A policy, `deviation.closure_approval` (domain.md 2.4), not a clause; without an agreement in force its
    default holds: major.
    """
    return frozenset(policies_of(version).deviation_closure_approval)


def quality_only(versions: Versions) -> Versions:
    """Return the versions of quality agreements among those of all agreements."""
    return Versions(version for version in versions if _is_quality(version.draft))


def _is_quality(draft: PastEvent) -> bool:
    return isinstance(draft.body, AgreementDrafted) and draft.body.agreement_kind == QUALITY


def _version_of(activation: PastEvent, find: Find) -> Version | None:
    body = activation.body
    if activation.head is None or not isinstance(body, Activated):
        return None
    signature = find(body.signatures[0]) if body.signatures else None
    draft = find(signature.body.draft) if signature is not None and isinstance(signature.body, Signed) else None
    if draft is None:
        return None
    effective = start_of(date.fromisoformat(body.effective_from))
    return Version(draft, activation, max(parse_moment(activation.head.time), effective))


def _recorded(version: Version) -> tuple[str, str, int]:
    activation = version.activation
    return ("" if activation.head is None else activation.head.time), activation.role.value, activation.position
