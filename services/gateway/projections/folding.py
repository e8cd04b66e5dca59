"""Folding the new entries of one relationship into row versions.

Each entry is taken in the local order. What was committed together is seen together: an item has a version at the end
of each page that touches it (its `valid_from` is the local sequence of the page's last entry). Every version is a
function of the entries up to there and of nothing else: neither how many pages came together nor when the process was
started shows in a row. An item is folded anew from its whole history, so an entry that sorts before others in the one
order puts the row right by itself.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import is_
from typing import Any, TypeVar

from domain.agreement.rules import AGREEMENT
from domain.batch.lineage import KIND as BATCH
from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.items.item import AnyItem, item_of
from domain.items.links import is_linking
from domain.items.rows import rows_of
from domain.items.surroundings import EVERYTHING, Surroundings
from domain.judging.history import REFUSED, SETTLED, PastEvent
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry, is_standing
from events.stored.read_model import ClockVersion, ItemVersion, ParkedItem, ReceivedStep
from infra.errors import InfraError
from services.gateway.exchange.remembering import ReadEntry, past_of
from services.gateway.ports.read_model import ReadModelReading
from services.gateway.ports.store import JournalReading
from services.gateway.projections.held import HeldJournals
from services.gateway.projections.matters import ItemKey, histories, item_key, key_of
from services.gateway.projections.near import batches_touched, crossed_by, is_stopping, surroundings_at

AT_ONCE = 1000  # items, or entries, read together

_LONGEST_DETAIL = 500

_REFOLDS_ALL = frozenset({AGREEMENT.activated, COMMUNICATION_LIST.activated})
_REFOLDS_CLOCKS = frozenset({CALENDAR_PUBLISHED})
_REFOLDS_NAMED = frozenset({REFUSED, SETTLED})


@dataclass(frozen=True, slots=True)
class Shown:
    """The latest row of an item and those of its clocks, by name."""

    row: Mapping[str, Any]
    clocks: Mapping[str, Mapping[str, Any]]


class GrowingItem:
    """An item as its entries arrive: folded on from where it was, or anew when one sorts before others."""

    def __init__(self, events: Sequence[PastEvent], surroundings: Surroundings) -> None:
        self._events = events
        self._surroundings = surroundings
        self._folded: list[PastEvent] = []
        self._item: AnyItem | None = None

    def at(self, sequence: int) -> AnyItem | None:
        """Return the item that the entries up to a local sequence make."""
        visible = [past for past in self._events if past.sequence <= sequence]
        if not all(map(is_, self._folded, visible)):
            self._folded, self._item = [], None
        self._item = item_of(visible[len(self._folded) :], self._surroundings, self._item)
        self._folded = visible
        return self._item


class Folding:
    """One step of one relationship: `take` every entry of new pages, then `finish`; the lists hold what is written."""

    def __init__(
        self,
        reading: JournalReading,
        rows: ReadModelReading,
        held: HeldJournals,
        on_failed: Callable[[str], None],
        read: ReadEntry = past_of,
        *,
        parked: Collection[str] = (),
    ) -> None:
        self.parked: dict[str, ParkedItem] = {}  # those that this step could not fold
        self._standing_still = parked  # items that an earlier step could not fold
        self.items: list[ItemVersion] = []
        self.clocks: list[ClockVersion] = []
        self.steps: list[ReceivedStep] = []
        self._reading = reading
        self._rows = rows
        self._held = held
        self._on_failed = on_failed
        self._read = read
        self._shown: dict[str, Shown | None] = {}  # by UUID: of two items under one the lower in rank is shown
        self._touched: dict[ItemKey, dict[int, bool]] = {}  # by page end: whether historical items are folded too
        self._arrived: dict[ItemKey, list[StoredEntry]] = {}  # of matters that begin in this step

    def take(self, entry: StoredEntry, end: int) -> None:
        """Take the next entry, of the page that ends with a local sequence; a refused one has no effect in any fold."""
        if entry.code is not None:
            return
        if is_standing(entry.type, entry.subject):
            self._take_standing(self._read(entry), end)
        if entry.seen is not None and entry.time is not None:
            self._take_seen(entry, entry.role.other, entry.seen, end)
        key = item_key(entry)
        if key is not None:
            self._touch(key, end)
            self._keep(key, entry)

    def finish(self, before: int = EVERYTHING) -> None:
        """Fold every item that was touched, at the end of each page that touched it and ends before a sequence."""
        touched: dict[ItemKey, dict[int, bool]] = {}
        later: dict[ItemKey, dict[int, bool]] = {}
        for key, sequences in self._touched.items():
            for end, with_history in sequences.items():
                (touched if end < before else later).setdefault(key, {})[end] = with_history
        self._touched = later
        batches = {key.item for key in touched if key.kind == BATCH}
        rest = {key: touched.pop(key) for key in list(touched) if key.item in batches}
        for key, ends in self._fold_touched(touched).items():
            rest.setdefault(key, {}).update(ends)
        self._fold_touched(rest)

    def _fold_touched(self, touched: Mapping[ItemKey, Mapping[int, bool]]) -> dict[ItemKey, dict[int, bool]]:
        """Fold items at the ends of their pages; return the batches whose gates they may shut, with the same ends."""
        shut: dict[ItemKey, dict[int, bool]] = {}
        self._load(touched)
        wanted = (key for key, ends in touched.items() if any(ends.values()) or not self._is_history(key))
        under: dict[str, list[ItemKey]] = {}
        for key in wanted:
            if not self._stands_still(key):
                under.setdefault(key.item, []).append(key)
        for groups in _chunks(under.values()):
            found = self._histories([key for group in groups for key in group], touched)
            for batch, matters in batches_touched(self._reading, self._held.relationship, found).items():
                shut.setdefault(batch, {}).update((end, True) for key in matters for end in touched[key])
            for group in groups:
                self._fold({key: found[key] for key in group if key in found}, touched)
        return shut

    def _stands_still(self, key: ItemKey) -> bool:
        return key.item in self._standing_still or key.item in self.parked

    def _histories(
        self, keys: Sequence[ItemKey], touched: Mapping[ItemKey, Mapping[int, bool]]
    ) -> Mapping[ItemKey, Sequence[PastEvent]]:
        """Read the whole histories of items; where one of them cannot be read, each by itself."""
        relationship = self._held.relationship
        try:
            return histories(self._reading, relationship, keys, self._arrived, self._read)
        except InfraError:
            raise
        except Exception as error:  # noqa: BLE001 - as in `_fold`
            if len(keys) == 1:
                self._park(keys[0], min(touched[keys[0]]), error)
                return {}
        found: dict[ItemKey, Sequence[PastEvent]] = {}
        for key in keys:
            found.update(self._histories([key], touched))
        return found

    def _park(self, key: ItemKey, sequence: int, error: Exception) -> None:
        """Have an item's rows stand still from a local sequence on; all others go on."""
        detail = f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL].replace("\0", "\ufffd")
        self.parked[key.item] = ParkedItem(key.item, key.owner, sequence, detail)
        self._on_failed(f"relationship {self._held.relationship}, item {key.item}: {detail}")

    def _keep(self, key: ItemKey, entry: StoredEntry) -> None:
        """Keep the entries of a matter from its first on: they need not be read again."""
        begins = entry.revision == 1 and entry.subject == key.subject_in(key.owner)
        if entry.role is key.owner and (begins or key in self._arrived):
            self._arrived.setdefault(key, []).append(entry)

    def _take_standing(self, past: PastEvent, end: int) -> None:
        """Take in what other items may depend on: what pages before its own touched is folded without it."""
        if past.name not in _REFOLDS_ALL | _REFOLDS_CLOCKS | _REFOLDS_NAMED:
            if is_linking(past) or is_stopping(past):
                self.finish(end)
            self._held.remember(past)
            self._touch_others(past, end)
            return
        self.finish(end)
        self._held.remember(past)
        if past.name in _REFOLDS_NAMED:
            self._touch_named(past, end)
        else:
            self._touch_all(end, with_history=past.name in _REFOLDS_ALL)

    def _take_seen(self, entry: StoredEntry, role: Role, seen: int, end: int) -> None:
        """Take in that the reader of a journal has reached a size: clocks start and stop at that."""
        taken = self._held.steps.taken(role)
        if seen <= taken:
            return
        step = ReceivedStep(role, seen, entry.time or "", entry.sequence)
        self._held.steps.add(step)
        self.steps.append(step)
        for start in range(taken, seen, AT_ONCE):
            for each in self._reading.entries(self._held.relationship, role, start, min(AT_ONCE, seen - start)):
                key = item_key(each)
                if key is not None and key.owner is role:
                    self._touch(key, end, with_history=False)

    def _touch(self, key: ItemKey, sequence: int, *, with_history: bool = True) -> None:
        sequences = self._touched.setdefault(key, {})
        sequences[sequence] = with_history or sequences.get(sequence, False)

    def _touch_all(self, sequence: int, *, with_history: bool) -> None:
        items = self._rows.all_items(self._held.relationship)
        for version in self._rows.current_items(self._held.relationship, items).values():
            self._touch(key_of(version.item, version.row), sequence, with_history=with_history)
        for item, shown in self._shown.items():
            if shown is not None:
                self._touch(key_of(item, shown.row), sequence, with_history=with_history)

    def _touch_named(self, past: PastEvent, end: int) -> None:
        """Touch the items whose entries a refusal or a settlement names; a named standing entry touches all."""
        named = past.body.refused if past.name == REFUSED else [past.body.entry]
        places = {each.position: each.leaf_bytes for each in named}
        for role in [past.role.other] if past.name == REFUSED else Role:
            for entry in self._reading.entries_at(self._held.relationship, role, list(places)):
                if entry.leaf == places[entry.position] and entry.code is None:
                    self._touch_disputed(entry, end)

    def _touch_others(self, past: PastEvent, sequence: int) -> None:
        """Touch the items that the matter of an entry names, for their clocks, and those that its entries crossed."""
        touched = list(crossed_by(self._reading, self._held, past))
        named = self._held.surroundings.links.named_by(past) if is_linking(past) else ()  # they are made anew each time
        for ref in named:
            touched += self._reading.entries_at(self._held.relationship, ref.role, [ref.position])
        for entry in touched:
            key = item_key(entry)
            if key is not None:
                self._touch(key, sequence)

    def _touch_disputed(self, entry: StoredEntry, sequence: int) -> None:
        key = item_key(entry)
        if key is not None:
            self._touch(key, sequence)
            if is_standing(entry.type, entry.subject):
                self._touch_others(self._read(entry), sequence)
        elif is_standing(entry.type, entry.subject):
            self._touch_all(sequence, with_history=True)

    def _load(self, keys: Iterable[ItemKey]) -> None:
        """Read the present rows of items that this step has not shown yet."""
        unknown = dict.fromkeys(key.item for key in keys if key.item not in self._shown)
        for items in _chunks(unknown):
            found = self._rows.current_items(self._held.relationship, items)
            clocks: dict[str, dict[str, Mapping[str, Any]]] = {item: {} for item in found}
            for clock in self._rows.clocks(list(found), relationship=self._held.relationship):
                clocks[clock.item][clock.name] = clock.row
            for item in items:
                version = found.get(item)
                self._shown[item] = None if version is None else Shown(version.row, clocks[item])

    def _is_history(self, key: ItemKey) -> bool:
        shown = self._shown[key.item]
        return shown is not None and key_of(key.item, shown.row) == key and bool(shown.row["historical"])

    def _fold(
        self, histories_of: Mapping[ItemKey, Sequence[PastEvent]], touched: Mapping[ItemKey, Mapping[int, bool]]
    ) -> None:
        """Fold what stands under one UUID, most often one item, at the end of each page that touched it."""
        growing = {key: GrowingItem(events, self._held.surroundings) for key, events in histories_of.items()}
        ends = [(end, key.rank, key, with_history) for key in growing for end, with_history in touched[key].items()]
        for end, _, key, with_history in sorted(ends, key=lambda each: each[:2]):
            if not with_history and self._is_history(key):
                continue
            try:
                self._show(key, end, growing[key].at(end))
            except Exception as error:  # noqa: BLE001 - one item that cannot be folded is parked, the others go on
                self._park(key, end, error)
                return

    def _show(self, key: ItemKey, sequence: int, item: AnyItem | None) -> None:
        """Note new versions of what differs from what is shown; an empty row ends a clock that is there no more."""
        shown = self._shown[key.item]
        if item is None or (shown is not None and key_of(key.item, shown.row).rank < key.rank):
            return
        surroundings = surroundings_at(self._reading, self._held, key.kind, sequence)
        row, clocks = rows_of(item, surroundings, partial(self._held.steps.at, as_of=sequence))
        before = {} if shown is None else shown.clocks
        if shown is None or shown.row != row:
            self.items.append(ItemVersion(key.item, row["category"], sequence, row))
        changed = [name for name, clock in clocks.items() if before.get(name) != clock]
        gone = [name for name in before if name not in clocks]
        self.clocks.extend(ClockVersion(key.item, name, sequence, clocks.get(name, {})) for name in [*changed, *gone])
        self._shown[key.item] = Shown(row, clocks)


_Any = TypeVar("_Any")


def _chunks(several: Iterable[_Any]) -> Iterator[list[_Any]]:
    waiting = iter(several)
    while chunk := list(islice(waiting, AT_ONCE)):
        yield chunk
