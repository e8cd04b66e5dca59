"""P5 and P6: single commands of many callers, and a hundred entries a call, beside the library that stores events."""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.one_caller import insert_rate, save_rate, sqlite_url
from bench.pair import paired
from bench.rows import Measured, Servers, Sizes
from events.encoding.entry import Entry, make_entry
from events.encoding.identifiers import Relationship, Role, uscc_check_character, uuid7
from events.journal.tree import Frontier
from events.notes.signers import NoteSigner
from events.stored.journal import JournalClaims, StoredEntry
from events.stored.relationship import StoredRelationship
from infra.servers.choose import fresh_database
from infra.store.sql_store import SqlStore, open_store
from services.gateway.exchange.writing.pages import commit_groups

CALLERS = 64
EVENTS_A_CALL = 100
_NUMBER = 1
_TIME = "2026-11-20T09:30:44.123456Z"


def measure_p5(servers: Servers, sizes: Sizes) -> Measured:
    """Commands answered a second, 64 callers with one event each; the limit: one `Application.save` after the other.

    The partner's gateway is paired and stopped: commands do not wait for it. A limit of 64 threads is kept beside.
    """
    measured = Measured()
    for _ in range(sizes.repeats):
        with fresh_database(servers.postgres) as url:
            measured.limit.append([save_rate(url, 1, sizes.seconds / 3, "x" * 600)])
        with paired(servers.broker, servers.postgres) as (mah, cmo):
            mah.stop()
            measured.product.append([cmo.ask("open_at_once", CALLERS, float(sizes.seconds))])
        with fresh_database(servers.postgres) as url:
            measured.beside.append([save_rate(url, CALLERS, sizes.seconds / 3, "x" * 600)])
    return measured


def measure_p6(database: str, servers: Servers, sizes: Sizes) -> Measured:
    """Entries a second into the store, 100 a call: hashed into the tree, page signed, committed."""
    measured = Measured()
    calls = sizes.messages // EVENTS_A_CALL
    for _ in range(sizes.repeats):
        with _fresh(database, servers) as url:
            measured.limit.append([insert_rate(url, calls, EVENTS_A_CALL, b"x" * 1_200)])
        with _fresh(database, servers) as url:
            measured.product.append([_append_rate(url, calls)])
    return measured


def _append_rate(url: str, calls: int) -> float:
    relationship = Relationship(_party("91330100"), _party("91320100"))
    origin = relationship.origin(Role.CMO)
    signer = NoteSigner(Ed25519PrivateKey.generate(), origin)
    frontier = Frontier()
    with closing(open_store(url)) as store:
        _introduce(store, relationship)
        groups = [_entries(relationship, first * EVENTS_A_CALL) for first in range(calls)]
        started = time.monotonic()
        for group in groups:
            commitment = commit_groups([group], frontier, origin, signer, JournalClaims(0, 0, _TIME))
            with store.writing() as writing:
                writing.append(_NUMBER, group, commitment.pages, commitment.nodes, commitment.claims)
        return calls * EVENTS_A_CALL / (time.monotonic() - started)


def _introduce(store: SqlStore, relationship: Relationship) -> None:
    with store.writing() as writing:
        writing.save_relationship(StoredRelationship(_NUMBER, relationship, Role.CMO, b"", None, None))


def _entries(relationship: Relationship, first: int) -> list[StoredEntry]:
    return [_stored(_entry(relationship), position) for position in range(first, first + EVENTS_A_CALL)]


def _entry(relationship: Relationship) -> Entry:
    item, event = (uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)) for _ in range(2))
    return make_entry(
        id=event,
        source=f"urn:uscc:{relationship.cmo}",
        type="deviation.opened.v1",
        subject=f"deviation/{item}",
        revision=1,
        relationship=str(relationship),
        seen=0,
        actor="system/bench",
        time=_TIME,
        body={"number": "DEV-2026-0001", "title": "x" * 600},
        salt=secrets.token_hex(16),
        labels=sorted(sha256(label + event.encode()).hexdigest()[:32] for label in (b"batch", b"product", b"line")),
    )


def _stored(entry: Entry, position: int) -> StoredEntry:
    head = entry.head
    place = (Role.CMO, position, position + 1, entry.head_bytes, entry.body_bytes, entry.leaf)
    return StoredEntry(*place, head.id, head.type, head.subject, head.revision, head.time, head.seen, position)


def _party(place: str) -> str:
    body = f"{place}MA5EX{secrets.token_hex(2).upper()}"
    return body + uscc_check_character(body)


@contextmanager
def _fresh(database: str, servers: Servers) -> Iterator[str]:
    with ExitStack() as ending:
        if database == "postgresql":
            yield ending.enter_context(fresh_database(servers.postgres))
        else:
            folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-")))
            yield sqlite_url(folder, "store")
