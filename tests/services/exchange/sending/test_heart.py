"""What happens because time passes: heartbeats, the word that something was taken in, a partner that falls silent."""

from dataclasses import dataclass, field

import pytest

from events.encoding.identifiers import Role
from services.gateway.exchange.jobs import Job, ReceiptJob, TakenJob
from services.gateway.exchange.receiving import reacting
from services.gateway.exchange.sending.heart import Heart
from services.gateway.exchange.software import SOFTWARE
from tests.services.exchange.world import NUMBER, Side, World

SILENCE = 60.0


@dataclass
class Beating:
    """The heart of a side, and the jobs that it asked for, each done at once unless the writer is said to be busy."""

    side: Side
    jobs: list[Job] = field(default_factory=list)
    is_busy: bool = False
    heart: Heart = field(init=False)

    def __post_init__(self) -> None:
        side = self.side
        self.heart = Heart(
            lambda: side.writer.channels,
            self._submit,
            side.clock,
            side.guard,
            side.alarms,
            heartbeat_seconds=5.0,
            silence_seconds=SILENCE,
        )

    def _submit(self, job: Job) -> None:
        self.jobs.append(job)
        if not self.is_busy:
            self.side.run(job)

    def pass_seconds(self, seconds: float, tick: float = 0.1) -> list[type[Job]]:
        """Let time pass, ticking; return which jobs were asked for."""
        before = len(self.jobs)
        for _ in range(round(seconds / tick)):
            self.side.clock.move(tick)
            self.heart.tick()
        return [type(job) for job in self.jobs[before:]]


def test_no_heart_beats_before_the_own_person_confirmed(strangers: World) -> None:
    strangers.mah.invite()
    strangers.mah.accept(strangers.cmo.invite())

    assert Beating(strangers.mah).pass_seconds(20) == []


def test_a_heartbeat_leaves_every_five_seconds_from_the_confirmation_on(strangers: World) -> None:
    strangers.mah.invite()
    strangers.mah.confirm(strangers.mah.accept(strangers.cmo.invite()))
    beating = Beating(strangers.mah)
    beating.pass_seconds(1)

    assert beating.pass_seconds(50) == [ReceiptJob] * 10
    assert strangers.mah.channel.receipt is not None


def test_what_is_taken_in_is_said_at_most_once_a_second(world: World) -> None:
    beating = Beating(world.mah)
    beating.pass_seconds(6)
    size = len(world.mah.entries(Role.MAH))
    for number in range(30):
        world.cmo.open_deviation(f"D-{number}")
        world.cmo.publish()
        world.mah.read()
        beating.pass_seconds(0.1)

    taken = [entry for entry in world.mah.entries(Role.MAH)[size:] if entry.type == "journal.taken.v1"]
    assert len(taken) == 3
    beating.pass_seconds(2)
    assert world.mah.channel.own.claims.claimed == world.mah.channel.held.size


def test_where_nothing_was_taken_in_nothing_is_said(world: World) -> None:
    world.beat()
    beating = Beating(world.mah)

    assert TakenJob not in beating.pass_seconds(20)


def test_a_busy_writer_is_not_flooded(world: World) -> None:
    beating = Beating(world.mah, is_busy=True)

    assert len(beating.pass_seconds(60)) == 1


def test_a_partner_that_falls_silent_is_an_alarm_until_it_is_heard(world: World) -> None:
    world.beat()
    beating = Beating(world.mah)
    beating.pass_seconds(SILENCE - 10)
    assert "partner.silent" not in world.mah.alarms.codes
    beating.pass_seconds(11)
    assert "partner.silent" in world.mah.alarms.codes

    world.beat()
    beating.pass_seconds(0.1)
    assert "partner.silent" not in world.mah.alarms.codes


def test_a_gateway_announces_what_it_can_judge_once_and_again_after_an_upgrade(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        world.beat()
    assert announced(world) == [SOFTWARE]

    monkeypatch.setattr(reacting, "SOFTWARE", "99.0.0")
    world.cmo.restart()
    for _ in range(3):
        world.beat()
    assert announced(world) == [SOFTWARE, "99.0.0"]
    assert [entry.code for entry in world.mah.entries(Role.CMO)] == [None] * len(world.mah.entries(Role.CMO))


def announced(world: World) -> list[str]:
    """What the holder has heard of the manufacturer's software."""
    return [past.body.software for past in world.mah.writer.channels[NUMBER].held.view.standing("gateway.announced.v1")]
