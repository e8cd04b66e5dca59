"""Everything that one verdict is about: a relationship in both stores, its keys, clients' logs, the wire."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.checker.client_log import Command
from tests.checker.form.canonical import FormError
from tests.checker.journal import Journal
from tests.checker.keys import Keys, Named, keys_in_force, named_in
from tests.checker.replay import Replay, replay
from tests.checker.stores.rows import ROLES, StoreRows, other
from tests.checker.wire import Topic


@dataclass(slots=True)
class Side:
    """One store: whose it is, its rows, its two journals, and their replay from entry 0."""

    role: str
    rows: StoreRows
    journals: dict[str, Journal]
    replays: dict[str, Replay]

    @property
    def own(self) -> Journal:
        """Return the journal that this party writes."""
        return self.journals[self.role]

    def __iter__(self) -> Iterator[Journal]:
        return (self.journals[role] for role in ROLES)


@dataclass(slots=True)
class Run:
    """One relationship of two stores."""

    relationship: tuple[str, str]
    sides: dict[str, Side]
    named: Named
    keys: dict[str, Keys]
    commands: Sequence[Command] = ()
    topics: Mapping[str, Topic | None] | None = None  # None: no wire was given
    wire_forgot: bool = False  # records that it had acknowledged are gone, or in another order

    def __iter__(self) -> Iterator[Side]:
        return (self.sides[role] for role in ROLES)

    def pairs(self) -> Iterator[tuple[Journal, Journal]]:
        """Yield each journal as its author and as its reader hold it."""
        for role in ROLES:
            yield self.sides[role].journals[role], self.sides[other(role)].journals[role]


def assemble(
    stores: Mapping[str, StoreRows],
    commands: Sequence[Command] = (),
    topics: Mapping[str, Topic | None] | None = None,
    *,
    wire_forgot: bool = False,
) -> Run:
    """Read the rows of both stores, each under the role of its party.

    Raises:
        FormError: no entry 0 names keys that can be used.
    """
    relationship = stores["mah"].relationship
    sizes = _sizes(stores)
    sides = {role: _side(role, stores[role], sizes) for role in ROLES}
    named = _first_named(sides)
    keys = {role: keys_in_force(role, named, sides[role].own) for role in ROLES}
    return Run(relationship, sides, named, keys, commands, topics, wire_forgot)


def _side(role: str, rows: StoreRows, sizes: Mapping[str, set[int]]) -> Side:
    origin = "counterfoil/" + "/".join(rows.relationship)
    journals = {each: Journal.read(each, f"{origin}/{each}", rows.journals[each], sizes[each]) for each in ROLES}
    return Side(role, rows, journals, {each: replay(rows.relationship, journals, each) for each in ROLES})


def _sizes(stores: Mapping[str, StoreRows]) -> dict[str, set[int]]:
    """Return the sizes of each journal at which somebody signed something."""
    sizes: dict[str, set[int]] = {role: set() for role in ROLES}
    for rows in stores.values():
        for role in ROLES:
            sizes[role] |= {page.size for page in rows.journals[role].pages}
            sizes[role] |= {receipt.size for receipt in rows.journals[role].receipts}
            sizes[other(role)] |= {receipt.held for receipt in rows.journals[role].receipts}
    return sizes


def _first_named(sides: Mapping[str, Side]) -> Named:
    """Return the keys that the first readable entry 0 names; that all name the same is a check of its own."""
    reasons = []
    for side in sides.values():
        for journal in side:
            try:
                return named_in(journal.entries[0].line.body if journal.entries else None)
            except FormError as error:
                reasons.append(str(error))
    raise FormError(f"no entry 0 names keys: {reasons[0]}")
