"""Which version of the communication list judges an event: the one in force at the start of its clock."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.agreement.in_force import Find, Version, Versions, versions_of
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.communication_list.terms import Terms
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.communication_list import CommunicationListDrafted


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A version of the list, from when (UTC) it is in force, its number, and its time limits."""

    version: Version
    since: datetime
    number: int
    terms: Terms


class ListVersions:
    """The activated versions of the communication list."""

    def __init__(self, versions: Versions) -> None:
        self._latest_first = list(_with_terms(versions))
        self.first_since = min((version.since for version in self._latest_first), default=None)
        """From when (UTC) there is a list at all; what is dated before is history and has no clocks."""

    def at(self, moment: datetime) -> ListVersion | None:
        """Return the version in force at a moment."""
        for version in self._latest_first:
            if version.since <= moment:
                return version
        return None


def list_versions_of(
    activations: Iterable[PastEvent], find: Find, is_disputed: Callable[[PastEvent], bool]
) -> ListVersions:
    """Return the versions of the list that these activations put in force."""
    return ListVersions(versions_of(activations, find, is_disputed))


def list_in_force(context: Context, at: datetime) -> ListVersion | None:
    """Return the version of the list in force at a moment, as a context shows it."""
    activations = context.standing(COMMUNICATION_LIST.activated)
    return list_versions_of(activations, context.find, context.is_disputed).at(at)


def _with_terms(versions: Versions) -> Iterator[ListVersion]:
    for version in versions:
        body = version.draft.body
        if isinstance(body, CommunicationListDrafted):
            yield ListVersion(version, version.since, body.version, Terms(body.rows))
