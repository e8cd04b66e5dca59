"""Where everything is put together: the only place that knows both the engine's ports and what fits them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog

from events.encoding.identifiers import Relationship, Role
from events.encoding.moments import format_moment
from infra.alarms.board import AlarmBoard
from infra.alarms.channels import Channel, CommandChannel, WebhookChannel
from infra.blobs.folder import BlobFolder
from infra.blobs.names import NamesFile
from infra.clock.system import SystemClock, system_chance
from infra.keys.key_files import KEYS_FILE, MARK_FILE, keys_folder, load_keys, make_keys, relationship_folder
from infra.keys.mark import MarkFile
from infra.keys.party import read_party
from infra.keys.ring import KeyRing
from infra.read_model.sql_read_model import SqlReadModel
from infra.store.sql_store import open_store
from infra.store.stored_rows import checking
from infra.wire.opening import open_wire
from services.gateway.attachments.files import Files
from services.gateway.checking.scrub import Scrub
from services.gateway.exchange.gateway import Gateway
from services.gateway.exchange.pairing import OwnParty
from services.gateway.exchange.rooms import Pace, Rooms
from services.gateway.exchange.writing.admission import Limits
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.exchange.writing.signing_stop import SigningStop
from services.gateway.exchange.writing.writer import Writer
from services.gateway.ports.alarms import Alarm
from services.gateway.ports.steps import Reached, go_on
from services.gateway.ports.store import Store
from services.gateway.profile import Profile
from services.gateway.projections.rebuilding import Projections
from services.gateway.settings import Settings

_log = structlog.get_logger("counterfoil.gateway")


class KeyCabinet:
    """Opens the keys of this party once for each relationship; makes them for a new one."""

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        self._folder = folder
        self._passphrase = passphrase
        self._opened: dict[tuple[Relationship, Role], KeyRing] = {}

    def open(self, relationship: Relationship, role: Role) -> KeyRing:
        """Return keys that were made before."""
        key = (relationship, role)
        if key not in self._opened:
            self._opened[key] = load_keys(self._folder, relationship, role, self._passphrase)
        return self._opened[key]

    def mark(self, relationship: Relationship, role: Role) -> MarkFile:
        """Return what was ever signed at most with these keys."""
        return MarkFile(relationship_folder(self._folder, relationship, role) / MARK_FILE)

    def make(self, relationship: Relationship, role: Role) -> KeyRing:
        """Return the keys of a relationship, made now unless they are there."""
        if not (relationship_folder(self._folder, relationship, role) / KEYS_FILE).exists():
            make_keys(self._folder, relationship, role, self._passphrase)
        return self.open(relationship, role)


def build(settings: Settings, profile: Profile, reached: Reached = go_on) -> Gateway:
    """Put a gateway together; it works once it is started. `reached` hears of each step on an event's way.

    Raises:
        SettingsError: the settings are not usable. InfraError: store, keys or wire cannot be opened; the text says why.
    """
    party = read_party(settings.data)
    cabinet = KeyCabinet(keys_folder(settings.data), settings.secret())
    clock = SystemClock()
    alarms: AlarmBoard[Alarm] = AlarmBoard(_channels(settings))
    address = settings.wire_address()
    wire = open_wire(address)
    store = open_store(settings.store_url())
    read_model = SqlReadModel(store)
    guard = ClockGuard(clock)
    writer = Writer(
        store,
        cabinet.open,
        cabinet.mark,
        guard=guard,
        chance=system_chance,
        alarms=alarms,
        limits=Limits(settings.outbox_limit, settings.heartbeat_seconds),
        reached=reached,
    )
    projector = Projections(
        store,
        read_model,
        _log_failed,
        reached,
        writer.conclude,
        read=writer.recent.past_of,
        monotonic=clock.monotonic,
        on_parked=lambda items: _tell_parked(alarms, clock, items),
        last=lambda: writer.last_sequence,
    )
    scrub = Scrub(lambda: checking(store), clock.monotonic, SigningStop(writer).hear)
    files = _files(settings, store, lambda: writer.last_sequence)
    rooms = Rooms(
        store,
        read_model,
        projector,
        wire,
        clock,
        system_chance,
        alarms,
        cabinet.make,
        files,
        partial(open_wire, address),
        reached,
        scrub,
    )
    own = OwnParty(party.uscc, party.name, profile.role, address)
    pace = Pace(settings.heartbeat_seconds, settings.silence_alarm_seconds)
    return Gateway(profile, own, rooms, writer=writer, guard=guard, pace=pace)


def _files(settings: Settings, store: Store, last: Callable[[], int]) -> Files:
    folder = settings.blobs_folder()
    return Files(store, BlobFolder(folder), NamesFile(folder), last)


def _channels(settings: Settings) -> list[Channel]:
    """Return the ways by which alarms reach people, beside the log and the health page."""
    channels: list[Channel] = []
    if settings.alarm_command:
        channels.append(CommandChannel(settings.alarm_command))
    if settings.alarm_webhook:
        channels.append(WebhookChannel(settings.alarm_webhook))
    return channels


def _log_failed(item: str) -> None:
    """Write down each item whose rows could not be folded, and why."""
    _log.error("item parked", item=item)


def _tell_parked(alarms: AlarmBoard[Alarm], clock: SystemClock, items: Sequence[str]) -> None:
    """Tell people which items' rows stand still, until none does."""
    if not items:
        alarms.settle("projection.failed", "")
        return
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    detail = f"the rows of item {items[0]}{more} stand still"
    alarms.report(Alarm("projection.failed", "", detail, format_moment(clock.now())))
