"""What judging needs is brought from the store into the views: subjects with their counterparts, evidence, ids."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.judging.history import JournalView, PastEvent
from domain.judging.judge import Arrival
from events.encoding.canonical import decode
from events.encoding.identifiers import Role
from events.errors import CanonicalError
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.receiving.lineage import Lineages
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.store import Reading

MAX_EVIDENCE_BYTES = 16 * 1024 * 1024  # of entries brought in because others name them, in one transaction

_AT_ONCE = 64
_REVIEW = "_review"
_MARK = b'"leaf"'  # every reference to an entry names its leaf


class Gathering:
    """Brings histories into the views of one relationship, each once, for as long as one transaction lasts."""

    def __init__(self, channel: Channel, reading: Reading) -> None:
        self._channel = channel
        self._reading = reading
        self._subjects: dict[Role, set[str]] = {role: set() for role in Role}
        self._evidence_bytes = 0
        self._lineages = Lineages(self)

    def subjects(self, role: Role, subjects: Iterable[str]) -> None:
        """Bring subjects of a party's journal, and in the other's what reviews them or what they review."""
        asked = dict.fromkeys(subjects)
        wanted = [subject for subject in asked if subject not in self._subjects[role]]
        if wanted:
            self.bring(role, wanted)
        self._lineages.follow(asked)

    def batches(self, declared: Iterable[Mapping[str, Any]]) -> None:
        """Bring what deciding on openings of drug batches needs, by what they say of themselves."""
        self._lineages.declared(declared)

    def view(self, role: Role) -> JournalView:
        """Return the view of a journal, into which everything is brought."""
        return self._channel.state_of(role).view

    def bring(self, role: Role, subjects: Sequence[str]) -> None:
        """Bring subjects of a party's journal and their counterparts, and nothing that these lead to."""
        self._bring(role, subjects)
        self._bring(role.other, [counterpart_of(subject) for subject in subjects])

    def positions(self, role: Role, positions: Iterable[int]) -> None:
        """Bring single entries that are named as evidence; beyond a bound of bytes each is read when it is asked for.

        A page of half a megabyte can name thousands of entries, each of 136 KiB at most.
        """
        view = self._channel.state_of(role).view
        wanted = [position for position in dict.fromkeys(positions) if not view.reaches(position)]
        while wanted and self._evidence_bytes < MAX_EVIDENCE_BYTES:
            for entry in self._reading.entries_at(self._channel.number, role, wanted[:_AT_ONCE]):
                view.bring_place(past_of(entry))
                self._evidence_bytes += len(entry.line)
            del wanted[:_AT_ONCE]
        view.look_up(wanted, lambda position: self._one(role, position))

    def evidence(self, bodies: Iterable[bytes]) -> None:
        """Bring all entries that some bodies refer to."""
        for role, positions in places_named(bodies).items():
            self.positions(role, sorted(positions))

    def arrivals(self, role: Role, arrivals: Sequence[Arrival]) -> None:
        """Bring all that judging these lines of a party's journal needs."""
        heads = [each.head for each in arrivals if each.head is not None]
        self.subjects(role, [head.subject for head in heads])
        self.evidence(each.entry.body_bytes for each in arrivals if each.entry is not None)
        entries = [each.entry for each in arrivals if each.entry is not None]
        self._lineages.arrivals((entry.head.subject, entry.body_bytes) for entry in entries)
        self.ids([head.id for head in heads])

    def numbers(self, role: Role, numbers: Sequence[str]) -> None:
        """Bring which subjects of a journal are labelled with batch numbers."""
        found = self._reading.subjects_of_batches(self._channel.number, role, numbers)
        self._channel.state_of(role).view.bring_batches(found)

    def ids(self, ids: Sequence[str]) -> None:
        """Bring the positions of accepted entries with these ids, in both journals."""
        for role in Role:
            view = self._channel.state_of(role).view
            view.bring_ids(self._reading.known_ids(self._channel.number, role, ids))

    def _one(self, role: Role, position: int) -> PastEvent | None:
        found = self._reading.entries_at(self._channel.number, role, [position])
        return past_of(found[0]) if found else None

    def _bring(self, role: Role, subjects: Sequence[str]) -> None:
        view = self._channel.state_of(role).view
        new = [each for each in subjects if each not in self._subjects[role] and not view.keeps(each)]
        histories = self._reading.histories(self._channel.number, role, new)
        for subject in new:
            view.bring_history(subject, map(past_of, histories[subject]))
            self._subjects[role].add(subject)


def counterpart_of(subject: str) -> str:
    """Return the subject in the other party's journal that reviews this one, or is reviewed by it."""
    kind, slash, identity = subject.partition("/")
    other = kind.removesuffix(_REVIEW) if kind.endswith(_REVIEW) else kind + _REVIEW
    return other + slash + identity


def places_named(bodies: Iterable[bytes]) -> dict[Role, set[int]]:
    """Return the positions of all entries that some bodies refer to."""
    named: dict[Role, set[int]] = {role: set() for role in Role}
    for body in bodies:
        if _MARK in body:
            _collect(_decoded(body), named)
    return named


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
