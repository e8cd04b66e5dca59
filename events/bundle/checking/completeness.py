"""Nothing in scope is left out: known from heads, which the tree holds, whatever bodies the maker chose to show.

Every entry in scope has its body: of a kind that always is, or by tags, kinds and period (`events.bundle.scope`).

Two things excuse a missing body, and both are said by the journals, not by the maker: the other party refused the entry
as malformed, so that no body of it can be proved, and its author does not dispute that; or its author erased it
(`body.erased`), and its type may be erased. A malformed refusal is refused by nobody, so nothing excuses it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from events.bundle.checking.tables import JournalTable
from events.bundle.entry_lines import ShownEntry
from events.bundle.faults import BundleError
from events.bundle.layout import entries_file
from events.bundle.scope import Scope
from events.catalogue.bodies import Body
from events.catalogue.protocol import BodyErased, EntryRefused, KeyRotated, RefusalDisputed, RelationshipOpened
from events.catalogue.registry import decode_body, event_type
from events.encoding.base64 import decode_base64
from events.encoding.canonical import decode
from events.encoding.entry import Head
from events.encoding.identifiers import Role
from events.errors import CanonicalError, EntryError

MAX_OPEN = 100_000  # bodies that wait for an excuse, and excuses: so many are kept

MALFORMED, IMPOSSIBLE, WRONG_LABELS = "entry.malformed", "entry.seen_impossible", "entry.wrong_labels"
"""Codes that say something that no reader can find out: no body, an impossible claim, tags of other labels."""

_READ = {
    name: b'"type":"%b"' % name.encode()
    for name in (
        "relationship.opened.v1",
        "entry.refused.v1",
        "refusal.disputed.v1",
        "body.erased.v1",
        "key.rotated.v1",
    )
}
Place = tuple[Role, int, bytes]
"""An entry by its journal, its position and its leaf."""


@dataclass(slots=True)
class _Owed:
    """A body that should be here."""

    leaf: bytes
    erasable: bool


@dataclass(slots=True)
class Completeness:
    """Takes every entry of both journals, each behind the proof of its page; `settle` says what is left out."""

    scope: Scope
    tables: dict[Role, JournalTable]
    excused: dict[Role, int] = field(default_factory=lambda: dict.fromkeys(Role, 0))
    _owed: dict[Role, dict[int, _Owed]] = field(default_factory=lambda: {role: {} for role in Role})
    _refused: dict[str, set[Place]] = field(
        default_factory=lambda: {code: set() for code in (MALFORMED, IMPOSSIBLE, WRONG_LABELS)}
    )
    _disputed: set[Place] = field(default_factory=set)
    _erased: set[Place] = field(default_factory=set)

    def take(self, entry: ShownEntry) -> None:
        """Take the next entry of a journal."""
        if entry.head is None:
            if self.scope.stated.heads == "shown":
                self._owe(entry, erasable=False)
        elif entry.body is None:
            self._take_withheld(entry, entry.head)
        else:
            for name, mark in _READ.items():
                if mark in entry.head:
                    self._take_protocol(entry, name, entry.body)

    def settle(self) -> None:
        """Ask that every body that is owed is excused.

        Raises:
            BundleError: `scope.body_missing`, at the first of them.
        """
        for role, owed in self._owed.items():
            for position, each in owed.items():
                if not self.is_excused(role, position, each.leaf, erasable=each.erasable):
                    detail = "it is in scope, and its body is not in the bundle"
                    raise BundleError("scope.body_missing", entries_file(role), detail, position=position)
                self.excused[role] += 1

    def is_excused(self, role: Role, position: int, leaf: bytes, *, erasable: bool) -> bool:
        """Tell whether the journals themselves say why the body of an entry is not here."""
        place = (role, position, leaf)
        return self.is_refused_as(MALFORMED, place) or (erasable and place in self._erased)

    def is_refused_as(self, code: str, place: Place) -> bool:
        """Tell whether the other party refused an entry by one of the three codes, and its author disputes it not."""
        return place in self._refused[code] and place not in self._disputed and len(self._disputed) < MAX_OPEN

    def _take_withheld(self, entry: ShownEntry, raw: bytes) -> None:
        try:
            head = Head.parse(raw)
        except EntryError:
            return  # of no kind, with no label: in no scope
        if self.scope.holds(head):
            self._owe(entry, erasable=is_erasable(head))

    def _owe(self, entry: ShownEntry, *, erasable: bool) -> None:
        owed = self._owed[entry.role]
        if len(owed) < MAX_OPEN:
            owed[entry.position] = _Owed(entry.leaf, erasable)
            return
        detail = f"more than {MAX_OPEN} bodies in scope are not in the bundle"
        raise BundleError("scope.body_missing", entries_file(entry.role), detail, position=next(iter(owed)))

    def _take_protocol(self, entry: ShownEntry, name: str, raw: bytes) -> None:
        body, role, table = _body_of(name, raw), entry.role, self.tables[entry.role]
        if isinstance(body, RelationshipOpened):
            table.opened = table.opened or body
        elif isinstance(body, KeyRotated):
            table.rotations.append((entry.position, body))
        elif isinstance(body, EntryRefused):
            for code, places in self._refused.items():
                named = [each for each in body.refused if each.code == code]
                self._note(places, [(role.other, each.position, each.leaf_bytes) for each in named])
        elif isinstance(body, RefusalDisputed):
            self._note(self._disputed, [(role, body.entry.position, body.entry.leaf_bytes)])
        elif isinstance(body, BodyErased):
            self._note(self._erased, [(role, body.position, decode_base64(body.leaf))])

    def _note(self, places: set[Place], named: Iterable[Place]) -> None:
        """Note what excuses; beyond the bound nothing more is excused."""
        if len(places) < MAX_OPEN:
            places.update(named)


def is_erasable(head: Head) -> bool:
    """Tell whether the law may have the body of an entry erased."""
    type_ = event_type(head.type)
    return type_ is not None and type_.erasable


def _body_of(name: str, raw: bytes) -> Body | None:
    type_ = event_type(name)
    try:
        return None if type_ is None else decode_body(type_, decode(raw))
    except (CanonicalError, EntryError):
        return None
