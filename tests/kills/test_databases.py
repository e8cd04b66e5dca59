"""A database that ends in the middle of everything: every answer stays true, and work goes on by itself."""

import signal

import psycopg
import pytest
from sqlalchemy import make_url

from tests.kills.stage.gateways import PATIENCE_SECONDS, await_until
from tests.kills.stage.ground import Ground, start_again
from tests.kills.stage.killing import bare_seconds, two_seconds_here
from tests.kills.stage.load import Load
from tests.kills.stage.pair import Pair
from tests.sizes import size

UnderLoad = tuple[Pair, Load]
LOAD = 40  # commands before anything breaks
RESTARTS = size("database_restarts", small=1, campaign=8)


@pytest.mark.campaign
@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGKILL], ids=["immediate", "killed"])
def test_a_database_restarted_under_load_loses_nothing_that_was_answered(
    number: signal.Signals, ground: Ground, under_load: UnderLoad
) -> None:
    pair, load = under_load
    with load.running():
        await_until(lambda: load.answered > LOAD, PATIENCE_SECONDS, "load")
        for _ in range(RESTARTS):
            ground.end_postgres(number)
            assert load.give("mah").outcome == "unknown"
            assert not pair.mah.process.is_ready()
            start_again(ground.postgres)
            seconds = await_until(pair.mah.process.is_ready, PATIENCE_SECONDS, "the holder is ready")
            assert seconds <= two_seconds_here([bare_seconds()])
            before = load.outcomes["ok"]
            await_until(lambda before=before: load.answered > before + 10, PATIENCE_SECONDS, "commands go on")  # type: ignore[misc]  # a number


def test_connections_cut_in_the_middle_of_transactions_are_made_again(under_load: UnderLoad) -> None:
    pair, load = under_load
    address = make_url(pair.mah.store).set(drivername="postgresql").render_as_string(hide_password=False)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    with load.running(), psycopg.connect(address, autocommit=True) as operator:
        for _ in range(10):
            before = load.answered
            operator.execute(cut, (operator.info.backend_pid,))
            await_until(lambda before=before: load.answered > before + 3, PATIENCE_SECONDS, "commands go on")  # type: ignore[misc]  # a number
