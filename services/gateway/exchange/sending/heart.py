"""What happens because time passes: heartbeats, `journal.taken`, patience with gaps, a silent partner's alarm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.judging.subjects import NotPairedError
from events.encoding.moments import format_moment, parse_moment
from services.gateway.exchange.channel import INTAKE_STOPPED, TWO_HISTORIES, UPGRADE_REQUIRED, Channel
from services.gateway.exchange.conclusions import DIFFER
from services.gateway.exchange.jobs import Job, ReceiptJob, TakenJob
from services.gateway.exchange.writing.clock_guard import ClockGuard
from services.gateway.ports.alarms import Alarm, Alarms
from services.gateway.ports.clock import Clock

TAKEN_SECONDS = 1.0  # at most one `journal.taken` a second
SILENT = "partner.silent"
BEHIND = "store.behind"
NOT_PAIRED = NotPairedError.code


@dataclass(slots=True)
class _Beat:
    heartbeat: float = 0.0
    taken: float = 0.0
    pending: Job | None = None  # the last job of the heart, so that a busy writer is not flooded


@dataclass(slots=True)
class Heart:
    """Beats for all relationships; one thread calls `tick` a few times a second."""

    channels: Callable[[], Mapping[int, Channel]]
    submit: Callable[[Job], None]
    clock: Clock
    guard: ClockGuard
    alarms: Alarms
    heartbeat_seconds: float
    silence_seconds: float
    _beats: dict[int, _Beat] = field(default_factory=dict)

    def tick(self) -> None:
        """Do what is due."""
        now = self.clock.monotonic()
        for number, channel in list(self.channels().items()):
            if channel.confirmed:
                self._beat(channel, self._beats.setdefault(number, _Beat()), now)
                self._watch(channel)

    def _beat(self, channel: Channel, beat: _Beat, now: float) -> None:
        if beat.pending is not None and not beat.pending.outcome.done():
            return
        if self._owes_taken(channel) and now - beat.taken >= TAKEN_SECONDS:
            beat.taken = now
            beat.pending = TakenJob(channel.number)
            self.submit(beat.pending)
        elif now - beat.heartbeat >= self.heartbeat_seconds:
            beat.heartbeat = now
            channel.ask_while_behind()
            channel.gap.heartbeat()
            channel.lost.heartbeat()
            beat.pending = ReceiptJob(channel.number)
            self.submit(beat.pending)

    def _owes_taken(self, channel: Channel) -> bool:
        return channel.is_paired and not channel.behind and channel.held.telling > channel.own.claims.claimed

    def _watch(self, channel: Channel) -> None:
        """Keep up the alarms of what lasts, also after a restart: the board forgets; and watch the silence.

        What is over is settled here too: the transaction that ended it may be of unknown outcome.
        """
        self._tell(BEHIND, channel, _lack(channel) if channel.behind else "")
        if channel.conflict:
            self._call(TWO_HISTORIES, channel, "no receipt is signed until people resolve it; see the quarantine")
        self._tell(UPGRADE_REQUIRED, channel, _wait(channel) if channel.held.unjudged or channel.too_old else "")
        self._tell(INTAKE_STOPPED, channel, _refusals(channel) if channel.intake_stopped else "")
        if channel.own.size and channel.held.size and channel.fault_of_pairing is not None:
            self._call(NOT_PAIRED, channel, channel.fault_of_pairing)
        self._watch_conclusions(channel)
        heard = channel.heard.at if channel.heard is not None else channel.stored.confirmed_at
        if heard is None:
            return
        if (self.guard.wall() - parse_moment(heard)).total_seconds() > self.silence_seconds:
            self._call(SILENT, channel, f"nothing heard since {heard}")
        else:
            self.alarms.settle(SILENT, str(channel.relationship))

    def _watch_conclusions(self, channel: Channel) -> None:
        difference = channel.conclusions.difference
        if difference is None:
            self.alarms.settle(DIFFER, str(channel.relationship))
        else:
            self._call(DIFFER, channel, str(difference))

    def _tell(self, code: str, channel: Channel, detail: str) -> None:
        """Call people as long as there is something to say; no detail: it is over."""
        if detail:
            self._call(code, channel, detail)
        else:
            self.alarms.settle(code, str(channel.relationship))

    def _call(self, code: str, channel: Channel, detail: str) -> None:
        self.alarms.report(Alarm(code, str(channel.relationship), detail, format_moment(self.guard.wall())))


def _lack(channel: Channel) -> str:
    return f"this store has {channel.own.size} own entries, {channel.signed} were signed"


def _wait(channel: Channel) -> str:
    return f"{channel.held.unjudged} entries wait to be judged; {channel.too_old or channel.stopped}"


def _refusals(channel: Channel) -> str:
    return f"{channel.refusals[1]} entries refused on {channel.refusals[0]}"
