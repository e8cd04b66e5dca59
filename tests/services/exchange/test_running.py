"""The threads of a gateway: a part that fails is tried again, and people are called when it keeps failing."""

from threading import Event

from infra.errors import InfraError
from services.gateway.exchange.running import LASTING_FAILURES, Loop, watch
from tests.services.exchange.fakes import HeardAlarms

AT = "2026-11-22T09:30:44.000000Z"
SECONDS = 10.0


class Part:
    """A step that fails until it is mended."""

    def __init__(self) -> None:
        self.is_broken = True
        self.worked, self.failed_often = Event(), Event()
        self.calls = 0

    def step(self) -> bool:
        self.calls += 1
        if self.is_broken:
            if self.calls > LASTING_FAILURES:
                self.failed_often.set()
            raise InfraError("the broker is away")
        self.worked.set()
        return False


def running(part: Part) -> Loop:
    loop = Loop("inbox 1", part.step, idle_seconds=0.001, failed_seconds=0.001)
    loop.start()
    return loop


def about(number: str) -> str:
    return f"relationship {number}" if number else ""


def test_people_are_called_for_a_part_that_keeps_failing_until_it_works_again() -> None:
    part, alarms = Part(), HeardAlarms()
    loop = running(part)
    assert part.failed_often.wait(SECONDS)
    watch({"inbox 1": loop}, about, alarms, AT)
    assert [(alarm.code, alarm.relationship) for alarm in alarms.standing()] == [("inbox.failing", "relationship 1")]

    part.is_broken = False
    assert part.worked.wait(SECONDS)
    loop.stop()
    loop.join(SECONDS)
    watch({"inbox 1": loop}, about, alarms, AT)
    assert alarms.standing() == []
    assert loop.failing == ""


def test_a_part_that_failed_a_few_times_calls_nobody() -> None:
    alarms = HeardAlarms()
    loop = Loop("outbox 1", lambda: False, idle_seconds=1)
    loop.failures, loop.failing = LASTING_FAILURES - 1, "away"
    watch({"outbox 1": loop}, about, alarms, AT)

    assert alarms.standing() == []


def test_a_part_of_the_whole_gateway_is_told_without_a_relationship() -> None:
    alarms = HeardAlarms()
    loop = Loop("projections", lambda: False, idle_seconds=1)
    loop.failures, loop.failing = LASTING_FAILURES, "the disk is full"
    watch({"projections": loop}, about, alarms, AT)

    (alarm,) = alarms.standing()
    assert (alarm.code, alarm.relationship, alarm.detail) == ("projections.failing", "", "the disk is full")
