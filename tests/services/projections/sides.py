"""The two gateways of a story: each holds the same two journals, and took them in in an order of its own."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, cast

from domain.judging.history import PastEvent, batches_of
from events.conclusions.shared_rows import shared_clock, shared_item, shared_step
from events.conclusions.total import MODULUS, Concluded, Sizes, weight
from events.encoding.identifiers import Role
from events.journal.order import order_key
from events.stored.journal import StoredEntry, StoredPage, is_standing
from events.stored.read_model import ClockVersion, ItemVersion, ParkedItem, ReceivedStep
from infra.read_model.rows import encode_row
from services.gateway.exchange.remembering import past_of
from services.gateway.ports.read_model import ItemQuery, ProjectedBatch, ReadModel
from services.gateway.ports.store import Store
from services.gateway.projections.projector import Projector
from tests.domain.language import Story, bytes_of

RELATIONSHIP = 1

Versions = Sequence[ItemVersion | ClockVersion]


def recorded(story: Story) -> dict[Role, list[StoredEntry]]:
    """Return the two journals of a story as stored entries, without their places in a local order."""
    return {role: _journal(story, role) for role in Role}


def arrivals(journals: Mapping[Role, list[StoredEntry]], first: Sequence[Role]) -> list[StoredEntry]:
    """Take both journals in, each time from the party that is named if its next entry's `seen` is there already."""
    taken = dict.fromkeys(Role, 0)
    order: list[StoredEntry] = []
    preferred = iter(first)
    while len(order) < sum(map(len, journals.values())):
        wanted = next(preferred, Role.CMO)
        role = wanted if _may_come(journals, taken, wanted) else wanted.other
        order.append(replace(journals[role][taken[role]], sequence=len(order) + 1))
        taken[role] += 1
    return order


@dataclass
class Side:
    """One gateway: what it holds, in the order in which it came, and its rows."""

    held: list[StoredEntry]
    visible: int = 2**53
    page_length: int = 1  # entries of one party in a row that were committed together, at most
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = MemoryRows()
        self.projector = self.restarted()

    @property
    def store(self) -> Store:
        return cast("Store", MemoryStore(self))  # fits as far as projections ask

    @property
    def read_model(self) -> ReadModel:
        return cast("ReadModel", self.rows)  # as above

    def restarted(self) -> Projector:
        """Return a projector that remembers nothing."""
        self.projector = Projector(self.store, self.read_model, self.failed.append)
        return self.projector

    def item(self, item: str, as_of: int | None = None) -> Mapping[str, Any] | None:
        found = self.rows.standing(self.rows.item_versions, as_of).get((item,))
        return None if found is None else found.row

    def clocks(self, item: str, as_of: int | None = None) -> dict[str, Mapping[str, Any]]:
        found = self.rows.standing(self.rows.clock_versions, as_of).values()
        clocks = [version for version in found if isinstance(version, ClockVersion) and version.item == item]
        return {version.name: version.row for version in clocks if version.row}


class MemoryStore:
    """A store of one relationship, read only."""

    def __init__(self, side: Side) -> None:
        self._side = side

    @contextmanager
    def reading(self) -> Iterator["MemoryStore"]:
        yield self

    @property
    def _held(self) -> list[StoredEntry]:
        return [entry for entry in self._side.held if entry.sequence <= self._side.visible]

    def _of(self, role: Role, wanted: Callable[[StoredEntry], bool]) -> list[StoredEntry]:
        found = (entry for entry in self._held if entry.role is role and wanted(entry))
        return sorted(found, key=lambda entry: entry.position)

    def since(self, sequence: int, limit: int) -> list[tuple[int, StoredEntry]]:
        return [(RELATIONSHIP, entry) for entry in self._held if entry.sequence > sequence][:limit]

    def pages_from(self, relationship: int, role: Role, position: int, limit: int) -> list[StoredPage]:
        assert relationship == RELATIONSHIP
        cut = [list(run) for _, run in groupby(self._side.held, lambda entry: entry.role)]
        runs = [
            run[at : at + self._side.page_length] for run in cut for at in range(0, len(run), self._side.page_length)
        ]
        own = [run for run in runs if run[0].role is role and run[-1].position >= position]
        return [StoredPage(role, run[0].position, run[-1].position + 1, b"", run[-1].sequence) for run in own][:limit]

    def entries(self, relationship: int, role: Role, start: int, limit: int) -> list[StoredEntry]:
        assert relationship == RELATIONSHIP
        return self._of(role, lambda entry: start <= entry.position < start + limit)

    def entries_at(self, relationship: int, role: Role, positions: Collection[int]) -> list[StoredEntry]:
        assert relationship == RELATIONSHIP
        return self._of(role, lambda entry: entry.position in positions)

    def standing(self, relationship: int, role: Role) -> list[StoredEntry]:
        assert relationship == RELATIONSHIP
        return self._of(role, lambda entry: is_standing(entry.type, entry.subject))

    def subjects_of_batches(self, relationship: int, role: Role, numbers: Sequence[str]) -> dict[str, list[str]]:
        assert relationship == RELATIONSHIP
        told = [(entry.subject or "", batches_of(past_of(entry))) for entry in self._of(role, _is_accepted)]
        return {number: sorted({subject for subject, named in told if number in named}) for number in numbers}

    def histories(
        self, relationship: int, role: Role, subjects: Collection[str], known: range = range(0)
    ) -> dict[str, list[StoredEntry]]:
        assert relationship == RELATIONSHIP
        others = self._of(role, lambda entry: entry.position not in known)
        return {subject: [entry for entry in others if entry.subject == subject] for subject in subjects}


class MemoryRows:
    """A read model in memory, as far as projections ask."""

    def __init__(self) -> None:
        self.clear()

    @contextmanager
    def reading(self) -> Iterator["MemoryRows"]:
        yield self

    def clear(self) -> None:
        self._position = 0
        self.item_versions: list[ItemVersion] = []
        self.clock_versions: list[ClockVersion] = []
        self._steps: list[ReceivedStep] = []
        self._sizes: dict[Role, int] = {}
        self._parked: list[tuple[int, ParkedItem]] = []

    def apply(self, batch: ProjectedBatch, *, expected: int) -> dict[int, Concluded]:
        assert self._position == expected
        self._position = batch.position
        self.item_versions += [version for _, version in batch.items]
        self.clock_versions += [version for _, version in batch.clocks]
        self._steps += [step for _, step in batch.steps]
        self._parked += batch.parked
        self._sizes |= batch.taken[RELATIONSHIP].sizes
        return self.conclusions()

    def conclusions(self) -> dict[int, Concluded]:
        """Sum up every row that stands, anew each time."""
        items, clocks = self.standing(self.item_versions), self.standing(self.clock_versions)
        shared = [shared_item(item, encode_row(each.row).encode()) for (item,), each in items.items()]
        shared += [
            shared_clock(item, name, encode_row(each.row).encode()) for (item, name), each in clocks.items() if each.row
        ]
        shared += [shared_step(step.role, step.seen, step.time) for step in self._steps]
        sizes = Sizes(self._sizes.get(Role.MAH, 0), self._sizes.get(Role.CMO, 0))
        return {RELATIONSHIP: Concluded(sizes, sum(map(weight, shared)) % MODULUS)}

    def parked(self) -> list[tuple[int, ParkedItem]]:
        return self._parked

    def position(self) -> int:
        return self._position

    def standing(
        self, versions: Versions, as_of: int | None = None
    ) -> dict[tuple[str, ...], ItemVersion | ClockVersion]:
        found: dict[tuple[str, ...], ItemVersion | ClockVersion] = {}
        for version in sorted(versions, key=_valid_from):
            if as_of is None or version.valid_from <= as_of:
                name = (version.name,) if isinstance(version, ClockVersion) else ()
                found[version.item, *name] = version
        return found

    def items(self, query: ItemQuery) -> list[tuple[int, ItemVersion]]:
        """Rows by category, state and class, as far as documents ask; in one page."""
        found = [
            each for each in self.standing(self.item_versions, query.as_of).values() if isinstance(each, ItemVersion)
        ]
        wanted = {"category": query.category, "state": query.state, "class": query.item_class}
        asked = {name: value for name, value in wanted.items() if value is not None}
        return [(RELATIONSHIP, each) for each in found if all(each.row[name] == asked[name] for name in asked)]

    def all_items(self, relationship: int) -> list[str]:
        assert relationship == RELATIONSHIP
        return sorted({version.item for version in self.item_versions})

    def current_items(
        self, relationship: int, items: Collection[str], as_of: int | None = None
    ) -> dict[str, ItemVersion]:
        assert relationship == RELATIONSHIP
        found = self.standing(self.item_versions, as_of).values()
        return {each.item: each for each in found if each.item in items and isinstance(each, ItemVersion)}

    def clocks(
        self, items: Collection[str], as_of: int | None = None, relationship: int | None = None
    ) -> list[ClockVersion]:
        assert relationship in (None, RELATIONSHIP)
        found = self.standing(self.clock_versions, as_of).values()
        return [each for each in found if each.item in items and each.row and isinstance(each, ClockVersion)]

    def received_at(self, relationship: int, role: Role, position: int, as_of: int | None = None) -> str | None:
        steps = (step for step in self.steps(relationship, role) if step.seen > position)
        return next((step.time for step in steps if as_of is None or step.sequence <= as_of), None)

    def steps(self, relationship: int, role: Role) -> list[ReceivedStep]:
        assert relationship == RELATIONSHIP
        return [step for step in self._steps if step.role is role]

    def digest(self) -> str:
        """Return a text that is equal for equal rows."""
        lines = [f"{each.item} {each.valid_from} {encode_row(each.row)}" for each in self.item_versions]
        lines += [f"{each.item} {each.name} {each.valid_from} {encode_row(each.row)}" for each in self.clock_versions]
        return "\n".join([*sorted(lines), *map(str, self._steps)])


def _valid_from(version: ItemVersion | ClockVersion) -> int:
    return version.valid_from


def _is_accepted(entry: StoredEntry) -> bool:
    return entry.code is None


def _may_come(journals: Mapping[Role, list[StoredEntry]], taken: Mapping[Role, int], role: Role) -> bool:
    if taken[role] == len(journals[role]):
        return False
    return (journals[role][taken[role]].seen or 0) <= taken[role.other]


def _journal(story: Story, role: Role) -> list[StoredEntry]:
    entries: list[StoredEntry] = []
    largest = 0
    for past in (past for past in story.all() if past.role is role):
        seen = 0 if past.head is None else past.head.seen
        if past.code is None:
            largest = max(largest, seen)
        entries.append(_stored(past, order_key(role, past.position, largest)[0]))
    return entries


def _stored(past: PastEvent, order_major: int) -> StoredEntry:
    assert past.head is not None
    head = past.head
    return StoredEntry(
        past.role,
        past.position,
        0,
        head.encode(),
        bytes_of(past.body),
        past.leaf,
        head.id,
        head.type,
        head.subject,
        head.revision,
        head.time,
        head.seen,
        order_major,
        past.code,
        past.violates,
    )
