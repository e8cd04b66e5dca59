"""A store with something of everything in it, checked as `counterfoil fsck` does."""

from collections.abc import Mapping
from pathlib import Path

from domain.drafts import Draft
from events.encoding.identifiers import Role
from events.stored.access import StoredToken
from events.stored.intake import ExternalNumber
from infra.store.sql_store import SqlStore
from infra.store.stored_rows import checking
from services.gateway.checking.findings import Findings
from services.gateway.checking.whole import StoreCheck
from services.gateway.exchange.jobs import Situation
from tests.services.exchange.liar import deviation_by, page_of, put, send
from tests.services.exchange.world import NUMBER, World, deviation, new_world

MOMENT = "2026-11-22T09:30:44.123456Z"


def pair_with_everything(folder: Path, *, deviations: int, urls: Mapping[Role, str] | None = None) -> World:
    """A pair whose holder keeps entries of many verdicts, receipts, quarantine, a waiting page, answers and a token."""
    world = new_world(folder, urls).pair()
    world.cmo.write(lambda situation: _opened(deviations, situation))
    world.settle().beat()
    forged = deviation_by(world.cmo, 900, labels=["batch/B-1"])
    send(world.cmo, forged)
    put(world.cmo, b"no page")
    malformed = b'{"no":"head"}\t{"salt":"%032x"}' % 7
    put(world.cmo, page_of(world.cmo, [malformed], behind=[forged.line]).encode())
    beyond = [forged.line, malformed, deviation_by(world.cmo, 901).line]
    put(world.cmo, page_of(world.cmo, [deviation_by(world.cmo, 902).line], behind=beyond).encode())
    world.mah.read()
    world.mah.heartbeat()
    world.mah.write(lambda _: [], key="key-1", digest=b"\x01" * 32)
    _keep_more(world.mah.store)
    return world


def whole(store: SqlStore) -> Findings:
    """Check a whole store."""
    with checking(store) as (rows, reading):
        return StoreCheck(rows, reading, lambda _: None).run()


def _opened(count: int, situation: Situation) -> list[Draft]:
    return [draft for number in range(count) for draft in deviation(f"D-{number}", situation)]


def _keep_more(store: SqlStore) -> None:
    with store.writing() as writing:
        writing.save_external_numbers(NUMBER, [ExternalNumber("eqms", "D-1", "deviation/x", b"\x02" * 32)])
        token = StoredToken("t1", b"\x03" * 32, "person/li.na", "qa_manager", "李娜的笔记本", MOMENT, None)
        writing.save_token(token)
