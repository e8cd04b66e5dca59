"""The record itself: nothing is overwritten, everything is complete and can be proved by either party: (XIV)."""

from datetime import datetime
from typing import Any

from events.encoding.entry import parse_line
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment
from events.journal.page import check_page_signature, parse_page
from events.journal.tree import Frontier
from tests.compliance.citing import cites
from tests.compliance.contract import reference
from tests.compliance.test_batches import LOT
from tests.events.golden.cast import RELATIONSHIP
from tests.services.api.quality.making import PRODUCT, batch, factory_release, make
from tests.services.api.stepped import Pair, Person
from tests.services.api.test_evidence import journal, key

DEVIATION = {"title": "x", "detected_at": "2026-11-20T08:00:00+08:00", "batches": [{"number": "B2026-001"}]}


@cites("(XIV)", "ensure that the data are true, accurate, complete and traceable")
def test_a_correction_gives_its_reason_and_leaves_the_original_to_be_read_by_both(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    told = clerk.does("/v1/deviations", DEVIATION)
    change = {"field": "batches.0.number", "before": "B2026-001", "after": "B2026-010"}
    at = f"/v1/deviations/{told['item']}/corrections"
    without = clerk.post(at, {"changes": [change]})
    clerk.does(at, {"changes": [change], "reason": "录入错误"})
    pair.settle()

    for person in (clerk, holder):
        assert person.get(f"/v1/communications/{told['item']}").json()["batches"] == [{"number": "B2026-010"}]
        assert "B2026-001" in person.get(f"/v1/events/{told['events'][0]['id']}").text
    assert without.status_code == 422


@cites("(XIV)", "ensure that the data are true, accurate, complete and traceable")
def test_no_correction_makes_another_batch_of_a_batch(clerk: Person, documents: dict[str, Any]) -> None:
    told = clerk.does("/v1/batches", batch(documents))
    change = {"field": "number", "before": "B2026-001", "after": "B2026-002"}
    asked = {"entry": reference(told), "changes": [change], "reason": "换号"}

    answer = clerk.post(f"/v1/batches/{told['item']}/corrections", asked)

    assert (answer.status_code, answer.json()["code"]) == (422, "correction.invalid")


@cites("(XIV)", "ensure that the data are true, accurate, complete and traceable")
def test_no_correction_makes_another_lot_of_a_lot(clerk: Person) -> None:
    told = clerk.does("/v1/lots", {**LOT, "product": PRODUCT, "number": "M-XIV"})
    change = {"field": "number", "before": "M-XIV", "after": "M-15"}
    asked = {"entry": reference(told), "changes": [change], "reason": "换号"}

    answer = clerk.post(f"/v1/lots/{told['item']}/corrections", asked)

    assert (answer.status_code, answer.json()["code"]) == (422, "correction.invalid")


@cites("(XIV)", "ensure that the data are true, accurate, complete and traceable")
def test_a_result_is_corrected_to_a_failure_which_shuts_the_release_and_no_failure_is_corrected_away(
    pair: Pair, clerk: Person, makers_qp: Person, documents: dict[str, Any]
) -> None:
    at = f"/v1/batches/{make(pair, clerk, documents, number='XIV-1')}"
    result = {"test": "含量", "result": "99.50", "unit": "%", "limits": "95.0–105.0", "verdict": "conforms"}
    tested = reference(clerk.does(f"{at}/tests", {"results": [result], "tested_at": "2026-11-22"}))
    answers = []
    for before, after in (("conforms", "does_not_conform"), ("does_not_conform", "conforms")):
        change = {"field": "results.0.verdict", "before": before, "after": after}
        clerk.does(f"{at}/corrections", {"entry": tested, "changes": [change], "reason": "誊写错误"})
        answers.append(makers_qp.post(f"{at}/factory-release", factory_release()))
    clerk.does(f"{at}/tests", {"results": [result], "tested_at": "2026-11-23"})

    released = makers_qp.post(f"{at}/factory-release", factory_release())

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(409, "release.factory_blocked")] * 2
    assert released.status_code == 201


@cites("(XIV)", "preserve whole-process manufacturing and testing data and records")
def test_every_entry_of_either_party_is_kept_whole_in_its_order_and_signed_at_both(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    clerk.does("/v1/deviations", DEVIATION)
    holder.does("/v1/deviations", DEVIATION)
    pair.settle()

    for role in Role:
        kept = [_read_and_verified(reader, role) for reader in (clerk, holder)]
        assert kept[0] == kept[1]
        assert len(kept[0]) > 0


@cites("(XIV)", "the data are true, accurate, complete and traceable")
def test_when_it_happened_when_it_was_recorded_and_when_the_partner_had_it_are_kept_apart(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    told = clerk.does("/v1/deviations", DEVIATION)
    pair.settle()
    pair.beat()

    rows = [person.get(f"/v1/communications/{told['item']}/timeline").json()["data"][0] for person in (clerk, holder)]
    times = [[row[name] for name in ("occurred", "recorded", "received")] for row in rows]
    assert times[0] == times[1]
    assert times[0][0] == DEVIATION["detected_at"]
    assert datetime.fromisoformat(times[0][0]) < parse_moment(times[0][1]) <= parse_moment(times[0][2])


def _read_and_verified(reader: Person, role: Role) -> list[bytes]:
    """Return every line of a party's journal as a reader is given it, each page checked by its signature and root."""
    origin = RELATIONSHIP.origin(role)
    row, frontier, lines = journal(reader, origin), Frontier(), list[bytes]()
    base = f"/v1/journals/{RELATIONSHIP.mah}/{RELATIONSHIP.cmo}/{role.value}"
    while frontier.size < int(str(row["size"])):
        page = parse_page(reader.get(f"{base}/pages/{frontier.size}").content, origin)
        check_page_signature(page, key(row, "keys"))
        frontier.extend(parse_line(line).leaf for line in page.lines)
        assert frontier.root() == page.checkpoint.root
        lines += page.lines
    return lines
