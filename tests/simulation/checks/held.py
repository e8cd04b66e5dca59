"""What the two stores hold in the end, read once."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.encoding.identifiers import Role
from events.labels import Labeller
from events.stored.intake import Quarantined
from events.stored.journal import StoredEntry, StoredPage, StoredReceipt
from tests.services.exchange.world import NUMBER
from tests.simulation.world.side import Side
from tests.simulation.world.world import World

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """One store: both journals with their pages, receipts by both authors, what was set aside; what makes labels."""

    role: Role
    entries: dict[Role, Sequence[StoredEntry]]
    pages: dict[Role, Sequence[StoredPage]]
    receipts: dict[Role, Sequence[StoredReceipt]]
    quarantine: Sequence[Quarantined]
    labeller: Labeller | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Both stores."""

    mah: Held
    cmo: Held

    @property
    def both(self) -> tuple[Held, Held]:
        return self.mah, self.cmo

    def of(self, role: Role) -> Held:
        return self.mah if role is Role.MAH else self.cmo


def read_pair(world: World) -> Pair:
    return Pair(read_side(world.sides[Role.MAH]), read_side(world.sides[Role.CMO]))


def read_side(side: Side) -> Held:
    with side.store.reading() as reading:
        return Held(
            side.role,
            {role: reading.entries(NUMBER, role, 0, _ALL) for role in Role},
            {role: reading.pages_from(NUMBER, role, 0, _ALL) for role in Role},
            {role: reading.receipts(NUMBER, role) for role in Role},
            reading.quarantine(NUMBER, limit=_ALL),
            side.channel.labeller if side.is_paired else None,
        )
