"""Stopped processes and second instances by mistake: one writes, the other is refused or fenced."""

import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.servers.kept import free_ports
from tests.kills.stage.database import epoch_of, is_in
from tests.kills.stage.gateways import PATIENCE_SECONDS, GatewayProcess, await_until
from tests.kills.stage.ground import Ground
from tests.kills.stage.load import Load
from tests.kills.stage.pair import ROLES, Pair, Side
from tests.sizes import size

UnderLoad = tuple[Pair, Load]


def twin_of(side: Side) -> GatewayProcess:
    """The same gateway once more, at another port."""
    (port,) = free_ports(1)
    settings = {**side.process.settings, "COUNTERFOIL_LISTEN_PORT": str(port)}
    return GatewayProcess(side.role, port, settings, side.process.log.with_name("twin.log"))


@pytest.fixture
def twins(under_load: UnderLoad) -> Iterator[dict[str, GatewayProcess]]:
    found = {role: twin_of(side) for role, side in under_load[0].sides.items()}
    yield found
    for twin in found.values():
        twin.kill()


@pytest.mark.parametrize("role", ROLES)
def test_a_second_gateway_is_refused_while_the_first_stands_still(
    role: str, under_load: UnderLoad, twins: dict[str, GatewayProcess]
) -> None:
    pair, load = under_load
    holder, second = pair.sides[role].process, twins[role]
    with load.running():
        holder.send(signal.SIGSTOP)
        second.start()
        code = second.died_by
        holder.send(signal.SIGCONT)
        before = load.answered
        await_until(lambda: load.answered > before + 10, PATIENCE_SECONDS, "commands go on")

    assert code > 0
    assert "another" in second.log_end()


@pytest.mark.campaign
@pytest.mark.parametrize("is_heir_there", [False, True][: size("overtaken", small=1, campaign=2)])
def test_a_gateway_that_stood_still_while_another_took_over_writes_nothing_and_ends(
    is_heir_there: bool,  # noqa: FBT001 - a case
    ground: Ground,
    under_load: UnderLoad,
    twins: dict[str, GatewayProcess],
) -> None:
    pair, load = under_load
    zombie, heir = pair.mah, replace(pair.mah, process=twins["mah"])
    with load.running():
        zombie.process.send(signal.SIGSTOP)  # its writer is at work
        ground.restart_postgres_immediately()  # its session, and the lock with it, are gone
        heir.process.start()
        assert heir.process.await_ready()
        pair.sides["mah"] = heir
        before = load.answered
        await_until(lambda: load.answered > before + 10, PATIENCE_SECONDS, "commands go on")
    if not is_heir_there:
        heir.process.kill()
    pair.sides["mah"] = zombie
    epoch = epoch_of(heir.store)

    zombie.process.send(signal.SIGCONT)
    given = [load.give("mah") for _ in range(5)]

    assert [command.outcome for command in given] == ["unknown"] * len(given)
    assert zombie.process.died_by > 0
    assert "another process took the store over" in zombie.process.log_end()
    heir.process.kill()
    assert epoch_of(heir.store) == epoch
    assert not any(is_in(heir.store, command.mark) for command in given)
