"""P9: lists and timelines with a million rows behind them, beside the same with ten thousand."""

from dataclasses import replace

from sqlalchemy import create_engine

from bench.pair import Remote, paired
from bench.rows import Measured, Servers, Sizes, quantile
from bench.table import Asked, Line, line_of_shares

FEW_ITEMS = 10_000
P95 = 0.95


def measure_p9(servers: Servers, sizes: Sizes) -> Measured:
    """The p95 (s) of each kind of question, in the order of their names; the limit: the same of ten thousand items."""
    measured = Measured()
    with paired(servers.broker, servers.postgres) as (mah, cmo):
        few = min(FEW_ITEMS, sizes.grown_items // 10)
        for begin, end, into in ((0, few, measured.limit), (few, sizes.grown_items, measured.product)):
            cmo.ask("open_in_bulk", end - begin, sizes.rows_a_command, begin)
            for gateway in (mah, cmo):
                gateway.ask("await_items", end)
            _tidy_up(mah)
            taken = mah.ask("look", end, 2.0 * sizes.seconds)
            into.extend([quantile(taken[kind], P95)] for kind in sorted(taken))
    return measured


def line_of_lists(asked: Asked, measured: Measured) -> Line:
    """The worst ratio of any kind of question; lower is better."""
    line = line_of_shares(asked, measured)
    return replace(line, figure=line.spread[1])


def _tidy_up(remote: Remote) -> None:
    """Do at once what the database does by itself within minutes: statistics, and writing back what was changed."""
    engine = create_engine(remote.environment["COUNTERFOIL_STORE"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")
    engine.dispose()
