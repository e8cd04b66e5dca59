"""A pair of gateways in which everything has happened that rows can show: the story behind the seeded bugs."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from domain.drafts import Draft
from domain.judging.history import REFUSED, SETTLED
from events.catalogue.bodies import Batch, Product
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from services.gateway.commands import opening
from services.gateway.commands.asking import Asked
from services.gateway.commands.opening import Opening
from services.gateway.exchange.jobs import CommandJob, Decision
from tests.domain.language import signature
from tests.services.exchange.world import NUMBER
from tests.simulation.world.beginning import AGREED, begin
from tests.simulation.world.commands import Wanted, uuid_of
from tests.simulation.world.side import Side
from tests.simulation.world.world import World

MAH, CMO = Role.MAH, Role.CMO
BOSS = "person/boss"
A_DAY = 86_400  # seconds: what is found after it was found under the list
_KEYS = count()


def given_a_story() -> World:
    """Return two gateways at rest after a story with crossings, marks, disputes, new lists and calendars."""
    world = begin(AGREED)
    world.time.advance(A_DAY)
    rest(world)
    _open_and_classify(world)
    _decide(world)
    _talk(world)
    _agree_anew(world)
    _dispute(world)
    _cross(world)
    _stop(world)
    for number in (10, 11):
        find(world, number)
    rest(world)
    return world


def find(world: World, number: int, detected_at: str = "2026-11-23T10:00:00+08:00") -> None:
    """Have the manufacturer record a deviation."""
    asked = Asked(NUMBER, CMO, "system/eqms", "client", f"found {number}", number.to_bytes(32, "big"))
    stated = Opening(
        title=f"偏差 {number}",
        detected_at=detected_at,
        number=f"D-{number}",
        source="eqms",
        external_number=f"X-{number}",
        product=Product(code=f"P-{number % 4}", name="注射液"),
        batches=[Batch(number=f"B-{each}") for each in range(number % 3)],
    )
    job = opening.open_one(asked, uuid_of(f"deviation {number}"), stated)
    world.sides[CMO].submit(job)
    world.sides[CMO].write()
    job.outcome.result(0)


def give(world: World, role: Role, what: str, number: int, variant: int) -> None:
    """Give a command and have it done; nothing travels yet."""
    key = f"s{next(_KEYS)}"
    world.give(role, Wanted(what, number, variant, key))
    world.sides[role].write()
    world.look()


def write(side: Side, draft: Draft, actor: str, about: Sequence[StoredEntry]) -> None:
    """Write a draft that no command makes, about entries of the manufacturer."""
    positions = {CMO: [each.position for each in about]}
    job = CommandJob(NUMBER, actor, lambda _now: Decision([draft], lambda _entries: {}), positions=positions)
    side.submit(job)
    side.write()
    job.outcome.result(0)


def rest(world: World) -> None:
    assert world.settle(), "the exchange does not come to rest"


def beat(world: World) -> None:
    """Let one heartbeat pass on both sides, and what it says arrive."""
    world.time.advance(5)
    for side in world.both:
        side.beat()
    for side in (*world.both, *world.both):
        side.publish_all()
        side.take_all()
        side.project()


def entries(side: Side, role: Role) -> list[StoredEntry]:
    with side.store.reading() as reading:
        return list(reading.entries(NUMBER, role, 0, 100_000))


def shown_items(side: Side) -> dict[str, Any]:
    """Return the rows of all items by their number."""
    with side.running.read_model.reading() as rows:
        found = rows.current_items(NUMBER, rows.all_items(NUMBER))
    return {version.row["number"]: dict(version.row) for version in found.values()}


def _open_and_classify(world: World) -> None:
    for number in range(1, 9):
        find(world, number)
    find(world, 9, "2015-03-02")
    rest(world)
    for number, variant in ((1, 2), (2, 3), (3, 1), (4, 5), (5, 7), (6, 3), (8, 8)):
        give(world, CMO, "classify", number, variant)  # 7: by somebody who may not, so it is marked
    for number in (1, 2, 3, 4, 6, 8):
        give(world, CMO, "investigate", number, number)
    rest(world)


def _decide(world: World) -> None:
    give(world, MAH, "approve", 1, 1)
    give(world, MAH, "reject", 4, 1)
    rest(world)
    for number in (1, 3):
        give(world, CMO, "close", number, 1)
    give(world, CMO, "classify", 3, 2)  # after the closing
    rest(world)


def _talk(world: World) -> None:
    for number in (1, 2, 3, 5):
        give(world, MAH, "acknowledge", number, 1)
    for number in (2, 5, 6):
        give(world, MAH, "ask", number, 1)
    rest(world)
    for what, number in (("answer", 2), ("link", 3), ("link", 5), ("correct", 6), ("classify", 6)):
        give(world, CMO, what, number, 2)
    give(world, MAH, "correct", 5, 1)
    rest(world)


def _cross(world: World) -> None:
    """Both write about the same items before either hears of it."""
    give(world, CMO, "close", 2, 1)
    give(world, MAH, "reject", 2, 1)
    give(world, CMO, "investigate", 4, 2)
    give(world, MAH, "ask", 4, 1)
    give(world, CMO, "link", 7, 1)
    give(world, MAH, "acknowledge", 7, 1)
    rest(world)


def _dispute(world: World) -> None:
    """The holder refuses what stands: a batch, a class and an investigation; about the batch both settle it."""
    mah, cmo = world.both
    for what, number in (("link", 3), ("classify", 5), ("investigate", 8)):
        give(world, CMO, what, number, 4)
    cmo.publish_all()
    mah.take_all()
    accused = entries(mah, CMO)[-3:]
    journal = mah.channel.own.view.protocol_subjects("journal")[0]
    refused = [{**_named(each), "code": "entry.wrong_state", "detail": ""} for each in accused]
    write(mah, Draft(REFUSED, journal, {"refused": refused}), "system/gateway", accused)
    rest(world)
    for side in (mah, cmo):
        body = {
            "entry": _named(accused[0]),
            "stands": True,
            "reason": "双方核对",
            "signature": signature("boss").model_dump(),
        }
        settled = Draft(SETTLED, side.channel.own.view.protocol_subjects("journal")[0], body)
        write(side, settled, BOSS, accused)
        rest(world)


def _agree_anew(world: World) -> None:
    """New days off, a new agreement and a new list while items are open."""
    give(world, CMO, "publish_calendar", 0, 2)
    rest(world)
    for document, variant in (("agreement", 1), ("list", 8)):
        give(world, MAH, f"draft_{document}", 0, variant)
        give(world, MAH, f"sign_{document}", 0, 0)
        rest(world)
        give(world, CMO, f"sign_{document}", 0, 0)
        rest(world)
        give(world, MAH, f"activate_{document}", 0, 0)
        rest(world)


def _stop(world: World) -> None:
    """The manufacturer raises a risk, calls it major and stops the line; nobody lifts that."""
    scope = {
        "products": [{"code": "P-1", "name": "注射液"}],
        "batches": [{"number": "B-1"}],
        "lines": ["L-1"],
        "sites": [],
    }
    stated = {"number": "RSK-1", "source": "eqms", "title": "微粒超限", "identified_at": "2026-11-23T10:00:00+08:00"}
    risk, suspension = f"risk/{uuid_of('risk')}", f"suspension/{uuid_of('suspension')}"
    cmo = world.sides[CMO]
    write(cmo, Draft("risk.raised.v1", risk, {**stated, "scope": scope}), BOSS, ())
    write(
        cmo,
        Draft("risk.classified.v1", risk, {"risk_kind": "quality", "level": "major", "rationale": "注射剂"}),
        BOSS,
        (),
    )
    raised = next(each for each in entries(cmo, CMO) if each.subject == risk)
    stopped = {"number": "SUS-1", "source": "eqms", "reason": "停产", "stopped_at": "2026-11-23", "scope": scope}
    named = {"journal": "cmo", **_named(raised)}
    write(cmo, Draft("suspension.started.v1", suspension, {**stopped, "risk": named}), BOSS, [raised])
    rest(world)


def _named(entry: StoredEntry) -> dict[str, Any]:
    return {"position": entry.position, "leaf": encode_base64(entry.leaf)}
