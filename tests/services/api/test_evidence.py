"""What is served verbatim can be verified by anybody, from the text alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest

from events.encoding.entry import parse_line
from events.encoding.identifiers import Role
from events.journal.checkpoint import parse_checkpoint
from events.journal.page import check_page_signature, parse_page
from events.journal.proof import verify_proof
from events.journal.seal import verify_seal
from events.journal.tree import Frontier
from events.notes.note import parse_note, verify_note
from events.notes.signers import verify_cosignature
from events.notes.vkey import VerifierKey
from tests.events.golden.cast import RELATIONSHIP
from tests.services.api.stepped import Pair, Person

OPENING = {"title": "=1+1 与 -危险\ttab", "detected_at": "2026-11-22"}
CMO = RELATIONSHIP.origin(Role.CMO)
BASE = f"/v1/journals/{RELATIONSHIP.mah}/{RELATIONSHIP.cmo}"


def journal(person: Person, origin: str) -> dict[str, object]:
    rows = person.get("/v1/journals").json()["data"]
    found: dict[str, object] = next(row for row in rows if row["origin"] == origin)
    return found


def key(row: dict[str, object], name: str, number: int = 0) -> VerifierKey:
    keys = row[name]
    assert isinstance(keys, list)
    assert keys[number]["from"] == 0
    return VerifierKey.parse(keys[number]["vkey"])


def test_both_journals_are_listed_with_their_keys_and_those_of_their_readers(clerk: Person, holder: Person) -> None:
    row = journal(clerk, CMO)

    assert row["size"] == journal(holder, CMO)["size"]
    assert key(row, "keys").name == CMO
    assert key(row, "mirror_keys").name == RELATIONSHIP.origin(Role.MAH) + "/mirror"


def test_every_page_is_served_byte_for_byte_and_verifies(pair: Pair, clerk: Person, holder: Person) -> None:
    clerk.does("/v1/deviations", OPENING)
    pair.settle()

    for reader in (clerk, holder):
        row = journal(reader, CMO)
        frontier = Frontier()
        while frontier.size < int(str(row["size"])):
            raw = reader.get(f"{BASE}/cmo/pages/{frontier.size}").content
            page = parse_page(raw, CMO)
            check_page_signature(page, key(row, "keys"))
            frontier.extend(parse_line(line).leaf for line in page.lines)
            assert (frontier.root(), page.encode()) == (page.checkpoint.root, raw)


def test_a_position_where_no_page_starts_is_not_found(clerk: Person) -> None:
    assert clerk.get(f"{BASE}/cmo/pages/1000").status_code == 404


def test_entries_are_served_one_a_line(clerk: Person) -> None:
    size = int(str(journal(clerk, CMO)["size"]))

    lines = clerk.get(f"{BASE}/cmo/entries").content.split(b"\n")
    part = clerk.get(f"{BASE}/cmo/entries?from=1&limit=2").content.split(b"\n")

    assert lines[-1] == b""
    assert len(lines) == size + 1
    assert part == [*lines[1:3], b""]
    assert [parse_line(line).head.revision for line in lines[:-1]]


def test_the_latest_checkpoint_carries_the_partners_cosignature_once_there_is_one(pair: Pair, clerk: Person) -> None:
    before = clerk.does("/v1/deviations", OPENING)
    alone = parse_note(clerk.get(f"{BASE}/cmo/checkpoint").content)
    pair.settle()

    note = parse_note(clerk.get(f"{BASE}/cmo/checkpoint").content)

    row = journal(clerk, CMO)
    (line,) = note.lines_by(key(row, "mirror_keys"))
    assert len(alone.signatures) == 1
    assert verify_note(note, key(row, "keys"))
    assert verify_cosignature(note.text, line, key(row, "mirror_keys")) > 0
    assert before["sequence"]


def test_after_a_heartbeat_the_latest_checkpoint_is_sealed_by_its_author_and_by_the_partner(
    pair: Pair, clerk: Person
) -> None:
    clerk.does("/v1/deviations", OPENING)
    pair.settle()
    pair.beat()
    pair.beat()

    note = parse_note(clerk.get(f"{BASE}/cmo/checkpoint").content)

    for name in ("keys", "mirror_keys"):
        seal_key = key(journal(clerk, CMO), name, 1)
        (line,) = note.lines_by(seal_key)
        assert verify_seal(parse_checkpoint(note), line, seal_key) > 0


def test_an_event_is_served_verbatim_or_as_cloudevents(clerk: Person) -> None:
    event = clerk.does("/v1/deviations", OPENING)["events"][0]
    headers = {**clerk.headers, "Accept": "application/cloudevents+json"}

    verbatim = clerk.get(f"/v1/events/{event['id']}")
    structured = clerk.desk.http.get(f"/v1/events/{event['id']}", headers=headers)

    entry = parse_line(verbatim.content)
    assert (entry.head.id, entry.body["title"]) == (event["id"], OPENING["title"])
    assert verbatim.headers["Counterfoil-Position"] == str(event["position"])
    assert structured.headers["Content-Type"] == "application/cloudevents+json"
    told = structured.json()
    assert (told["specversion"], told["type"], told["data"]) == ("1.0", "deviation.opened.v1", entry.body)


@pytest.mark.parametrize("settled", [False, True])
def test_the_proof_of_an_event_verifies_with_the_cosignature_where_there_is_one(
    pair: Pair, clerk: Person, *, settled: bool
) -> None:
    event = clerk.does("/v1/deviations", OPENING)["events"][0]
    if settled:
        pair.settle()
        clerk.does("/v1/deviations", OPENING)  # a later page that nobody has cosigned yet
    row = journal(clerk, CMO)
    cosigners = [key(row, "mirror_keys")] if settled else []

    proof = clerk.get(f"/v1/events/{event['id']}/proof").text

    leaf = parse_line(clerk.get(f"/v1/events/{event['id']}").content).leaf
    proven = verify_proof(proof, leaf, key(row, "keys"), cosigners)
    assert proven.index == event["position"]
    assert len(proven.cosigned) == len(cosigners)


def test_the_feed_goes_on_after_the_last_event(clerk: Person) -> None:
    clerk.does("/v1/deviations", OPENING)
    seen: list[int] = []
    after, more = 0, True
    while more:
        part = clerk.get("/v1/events", after=after, limit=3).json()
        seen += [row["sequence"] for row in part["data"]]
        after, more = part["next_after"], part["has_more"]

    assert seen == sorted(set(seen))
    last = clerk.get("/v1/events", after=after - 1).json()["data"][0]
    assert (last["head"]["type"], last["body"]["title"]) == ("deviation.opened.v1", OPENING["title"])
    assert last["refused"] is None


class Crossed:
    """A store in which both journals have an entry with one id."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with self._store.reading() as view:
            found = [(1, view.entries(1, role, 1, 1)[0]) for role in Role]
            view.entry_by_id = lambda _: found
            yield view


def test_two_events_that_crossed_with_one_id_are_told_apart_by_their_journal(clerk: Person) -> None:
    clerk.desk.gateway.store = Crossed(clerk.desk.gateway.store)  # type: ignore[assignment] # a fake at the edge
    event = "/v1/events/01890a5d-ac96-774b-bcce-b302099a8057"

    both = clerk.get(event)
    authors = [orjson.loads(clerk.get(event, journal=role).content.split(b"\t")[0])["source"] for role in Role]

    assert (both.status_code, both.json()["type"]) == (409, "/problems/ambiguous-id")
    assert authors == [f"urn:uscc:{RELATIONSHIP.party(role)}" for role in Role]


def test_an_event_that_is_not_there_is_not_found(clerk: Person) -> None:
    assert clerk.get("/v1/events/01890a5d-ac96-774b-bcce-b302099a8057").status_code == 404
    assert clerk.get("/v1/events/01890a5d-ac96-774b-bcce-b302099a8057/proof").status_code == 404
