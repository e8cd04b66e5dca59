"""A broker that dies, hangs or stays away: commands go on, people see what is not delivered, and later it is."""

import pytest

from tests.kills.stage import broker
from tests.kills.stage.gateways import PATIENCE_SECONDS, await_until
from tests.kills.stage.ground import Ground, start_again
from tests.kills.stage.load import Load
from tests.kills.stage.pair import ROLES, Pair
from tests.sizes import size

UnderLoad = tuple[Pair, Load]
COMMANDS = size("away_commands", small=30, campaign=300)
DEATHS = size("broker_deaths", small=1, campaign=4)


@pytest.mark.campaign
def test_commands_go_on_while_the_broker_is_away_and_are_shown_as_not_yet_delivered(
    ground: Ground, under_load: UnderLoad
) -> None:
    pair, load = under_load
    load.give("cmo")
    ground.broker.kill()

    answers = [load.give("cmo") for _ in range(COMMANDS)]

    done = sum(answer.outcome == "ok" for answer in answers)
    assert {answer.status for answer in answers} <= {201, 422}
    assert pair.cmo.partner()["waiting"] >= done > COMMANDS / 2
    await_until(lambda: pair.cmo.partner()["wire_error"], PATIENCE_SECONDS, "partner health shows it")
    assert pair.cmo.process.is_ready()
    ground.mend()
    await_until(lambda: is_delivered(pair), PATIENCE_SECONDS, "everything delivered")


def is_delivered(pair: Pair) -> bool:
    row = pair.cmo.partner()
    return bool(row["waiting"] == 0 and not row["wire_error"])


@pytest.mark.campaign
def test_a_broker_that_dies_under_load_alone_and_with_both_gateways(ground: Ground, under_load: UnderLoad) -> None:
    pair, load = under_load
    with load.running():
        await_more(load)
        for _ in range(DEATHS):
            ground.broker.kill()
            await_more(load)
            start_again(ground.broker)
            ground.broker.pause()
            await_more(load)
            for side in pair.sides.values():
                side.process.kill()
            ground.broker.kill()
            ground.mend()
            pair.start()
            await_more(load)


@pytest.mark.campaign
@pytest.mark.parametrize("partitions", [3, 1][: size("topics_anew", small=1, campaign=2)])
def test_topics_made_anew_under_load_get_their_records_again(
    partitions: int, ground: Ground, under_load: UnderLoad
) -> None:
    pair, load = under_load
    with load.running():
        await_more(load)
        for role in ROLES:
            broker.make_anew(ground.broker.address, pair.topic(role), partitions=partitions)
        await_more(load)

    assert not any(side.partner()["conflict"] for side in pair.sides.values())


def await_more(load: Load) -> None:
    """Wait until more commands are done than were when this was asked."""
    before = load.answered
    await_until(lambda: load.answered > before + 10, PATIENCE_SECONDS, "commands go on")
