"""What a gateway is put together from: everything outside that it works with, and at which pace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from events.encoding.identifiers import Relationship, Role
from services.gateway.attachments.files import Files
from services.gateway.ports.alarms import Alarms
from services.gateway.ports.clock import Chance, Clock
from services.gateway.ports.keys import KeyRing
from services.gateway.ports.read_model import ReadModel
from services.gateway.ports.steps import Reached, go_on
from services.gateway.ports.store import Store
from services.gateway.ports.wire import Wire
from services.gateway.projections.rebuilding import Projections

MakeKeys = Callable[[Relationship, Role], KeyRing]
"""Makes, or opens if they are there, the keys of this party for one relationship and role."""


class Scrubbing(Protocol):
    """Looks for damage in the store, a piece at a time."""

    def begin(self) -> None:
        """Look at the first rows before anything else happens."""

    def step(self) -> bool:
        """Look at the next piece, if it is time."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything outside that a gateway works with."""

    store: Store
    read_model: ReadModel
    projector: Projections
    wire: Wire
    clock: Clock
    chance: Chance
    alarms: Alarms
    make_keys: MakeKeys
    files: Files
    make_files_wire: Callable[[], Wire]
    reached: Reached = go_on
    scrub: Scrubbing | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a heartbeat leaves, and after how long a silent partner is an alarm, in seconds."""

    heartbeat_seconds: float = 5.0
    silence_seconds: float = 3600.0
