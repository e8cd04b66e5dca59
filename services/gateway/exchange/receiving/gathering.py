"""What judging needs is brought from the store into the views: subjects with their counterparts, evidence, ids."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.encoding.canonical import decode
from events.encoding.identifiers import Role
from events.errors import CanonicalError
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.store import Reading

_REVIEW = "_review"
_MARK = b'"leaf"'  # every reference to an entry names its leaf


class Gathering:
    """Brings histories into the views of one relationship, each once, for as long as one transaction lasts."""

    def __init__(self, channel: Channel, reading: Reading) -> None:
        self._channel = channel
        self._reading = reading
        self._subjects: dict[Role, set[str]] = {role: set() for role in Role}

    def subjects(self, role: Role, subjects: Iterable[str]) -> None:
        """Bring subjects of a party's journal, and in the other's what reviews them or what they review."""
        wanted = [subject for subject in dict.fromkeys(subjects) if subject not in self._subjects[role]]
        if not wanted:
            return
        self._bring(role, wanted)
        self._bring(role.other, [counterpart_of(subject) for subject in wanted])

    def positions(self, role: Role, positions: Iterable[int]) -> None:
        """Bring single entries that are named as evidence."""
        view = self._channel.state_of(role).view
        wanted = [position for position in set(positions) if view.at(position) is None]
        for entry in self._reading.entries_at(self._channel.number, role, wanted):
            view.bring_place(past_of(entry))

    def evidence(self, bodies: Iterable[bytes]) -> None:
        """Bring all entries that some bodies refer to."""
        wanted: dict[Role, set[int]] = {role: set() for role in Role}
        for body in bodies:
            if _MARK in body:
                _collect(_decoded(body), wanted)
        for role, positions in wanted.items():
            self.positions(role, positions)

    def ids(self, ids: Sequence[str]) -> None:
        """Bring the positions of accepted entries with these ids, in both journals."""
        for role in Role:
            view = self._channel.state_of(role).view
            view.bring_ids(self._reading.known_ids(self._channel.number, role, ids))

    def _bring(self, role: Role, subjects: Sequence[str]) -> None:
        new = [subject for subject in subjects if subject not in self._subjects[role]]
        self._subjects[role].update(new)
        view = self._channel.state_of(role).view
        histories = self._reading.histories(self._channel.number, role, new)
        for subject in new:
            view.bring_history(subject, map(past_of, histories[subject]))


def counterpart_of(subject: str) -> str:
    """Return the subject in the other party's journal that reviews this one, or is reviewed by it."""
    kind, slash, identity = subject.partition("/")
    other = kind.removesuffix(_REVIEW) if kind.endswith(_REVIEW) else kind + _REVIEW
    return other + slash + identity


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        return decode(body)
    except CanonicalError:
        return {}


def _collect(value: object, wanted: Mapping[Role, set[int]]) -> None:
    """Note every `{journal, position, leaf}`; without a journal it may be of either."""
    if isinstance(value, list):
        for item in value:
            _collect(item, wanted)
    elif isinstance(value, dict):
        position, journal = value.get("position"), value.get("journal")
        if type(position) is int and "leaf" in value:
            for role in Role:
                if journal is None or str(journal).partition(".")[0] == role.value:
                    wanted[role].add(position)
        for member in value.values():
            _collect(member, wanted)
