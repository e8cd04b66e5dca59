"""The broker is away: commands go on and are marked; beyond the bound of the outbox nothing is accepted."""

from collections.abc import Iterator

import pytest

from services.gateway.exchange.writing.admission import Limits
from tests.services.api.conftest import employed
from tests.services.api.stepped import Pair, Person, pair_of
from tests.services.exchange.world import World, new_world

OPENING = {"title": "x", "detected_at": "2026-11-22"}
PATH = "/v1/deviations"
ROOM = 12  # entries that may wait


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = new_world(tmp_path_factory.mktemp("outbox"))
    made.cmo.limits = Limits(ROOM)
    made.cmo.restart()
    yield made
    for side in made.sides:
        side.store.close()


@pytest.fixture(scope="module")
def paired(world: World) -> Pair:
    return employed(pair_of(world))


@pytest.fixture
def pair(paired: Pair) -> Iterator[Pair]:
    """A pair whose outboxes are empty, before and after."""
    paired.world.wire.is_down = False
    paired.settle()
    paired.beat()
    yield paired
    paired.world.wire.is_down = False
    paired.settle()
    paired.beat()


@pytest.fixture
def clerk(pair: Pair) -> Person:
    return pair.cmo.as_("qa_manager")


def fill(clerk: Person) -> list[str]:
    """Give commands until one is refused; return the keys of those that were accepted."""
    keys: list[str] = []
    while clerk.post(PATH, OPENING, key=f"{clerk.secret}-{len(keys)}").status_code == 201:
        keys.append(f"{clerk.secret}-{len(keys)}")
        assert len(keys) <= ROOM
    return keys


def written(clerk: Person) -> int:
    return len(clerk.get("/v1/events", limit=500).json()["data"])


def test_a_full_outbox_answers_503_with_retry_after_and_keeps_nothing(pair: Pair, clerk: Person) -> None:
    pair.world.wire.is_down = True
    keys = fill(clerk)
    before, numbers = written(clerk), clerk.get("/v1/communications", total=True).json()["total"]

    refused = clerk.post(PATH, OPENING, key="again-later")
    many = clerk.post("/v1/imports", {"source": "s", "file": {"name": "f", "sha256": "0" * 64}, "rows": [ROW]})

    assert 0 < len(keys) <= ROOM
    for answer in (refused, many):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/partner-unreachable")
        assert (answer.json()["code"], answer.headers["Retry-After"]) == ("outbox.full", "30")
    assert (written(clerk), clerk.get("/v1/communications", total=True).json()["total"]) == (before, numbers)


ROW = {"row": 1, "external_number": "E1", "fields": OPENING}


def test_a_refused_command_succeeds_under_the_same_key_once_there_is_room(pair: Pair, clerk: Person) -> None:
    pair.world.wire.is_down = True
    fill(clerk)
    key = f"{clerk.secret}-later"
    refused = [clerk.post(PATH, OPENING, key=key).status_code for _ in range(2)]

    pair.world.wire.is_down = False
    pair.settle()
    pair.beat()
    answers = [clerk.post(PATH, OPENING, key=key) for _ in range(3)]

    assert refused == [503, 503]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["item"] for answer in answers}) == 1
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true", "true"]


def test_what_was_accepted_is_answered_again_while_the_outbox_is_full(pair: Pair, clerk: Person) -> None:
    pair.world.wire.is_down = True
    keys = fill(clerk)

    answers = [clerk.post(PATH, OPENING, key=key) for key in keys]

    assert keys
    assert [(answer.status_code, answer.headers["Idempotent-Replayed"]) for answer in answers] == [(201, "true")] * len(
        keys
    )


def test_what_cannot_be_written_is_refused_dry_too_and_reading_goes_on(pair: Pair, clerk: Person) -> None:
    pair.world.wire.is_down = True
    fill(clerk)

    assert clerk.post(PATH, OPENING, dry_run=True).status_code == 503
    assert clerk.get("/v1/communications").status_code == 200
    assert pair.cmo.http.get("/readyz").status_code == 200


def test_commands_go_on_without_a_broker_and_are_marked_until_the_partner_holds_them(pair: Pair, clerk: Person) -> None:
    pair.world.wire.is_down = True
    told = clerk.does(PATH, OPENING)
    away = marks(clerk, told["item"])

    pair.world.wire.is_down = False
    pair.world.cmo.publish()
    on_the_wire = marks(clerk, told["item"])
    pair.settle()
    pair.beat()

    assert away == ["waiting"] * 3
    assert on_the_wire == ["sent"] * 3
    assert marks(clerk, told["item"]) == ["received"] * 3
    at_the_partner = pair.mah.as_("qa_manager", "person/wang.wei").get(f"/v1/communications/{told['item']}").json()
    assert at_the_partner["delivery"] is None


def test_an_answer_that_stays_for_ever_holds_no_mark(clerk: Person) -> None:
    told = clerk.does(PATH, OPENING)
    as_of = f"seq:{told['sequence']}"

    item = clerk.get(f"/v1/communications/{told['item']}", as_of=as_of)
    events = clerk.get(f"/v1/communications/{told['item']}/events", as_of=as_of)

    assert "immutable" in item.headers["Cache-Control"]
    assert "delivery" not in item.json()
    assert "delivery" not in events.json()["data"][0]


def marks(clerk: Person, item: str) -> list[str]:
    """How far an item, its opening in its own list, and its opening in the feed have come."""
    row = clerk.get(f"/v1/communications/{item}").json()
    (event,) = clerk.get(f"/v1/communications/{item}/events").json()["data"]
    feed = {each["sequence"]: each for each in clerk.get("/v1/events", limit=500).json()["data"]}
    return [row["delivery"], event["delivery"], feed[event["sequence"]]["delivery"]]
