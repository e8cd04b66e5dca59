"""What `eventsourcing` alone does with the same databases: the limits of P5 and P6. No product code is in it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import StoredEvent
from sqlalchemy import make_url


class Deviation(Aggregate):
    """An aggregate of one event, as large as a deviation."""

    def __init__(self, title: str) -> None:
        self.title = title


def environment_of(url: str) -> dict[str, str]:
    """Return the settings by which the library stores in a database; fsync stays as it is by default."""
    place = make_url(url)
    if place.drivername.startswith("sqlite"):
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(place.database)}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": place.database or "",
        "POSTGRES_HOST": place.host or "",
        "POSTGRES_PORT": str(place.port or 5432),
        "POSTGRES_USER": place.username or "",
        "POSTGRES_PASSWORD": place.password or "",
        "POSTGRES_POOL_SIZE": "8",
        "POSTGRES_MAX_OVERFLOW": "60",
    }


def save_rate(url: str, callers: int, seconds: float, payload: str) -> float:
    """Return how many aggregates of one event `Application.save` stores a second, by so many threads."""
    with _application(url) as application:

        def save() -> None:
            application.save(Deviation(payload))

        return calls_a_second(save, callers, seconds)


def insert_rate(url: str, calls: int, events_a_call: int, payload: bytes) -> float:
    """Return how many events a second the library's recorder inserts, so many in one call."""
    with _application(url) as application:
        batches = [_events(events_a_call, payload) for _ in range(calls)]
        started = time.monotonic()
        for batch in batches:
            application.recorder.insert_events(batch)
        return calls * events_a_call / (time.monotonic() - started)


def calls_a_second(call: Callable[[], None], callers: int, seconds: float) -> float:
    """Return how often something is done a second by so many threads, each one call after the other."""
    done = [0] * callers
    begin = threading.Barrier(callers + 1)
    end = threading.Event()

    def work(number: int) -> None:
        begin.wait()
        while not end.is_set():
            call()
            done[number] += 1

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(callers)]
    for thread in threads:
        thread.start()
    begin.wait()
    started = time.monotonic()
    end.wait(seconds)
    end.set()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - started)


def sqlite_url(folder: Path, name: str) -> str:
    """Return the URL of a fresh SQLite file."""
    return f"sqlite:///{folder / name}.sqlite"


def _events(count: int, payload: bytes) -> list[StoredEvent]:
    return [StoredEvent(uuid4(), 1, "deviation.opened.v1", payload) for _ in range(count)]


@contextmanager
def _application(url: str) -> Iterator[Application[UUID]]:
    with closing(Application[UUID](env=environment_of(url))) as application:
        yield application
