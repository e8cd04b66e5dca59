"""The engine before the same lines as the model: as each gateway runs it, and as a third reader does from entry 0."""

import random
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.agreement.rules import AGREEMENT
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.items.documents import document_rows
from domain.items.item import AnyItem, Item, item_of
from domain.items.rows import rows_of
from domain.items.surroundings import Surroundings, everything_in, surroundings_of
from domain.judging.context import Context
from domain.judging.history import REFUSED, JournalView, PastEvent
from domain.judging.judge import Arrival, Judge, Judged, read_line
from domain.judging.versions import JudgingStopsError
from events.encoding.base64 import decode_base64
from events.encoding.identifiers import Role
from events.journal.order import order_key
from events.labels import Labeller
from events.stored.journal import JournalClaims
from services.gateway.projections.folding import GrowingItem
from tests.events.golden.cast import RELATIONSHIP

Row = dict[str, Any]
Lines = Mapping[Role, Sequence[bytes]]
Place = tuple[Role, int, bytes]
KINDS = {kind.name: kind for kind in (AGREEMENT, COMMUNICATION_LIST)}
AS_IT_IS = ("owner", "state", "class", "open_questions", "violates", "disputed", "overtaken", "last", "product")
STATED = ("number", "source", "external_number", "title", "description", "detected_at", "occurred_at", "line", "site")


class Engine:
    """One reader's view of both journals."""

    def __init__(self, labeller: Labeller) -> None:
        self.views = {each: JournalView(each) for each in Role}
        self.judged: dict[Role, list[Judged]] = {each: [] for each in Role}
        self.stopped = set[Role]()
        self._arrived: dict[tuple[Role, int], int] = {}  # the local sequence, from 1
        self._claims = dict.fromkeys(Role, JournalClaims())
        self._judge = Judge(RELATIONSHIP, self.views, labeller)

    def take(self, role: Role, arrival: Arrival, partner_size: int) -> Judged | None:
        """Judge the next line of a journal, None where judging stops; `partner_size` is what its `seen` may count."""
        position, seen = len(self.judged[role]), 0 if arrival.head is None else arrival.head.seen
        if role.other in self.stopped and seen > self.size(role.other):
            self.stopped.add(role)
        if role in self.stopped:
            return None
        try:
            judged = self._judge.judge_arrival(role, position, arrival, self._claims[role], partner_size)
        except JudgingStopsError:
            self.stopped.add(role)
            return None
        self._claims[role] = judged.claims
        self.judged[role].append(judged)
        self._arrived[role, position] = len(self._arrived) + 1
        return judged

    def size(self, role: Role) -> int:
        return len(self.judged[role])

    def past(self, role: Role) -> list[PastEvent]:
        return [each.past for each in self.judged[role]]

    def context_of(self, role: Role) -> Context:
        """What the next entry of a party is judged on, if it says truly what it has seen."""
        return Context(role, self.size(role), self.size(role.other), self.views)

    # The fold

    def one_order(self) -> list[PastEvent]:
        accepted = [each for role in Role for each in self.judged[role] if each.past.code is None]
        accepted.sort(key=lambda each: order_key(each.past.role, each.past.position, each.claims.order_seen))
        return [each.past for each in accepted]

    def standings(self) -> dict[tuple[str, int], str]:
        """What became of each accepted entry that the partner refused."""
        context = everything_in(self.views)
        accepted = [past for role in Role for past in self.past(role) if past.code is None]
        return {(past.role.value, past.position): context.standing_state(past).value for past in accepted}

    def deviation_rows(self) -> dict[str, Row]:
        """The shared facts of every deviation, by UUID, as far as the model folds them."""
        surroundings = surroundings_of(self.views)
        rows = {uuid: _row(item_of(told, surroundings), told, surroundings) for uuid, told in self._histories().items()}
        return {uuid: row for uuid, row in rows.items() if row is not None}

    def rows_as_they_grow(self) -> Iterator[tuple[Row | None, Row | None]]:
        """Return each row of each deviation as the gateway folds it when entries arrive, and folded anew from them."""
        surroundings = surroundings_of(self.views)
        for told in self._histories().values():
            kept = [replace(past, sequence=self._arrived[past.role, past.position]) for past in told]
            growing = GrowingItem(kept, surroundings)
            for sequence in sorted(past.sequence for past in kept):
                visible = [past for past in kept if past.sequence <= sequence]
                anew = item_of(visible, surroundings)
                yield _row(growing.at(sequence), visible, surroundings), _row(anew, visible, surroundings)

    def _histories(self) -> dict[str, list[PastEvent]]:
        found = dict[str, list[PastEvent]]()
        for past in self.one_order():
            if past.head is not None and past.head.subject_kind in ("deviation", "deviation_review"):
                found.setdefault(past.head.subject_id, []).append(past)
        return found

    def document_rows(self, kind: str, at: datetime) -> dict[tuple[str, str], Row]:
        rows = document_rows(everything_in(self.views), KINDS[kind], at)
        return {
            (row["owner"], row["document"]): {"versions": [_version(each) for each in row["versions"]]} for row in rows
        }


def _row(item: AnyItem | None, told: list[PastEvent], surroundings: Surroundings) -> Row | None:
    if not isinstance(item, Item):
        return None
    row, _ = rows_of(item, surroundings, lambda _role, _position: None)
    crossings = item.deviation.overtakings
    return {name: row[name] for name in (*AS_IT_IS, *STATED)} | {
        **{name: _position(row[name]) for name in ("acknowledged", "closed", "investigation")},
        "batches": [each["number"] for each in row["batches"]],
        "crossings": sorted((each.overtaken.position, each.block.position) for each in crossings),
        "told": [(past.role.value, past.position) for past in told],
    }


def _version(row: Row) -> Row:
    signatures = {role: signed and signed["entry"]["position"] for role, signed in row["signatures"].items()}
    return {name: row[name] for name in ("version", "state", "violates", "disputed", "in_force")} | {
        "position": row["entry"]["position"],
        "signatures": signatures,
        "activation": row["activation"] and row["activation"]["entry"]["position"],
    }


def _position(ref: Row | None) -> int | None:
    return None if ref is None else ref["position"]


def read_from_entry_0(lines: Lines, labeller: Labeller, chance: random.Random) -> Engine:
    """Judge two whole journals as a third reader."""
    return deque(reading(lines, labeller, chance), maxlen=1)[0]


def reading(lines: Lines, labeller: Labeller, chance: random.Random) -> Iterator[Engine]:
    """Judge two journals from entry 0, and yield the reader before the first entry and after each.

    Each journal comes in its own order, an entry after what it has seen, else by chance; until judging stops.
    """
    reader = Engine(labeller)
    arrivals = {role: list(map(read_line, lines[role])) for role in Role}
    refused_at = _places_of_refusals(arrivals)
    yield reader
    while ready := [next_ for role in Role if (next_ := _next(reader, role, arrivals, refused_at)) is not None]:
        if reader.take(*chance.choice(ready)) is not None:
            yield reader


def _next(
    reader: Engine, role: Role, arrivals: Mapping[Role, Sequence[Arrival]], refused_at: Mapping[Place, int]
) -> tuple[Role, Arrival, int] | None:
    """Return the next entry of a journal if it can be judged, with how much it may have seen.

    An entry that the other journal refuses has seen no more than what lies before that refusal, whatever it says.
    """
    position = reader.size(role)
    if role in reader.stopped or position == len(arrivals[role]):
        return None
    arrival = arrivals[role][position]
    limit = refused_at.get((role, position, arrival.leaf), len(arrivals[role.other]))
    seen = 0 if arrival.head is None else arrival.head.seen
    return (role, arrival, limit) if min(seen, limit) <= reader.size(role.other) else None


def _places_of_refusals(arrivals: Mapping[Role, Sequence[Arrival]]) -> dict[Place, int]:
    """Where the other journal first refuses each entry, read before anything is judged: the two need each other."""
    found: dict[Place, int] = {}
    for role in Role:
        for at, arrival in enumerate(arrivals[role]):
            if arrival.entry is None or arrival.entry.head.type != REFUSED:
                continue
            for place in _named_in(arrival.entry.body.get("refused")):
                found.setdefault((role.other, *place), at)
    return found


def _named_in(refused: Any) -> list[tuple[int, bytes]]:
    """What a refusal names, if it can be read at all."""
    try:
        return [(each["position"], decode_base64(each["leaf"])) for each in refused]
    except (TypeError, KeyError, ValueError):
        return []
