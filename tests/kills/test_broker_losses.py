"""A broker that forgets or takes back what it acknowledged: seen in two heartbeats, shown, healed by itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kills.stage import broker
from tests.kills.stage.database import set_place
from tests.kills.stage.gateways import PATIENCE_SECONDS, await_until
from tests.kills.stage.ground import Ground, start_again
from tests.kills.stage.killing import bare_seconds, two_seconds_here
from tests.kills.stage.load import Load
from tests.kills.stage.pair import HEARTBEAT_SECONDS, ROLES, Pair
from tests.sizes import size

UnderLoad = tuple[Pair, Load]
Lose = Callable[[Ground, Pair, Load], None]
ALL = 1_000_000


def forgets_everything(ground: Ground, _pair: Pair, _load: Load) -> None:
    """It comes back with an empty disk."""
    ground.broker.kill()
    ground.broker.wipe()
    start_again(ground.broker)


def loses_the_last(batches: int) -> Lose:
    """It comes back without what it acknowledged last."""

    def lose(ground: Ground, pair: Pair, _load: Load) -> None:
        ground.broker.kill()
        assert broker.cut_end(data_of(ground), pair.topic("cmo"), batches) > 0
        start_again(ground.broker)

    return lose


def deletes_the_beginning(ground: Ground, pair: Pair, _load: Load) -> None:
    """It deletes what nobody had read, as a retention that is too short does."""
    topic = pair.topic("cmo")
    broker.forget_until(ground.broker.address, topic, broker.end_of(ground.broker.address, topic))


def loses_what_was_read_and_grows_beyond_it(ground: Ground, pair: Pair, load: Load) -> None:
    """It comes back without records, and has others by the time its reader looks."""
    pair.cmo.process.kill()
    loses_the_last(10)(ground, pair, load)
    pair.cmo.process.start()
    assert pair.cmo.process.await_ready()
    for _ in range(20):
        load.give("cmo")
    await_sent(pair)


def makes_topics_anew(partitions: int) -> Lose:
    """Somebody deletes the topics and makes them again, empty and perhaps in another shape."""

    def lose(ground: Ground, pair: Pair, _load: Load) -> None:
        for role in ROLES:
            broker.make_anew(ground.broker.address, pair.topic(role), partitions=partitions)

    return lose


def brings_back_the_first_half(ground: Ground, pair: Pair, _load: Load) -> None:
    """It comes back as another topic with the records of last night."""
    topic = pair.topic("cmo")
    records = broker.records_of(ground.broker.address, topic)
    broker.make_anew(ground.broker.address, topic, records[: len(records) // 2])


def has_the_reader_at(offset: int) -> Lose:
    """The place from which its reader goes on is wrong."""
    return lambda _ground, pair, _load: set_place(pair.mah.store, offset)


LOSSES: dict[str, Lose] = {
    "forgets everything": forgets_everything,
    "loses what was read and grows beyond it": loses_what_was_read_and_grows_beyond_it,
    "deletes the beginning": deletes_the_beginning,
    "makes topics anew with three partitions": makes_topics_anew(3),
    "loses the last record": loses_the_last(1),
    "loses the last hundred records": loses_the_last(100),
    "loses all records": loses_the_last(ALL),
    "makes topics anew": makes_topics_anew(1),
    "brings back the first half": brings_back_the_first_half,
    "has the reader in the future": has_the_reader_at(ALL),
    "has the reader before the beginning": has_the_reader_at(-1),
}
TRIED = size("losses", small=4, campaign=len(LOSSES))


@pytest.mark.campaign
@pytest.mark.parametrize("loss", list(LOSSES)[:TRIED])
def test_a_broker_that(loss: str, ground: Ground, under_load: UnderLoad, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it lost of what the holder has not read: noticed within two heartbeats, then everything comes."""
    pair, load = under_load
    pair.mah.process.kill()
    for _ in range(20):
        load.give("cmo")
    await_sent(pair)
    LOSSES[loss](ground, pair, load)
    wanted = int(pair.cmo.partner()["own_size"])

    pair.start()
    noticed = await_until(lambda: is_noticed(pair, wanted), PATIENCE_SECONDS, "anything noticed")
    healed = await_until(lambda: pair.mah.partner()["held"] >= wanted, PATIENCE_SECONDS, "everything there")

    with capsys.disabled():
        figures = {"noticed_seconds": round(noticed, 2), "healed_seconds": round(noticed + healed, 2)}
        print(f"\na broker that {loss}: {json.dumps(figures)}")  # noqa: T201 - a campaign tells its figures
    assert noticed <= 2 * HEARTBEAT_SECONDS + two_seconds_here([bare_seconds()])  # and one look of a busy machine
    assert pair.cmo.partner()["conflict"] is pair.mah.partner()["conflict"] is False


def is_noticed(pair: Pair, wanted: int) -> bool:
    """Tell whether partner health shows on either side that something is amiss, or all of it came already."""
    cmo, mah = pair.cmo.partner(), pair.mah.partner()
    return is_amiss(cmo) or is_amiss(mah) or mah["held"] >= wanted


def is_amiss(row: dict[str, Any]) -> bool:
    return bool(row["wire_error"] or row["missing_from"] is not None or row["waiting_pages"])


def await_sent(pair: Pair) -> None:
    """Wait until the manufacturer's records are on the wire, as far as it knows."""

    def is_sent() -> bool:
        row = pair.cmo.partner()
        return bool(row["sent"] == row["own_size"] and not row["wire_error"])

    await_until(is_sent, PATIENCE_SECONDS, "everything sent")


def data_of(ground: Ground) -> Path:
    return ground.broker._folder / "data"
