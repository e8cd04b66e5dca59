"""A gateway: the engine as its interfaces see it. It is assembled elsewhere (`services.gateway.assembly`)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import replace

from events.encoding.identifiers import Relationship
from events.encoding.moments import format_moment
from events.pairing import Invitation
from events.stored.relationship import StoredRelationship
from services.gateway.attachments.transfer import Transfers
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.errors import RetryLaterError, StoreDamagedError, UnknownRelationshipError
from services.gateway.exchange.jobs import Answer, CommandJob, KeepingJob
from services.gateway.exchange.listening import Follower, Moved
from services.gateway.exchange.pairing import (
    OwnParty,
    PairingError,
    check_keys_are_new,
    check_partner,
    confirmation,
    fingerprint_of,
    new_relationship,
)
from services.gateway.exchange.receiving.inbox import Inbox
from services.gateway.exchange.rooms import Pace, Rooms
from services.gateway.exchange.running import JobQueue, Loop, prepare_the_interpreter, watch
from services.gateway.exchange.sending.heart import Heart
from services.gateway.exchange.sending.publishing import Publisher
from services.gateway.exchange.status import PartnerStatus, status_of
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.exchange.writing.writer import Writer
from services.gateway.ports.store import Writing
from services.gateway.profile import Profile
from services.gateway.projections.auditing import Auditor

_WAIT = 1.0  # how long a step waits for something to do before it looks whether it should end
_STOP_SECONDS = 10.0
_RECEIPT_PAUSE = 0.03  # seconds between two receipts to one partner


class Gateway:
    """One party's gateway: takes commands, exchanges with partners, tells what it knows."""

    def __init__(
        self, profile: Profile, own: OwnParty, rooms: Rooms, *, writer: Writer, guard: ClockGuard, pace: Pace
    ) -> None:
        self.profile = profile
        self.party = own
        self.clock, self.chance, self.alarms = rooms.clock, rooms.chance, rooms.alarms
        self.store, self.read_model, self.projector = rooms.store, rooms.read_model, rooms.projector
        self.files = rooms.files
        self._rooms = rooms
        self._writer = writer
        self._guard = guard
        self._jobs = JobQueue(writer)
        self._moved = Moved()
        self._pairing = threading.Lock()
        self._loops: dict[str, Loop] = {}
        self._when_fenced: Callable[[], None] | None = None
        self._auditor = Auditor(rooms.store, rooms.read_model, lambda: writer.channels)
        patience = 2 * pace.heartbeat_seconds
        self._transfers = Transfers(rooms.files, rooms.make_files_wire, rooms.clock, rooms.alarms, patience)
        self._heart = Heart(
            lambda: writer.channels,
            self._jobs.submit,
            rooms.clock,
            guard,
            rooms.alarms,
            pace.heartbeat_seconds,
            pace.silence_seconds,
        )

    # Commands and questions

    def submit(self, job: CommandJob, timeout: float = 30.0) -> Answer:
        """Have a command decided and committed; it is durable once this returns.

        Raises:
            DomainError: a rule refuses it. EngineError: the gateway cannot take it now. EvidenceError: its form is bad.
        """
        self._jobs.submit(job)
        try:
            return job.outcome.result(timeout)
        except FutureTimeoutError:
            raise RetryLaterError(
                f"no answer within {timeout:.0f} s; the same Idempotency-Key tells what happened"
            ) from None

    def channel(self, relationship: int) -> Channel:
        """Return a relationship in memory.

        Raises:
            UnknownRelationshipError: there is none of this number.
            StoreDamagedError: it could not be read at the start.
        """
        channel = self._writer.channels.get(relationship)
        if channel is None:
            self._refuse_damaged(relationship)
            raise UnknownRelationshipError(f"no relationship {relationship}")
        return channel

    def status(self) -> Sequence[PartnerStatus]:
        """Return how the exchange with each partner stands."""
        return [self._status(channel) for _, channel in sorted(self._writer.channels.items())]

    def wait_projected(self, sequence: int, timeout: float) -> bool:
        """Wait until rows stand at a local sequence; tell whether they do."""
        return self._moved.wait(sequence, timeout)

    def changes(self) -> Follower:
        """Listen to what moves."""
        return self._moved.follow()

    def rebuild(self) -> None:
        """Have all rows folded anew from entry 0, beside those that stand, which they replace at once when done."""
        self.projector.rebuild()
        self._wake()

    def confirm_clock(self) -> None:
        """Go on after the wall clock jumped: a named person looked at it."""
        self._guard.confirm()

    # Pairing

    def invite(self, partner_uscc: str, partner_name: str | None = None) -> bytes:
        """Make keys for a relationship with a partner, unless there are some; return the invitation file.

        Raises:
            PairingError: the partner's code cannot be right.
        """
        del partner_name  # the partner says its own name in its own invitation
        relationship = self.party.relationship_with(partner_uscc)
        with self._pairing:
            return self._relationship(relationship).own_invitation

    def accept(self, invitation: bytes) -> str:
        """Take in a partner's invitation file; return the fingerprint that people compare.

        Raises:
            InvitationError: the file cannot be used. PairingError: it is of the wrong party, or another one stands.
        """
        parsed = Invitation.parse(invitation)
        check_partner(self.party, parsed)
        with self._pairing:
            stored = self._relationship(parsed.relationship)
            check_keys_are_new(parsed, [channel.stored for channel in self._writer.channels.values()])
            self._keep_invitation(stored, invitation)
            return fingerprint_of(self.channel(stored.number).stored) or ""

    def confirm(
        self, relationship: int, actor: str, fingerprint: str, caller: str = "", key: str | None = None
    ) -> Answer:
        """Commit entry 0: a person compared the fingerprint by another way than this one.

        Raises:
            FingerprintDiffersError: the person read something else.
        """
        channel = self.channel(relationship)
        answer = self.submit(confirmation(channel, actor, fingerprint, self.chance, caller=caller, key=key))
        self._open_loops(relationship)
        return answer

    # Running

    @property
    def is_fenced(self) -> bool:
        """Whether another process took the store over: this one can do nothing any more but end."""
        return self._writer.is_fenced

    def when_fenced(self, end: Callable[[], None]) -> None:
        """Have something done, once, when another process has taken the store over."""
        self._when_fenced = end

    def start(self) -> None:
        """Begin to work."""
        prepare_the_interpreter()
        if self._rooms.scrub is not None:
            self._rooms.scrub.begin()
            self._add("scrub", self._rooms.scrub.step, 0.1)
        self._add("writer", lambda: self._jobs.step(_WAIT), 0.0)
        self._add("projections", self._project, _WAIT)
        self._add("heart", self._tick, 0.1)
        self._add("audit", self._auditor.step, _WAIT)
        self._writer.on_commit(self._wake)
        self._moved.move(self.projector.position)
        for number in self._writer.channels:
            self._open_loops(number)

    def stop(self) -> None:
        """End in order: nothing that was answered is lost, what waits is refused."""
        loops = list(self._loops.values())
        self._jobs.stop()
        for loop in loops:
            loop.stop()
        self._rooms.wire.close()
        self._transfers.close()
        for loop in loops:
            loop.join(_STOP_SECONDS)
        self._moved.close()
        self._transfers.end()
        self.store.close()

    def _refuse_damaged(self, relationship: int) -> None:
        detail = self._writer.damage_of(relationship)
        if detail:
            raise StoreDamagedError(detail)

    def _publish(self, publisher: Publisher, number: int) -> bool:
        """Send the next part of what waits; what is not as it was signed is not sent, and stops all signing."""
        try:
            return publisher.step()
        except StoreDamagedError as error:
            self._writer.note_damage(number, error.detail)
            raise

    def _open_loops(self, number: int) -> None:
        if f"inbox {number}" in self._loops or not self._loops:
            return
        rooms = self._rooms
        inbox = Inbox(lambda: self.channel(number), rooms.store, rooms.wire, self._jobs.submit, rooms.reached)
        publisher = Publisher(
            lambda: self.channel(number),
            rooms.store,
            rooms.wire,
            self._guard,
            rooms.reached,
            now=rooms.clock.monotonic,
            receipt_pause=_RECEIPT_PAUSE,
        )
        transfer = self._transfers.open(lambda: self.channel(number))
        self._add(f"files {number}", lambda: transfer.step(_WAIT), lambda: transfer.rest, transfer.lost_wire)
        self._add(f"inbox {number}", lambda: inbox.step(_WAIT), 0.2)
        self._add(f"outbox {number}", lambda: self._publish(publisher, number), publisher.rest, publisher.lost_wire)

    def _add(
        self,
        name: str,
        step: Callable[[], bool],
        idle: float | Callable[[], float],
        failed: Callable[[], None] | None = None,
    ) -> None:
        loop = Loop(name, step, idle_seconds=idle, on_failed=failed)
        self._loops[name] = loop
        loop.start()

    def _wake(self) -> None:
        for name, loop in list(self._loops.items()):
            if name.startswith(("outbox", "projections")):
                loop.wake()

    def _project(self) -> bool:
        taken = self.projector.step()
        if taken:
            self._moved.move(self.projector.position)
        return taken > 0

    def _tick(self) -> bool:
        self._heart.tick()
        watch(dict(self._loops), self._name_of, self.alarms, format_moment(self._guard.wall()))
        if self.is_fenced and self._when_fenced is not None:
            end, self._when_fenced = self._when_fenced, None
            end()
        return False

    def _name_of(self, number: str) -> str:
        return str(self.channel(int(number)).relationship) if number else ""

    def _relationship(self, relationship: Relationship) -> StoredRelationship:
        """Return a relationship of this gateway, new if need be."""
        for channel in self._writer.channels.values():
            if channel.relationship == relationship:
                return channel.stored
        number = max(self._writer.channels, default=0) + 1
        keys = self._rooms.make_keys(relationship, self.party.role)
        stored = new_relationship(self.party, number, relationship, keys)
        self._keep(stored)
        return stored

    def _keep_invitation(self, stored: StoredRelationship, invitation: bytes) -> None:
        if stored.partner_invitation == invitation:
            return
        if stored.confirmed_at is not None:
            raise PairingError(
                "this relationship is paired with other keys already; a new generation is another matter"
            )
        self._keep(replace(stored, partner_invitation=invitation))

    def _keep(self, stored: StoredRelationship) -> None:
        def keep(writing: Writing) -> None:
            writing.save_relationship(stored)

        job = KeepingJob(stored.number, keep)
        self._jobs.submit(job)
        job.outcome.result(_STOP_SECONDS)

    def _status(self, channel: Channel) -> PartnerStatus:
        loops = (self._loops.get(f"{name} {channel.number}") for name in ("outbox", "inbox"))
        return status_of(channel, next((loop.failing for loop in loops if loop and loop.failing), ""))
