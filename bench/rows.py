"""The rows of the table: what is measured, beside its limit of the same run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from bench.limits import latencies, lose_everything, rate
from bench.pair import paired
from bench.party import EVENTS_A_ROW


@dataclass(frozen=True)
class Servers:
    """What the rows run on."""

    broker: str
    postgres: str


@dataclass(frozen=True)
class Sizes:
    """How much is measured; smaller sizes tell whether the bench works, not how fast anything is."""

    bulk_rows: int = 10_000
    rows_a_command: int = 500
    messages: int = 20_000
    per_second: int = 100
    seconds: int = 15
    repeats: int = 3
    resync_rows: int = 100_000
    grown_events: int = 1_000_000
    grown_items: int = 1_000_000
    attachment_mib: int = 1_024


@dataclass
class Measured:
    """The raw samples of one row: of the product, and of its limit, a list for each repeat."""

    product: list[list[float]] = field(default_factory=list)
    limit: list[list[float]] = field(default_factory=list)
    beside: list[list[float]] = field(default_factory=list)  # measured as well, in no ratio


def measure_p1(servers: Servers, sizes: Sizes) -> Measured:
    """Events a second: from the first command until all are durable on both sides and in the partner's read model."""
    measured = Measured()
    for _ in range(sizes.repeats):
        measured.limit.append([rate(servers.broker, sizes.messages)])
        measured.product.append([bulk_rate(servers, sizes)])
    return measured


def measure_p4(servers: Servers, sizes: Sizes) -> Measured:
    """Seconds from the answer to a command until its item is visible at the partner; the limit is a bare record."""
    measured = Measured()
    for _ in range(sizes.repeats):
        measured.limit.append(latencies(servers.broker, sizes.per_second, sizes.seconds))
        measured.product.append(_steady_latencies(servers, sizes))
    return measured


def measure_p13(servers: Servers, sizes: Sizes) -> Measured:
    """Events a second that come again after the broker lost everything; the limit is P1's rate."""
    measured = Measured()
    for _ in range(min(sizes.repeats, 2)):
        measured.limit.append([bulk_rate(servers, sizes)])
        measured.product.append([_resync_rate(servers, sizes)])
    return measured


def _resync_rate(servers: Servers, sizes: Sizes) -> float:
    with paired(servers.broker, servers.postgres) as (mah, cmo):
        mah.stop()
        cmo.ask("open_in_bulk", sizes.resync_rows, sizes.rows_a_command)
        cmo.ask("await_sent")
        lose_everything(servers.broker, cmo.ask("topics"))
        started = monotonic()
        mah.start()
        mah.begin("await_items", sizes.resync_rows)
        return float(sizes.resync_rows * EVENTS_A_ROW / (mah.end() - started))


def bulk_rate(servers: Servers, sizes: Sizes) -> float:
    """Return the rate of P1, measured once."""
    with paired(servers.broker, servers.postgres) as (mah, cmo):
        before = cmo.ask("sizes")[0]
        mah.begin("await_items", sizes.bulk_rows)
        started = cmo.ask("open_in_bulk", sizes.bulk_rows, sizes.rows_a_command)
        ended = mah.end()
        events = sizes.bulk_rows * EVENTS_A_ROW
        own, held = cmo.ask("sizes")[0], mah.ask("sizes")[1]
        assert own - before >= events, "fewer entries were written than asked for"
        assert held >= before + events, "fewer entries arrived than were written"
        return float(events / (ended - started))


def _steady_latencies(servers: Servers, sizes: Sizes) -> list[float]:
    with paired(servers.broker, servers.postgres) as (mah, cmo):
        mah.ask("watch")
        answered: dict[str, float] = cmo.ask("open_steadily", sizes.per_second, sizes.seconds)
        assert len(answered) == sizes.per_second * sizes.seconds
        seen: dict[str, float] = mah.ask("seen", len(answered))
        return [seen[item] - at for item, at in answered.items()]


def quantile(samples: Sequence[float], share: float) -> float:
    """Return the sample below which this share of them lies."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
