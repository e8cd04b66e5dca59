from datetime import UTC, datetime, timedelta

from infra.clock.system import SystemClock, system_chance
from services.gateway.ports import clock as port


def test_the_systems_clock_and_chance_fit_their_ports() -> None:
    clock: port.Clock = SystemClock()
    chance: port.Chance = system_chance

    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.monotonic() <= clock.monotonic()
    assert len(chance(16)) == 16
    assert chance(16) != chance(16)
