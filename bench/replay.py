"""P7 and P10: a verified replay beside a bare scan, and what a journal of a million entries costs."""

import json
import multiprocessing
import os
import resource
import sqlite3
import time
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from bench.pair import Remote, paired
from bench.party import EVENTS_A_ROW, PROFILES
from bench.rows import Measured, Servers, Sizes
from events.encoding.identifiers import Role
from infra.store.sql_store import open_store
from services.gateway.assembly import build
from services.gateway.exchange.channel import invitation_keys
from services.gateway.exchange.running import spare_the_collector
from services.gateway.projections.replaying import Replay
from services.gateway.settings import load_settings

_PATIENCE_SECONDS = 1800.0
_FIRST_EVENTS = 10_000
_SMALL_SHARE = 10  # the smaller journal has one entry for ten of the larger

_spawning = multiprocessing.get_context("spawn")


def measure_p7(servers: Servers, sizes: Sizes) -> Measured:
    """Entries a second, verified and folded, on one core; the limit: rows scanned and `json.loads` of head and body."""
    measured = Measured()
    with paired(servers.broker, None) as (mah, cmo):
        cmo.ask("open_in_bulk", sizes.bulk_rows, sizes.rows_a_command)
        mah.ask("await_items", sizes.bulk_rows)
        cmo.stop()
        mah.stop()
        for _ in range(sizes.repeats):
            measured.limit.append([_elsewhere(_scan_rate, mah.environment)])
            measured.product.append([_elsewhere(_replay_rate, mah.environment)])
    return measured


def measure_p10_rate(servers: Servers, sizes: Sizes) -> Measured:
    """Events a second at the end of a long journal beside those at its beginning."""
    grown = _grown(servers, sizes)
    return Measured([[grown["last rate"]]], [[grown["first rate"]]])


def measure_p10_start(servers: Servers, sizes: Sizes) -> Measured:
    """Seconds from nothing to a gateway that takes commands, at the end beside the beginning."""
    grown = _grown(servers, sizes)
    return Measured([[grown["last start"]]], [[grown["first start"]]])


def measure_p10_memory(servers: Servers, sizes: Sizes) -> Measured:
    """The most memory (MiB) of a process that replays everything, at the end beside a tenth of it."""
    grown = _grown(servers, sizes)
    return Measured([[grown["last memory"]]], [[grown["first memory"]]])


@cache
def _grown(servers: Servers, sizes: Sizes) -> dict[str, float]:
    """Let a pair grow to so many events; measure on the way."""
    found: dict[str, float] = {}
    with paired(servers.broker, servers.postgres) as (mah, cmo):
        found["first rate"] = _grow(mah, cmo, 0, _FIRST_EVENTS, sizes)
        found["first start"] = _restart(cmo)
        small = sizes.grown_events // _SMALL_SHARE
        _grow(mah, cmo, _FIRST_EVENTS, small, sizes)
        found["first memory"] = _elsewhere(_replay_memory, mah.environment)
        _grow(mah, cmo, small, sizes.grown_events - _FIRST_EVENTS, sizes)
        found["last rate"] = _grow(mah, cmo, sizes.grown_events - _FIRST_EVENTS, sizes.grown_events, sizes)
        found["last start"] = _restart(cmo)
        found["last memory"] = _elsewhere(_replay_memory, mah.environment)
    return found


def _grow(mah: Remote, cmo: Remote, begin: int, end: int, sizes: Sizes) -> float:
    """Write events from one size to the next; return how many a second came to stand at the partner.

    The next measure begins at rest: when the rows of the one who wrote have come along too.
    """
    mah.begin("await_items", end // EVENTS_A_ROW)
    started = cmo.ask("open_in_bulk", (end - begin) // EVENTS_A_ROW, sizes.rows_a_command, begin)
    rate = float((end - begin) / (mah.end() - started))
    cmo.ask("await_items", end // EVENTS_A_ROW)
    return rate


def _restart(remote: Remote) -> float:
    """Stop a gateway; return how long it takes to open its store and be ready, without the interpreter's start."""
    remote.stop()
    taken: float = _elsewhere(_opening_seconds, remote.environment)
    remote.start()
    return taken


def _elsewhere(work: Callable[[Connection, dict[str, str]], None], environment: dict[str, str]) -> float:
    """Do something in a process of its own and return the figure that it sends."""
    here, there = _spawning.Pipe()
    process = _spawning.Process(target=work, args=(there, environment), daemon=True)
    process.start()
    if not here.poll(_PATIENCE_SECONDS):
        raise TimeoutError("the other process says nothing")
    figure: float = here.recv()
    process.join()
    return figure


def _opening_seconds(answer: Connection, environment: dict[str, str]) -> None:
    settings = load_settings(environment)
    started = time.monotonic()
    gateway = build(settings, PROFILES[Role.CMO])
    gateway.start()
    taken = time.monotonic() - started
    gateway.stop()
    answer.send(taken)


def _scan_rate(answer: Connection, environment: dict[str, str]) -> None:
    _use_one_core()
    path = load_settings(environment).store_url().removeprefix("sqlite:///")
    count, started = 0, time.monotonic()
    for head, body in sqlite3.connect(path).execute("SELECT head, body FROM entry ORDER BY role, position"):
        json.loads(head)
        json.loads(body)
        count += 1
    answer.send(count / (time.monotonic() - started))


def _replay_rate(answer: Connection, environment: dict[str, str]) -> None:
    _use_one_core()
    spare_the_collector()
    started = time.monotonic()
    count = _replay(environment)
    answer.send(count / (time.monotonic() - started))


def _replay_memory(answer: Connection, environment: dict[str, str]) -> None:
    _replay(environment)
    answer.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _replay(environment: dict[str, str]) -> int:
    store = open_store(load_settings(environment).store_url(), lock=False)
    items = 0

    def note(*_: Any) -> None:  # noqa: ANN401 - an item and its rows
        nonlocal items
        items += 1

    with store.reading() as reading:
        (stored,) = reading.relationships()
        keys = {}
        for role, invitation in (
            (stored.own_role, stored.own_invitation),
            (stored.own_role.other, stored.partner_invitation),
        ):
            party = invitation_keys(invitation)
            assert party is not None
            keys[role] = party.journal
        replay = Replay(reading, stored.number, keys)
        replay.run(note)
    store.close()
    assert items * EVENTS_A_ROW <= replay.entries, "more items than there are entries for"
    return replay.entries


def _use_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
