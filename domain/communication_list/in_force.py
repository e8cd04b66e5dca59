"""Which version of the communication list judges an event: the one in force at the start of its clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.agreement.in_force import Version, Versions, versions_of
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.communication_list.terms import Terms
from domain.judging.context import Context
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


def lists_in(context: Context) -> ListVersions:
    """Return the versions of the list that a context shows."""
    return ListVersions(versions_of(context, COMMUNICATION_LIST.activated))


def list_in_force(context: Context, at: datetime) -> ListVersion | None:
    """Return the version of the list in force at a moment, as a context shows it."""
    return lists_in(context).at(at)


def _with_terms(versions: Versions) -> Iterator[ListVersion]:
    for version in versions:
        body = version.draft.body
        if isinstance(body, CommunicationListDrafted):
            yield ListVersion(version, version.since, body.version, Terms(body.rows))
