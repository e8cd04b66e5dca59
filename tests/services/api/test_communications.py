import csv
import io
from typing import Any

import pytest

from tests.services.api.stepped import Pair, Person

CHANGE = {"field": "title", "after": "更正后"}


def opening(number: int, **more: Any) -> dict[str, Any]:
    return {"title": f"偏差 {number}", "detected_at": "2026-11-22", **more}


def all_pages(person: Person, **asked: Any) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = person.get("/v1/communications", **asked, **({"cursor": cursor} if cursor else {}))
        assert page.status_code == 200, page.text
        assert ("next" in page.headers.get("Link", "")) is page.json()["has_more"]
        found += [row["number"] for row in page.json()["data"]]
        cursor = page.json()["next_cursor"]
    return found


@pytest.mark.parametrize("sort", ["opened_at", "-opened_at", "due_at", "-due_at", "number", "-number", "-changed_at"])
def test_pages_by_cursor_show_each_item_once_in_order(clerk: Person, sort: str) -> None:
    for number in range(7):
        clerk.does("/v1/deviations", opening(number))
        clerk.desk.gateway.side.clock.move(1)

    whole = all_pages(clerk, sort=sort, limit=200)
    found = all_pages(clerk, sort=sort, limit=2)

    assert found == whole
    assert sorted(found) == [f"DEV-2026-000{number}" for number in range(1, 8)]


def test_a_cursor_of_another_order_is_refused(clerk: Person) -> None:
    for number in range(3):
        clerk.does("/v1/deviations", opening(number))
    cursor = clerk.get("/v1/communications", limit=1).json()["next_cursor"]

    answer = clerk.get("/v1/communications", sort="number", cursor=cursor)

    assert answer.status_code == 422


def test_filters_find_what_they_say(clerk: Person) -> None:
    clerk.does("/v1/deviations", opening(1, batches=[{"number": "B1"}], **{"class": "major"}, rationale="x"))
    clerk.does(
        "/v1/deviations", opening(2, product={"name": "头孢", "code": "P2"}, source="eqms", external_number="E2")
    )

    def numbers(**asked: Any) -> list[str]:
        return [row["title"] for row in clerk.get("/v1/communications", **asked).json()["data"]]

    assert numbers(batch="B1") == numbers(**{"class": "major"}) == ["偏差 1"]
    assert numbers(product="P2") == numbers(source="eqms", external_number="E2") == numbers(text="头孢") == ["偏差 2"]
    assert numbers(state="closed") == numbers(category="changes") == []
    assert len(numbers(state="open", historical=True)) == 2
    assert clerk.get("/v1/communications", batch="B1", total=True).json()["total"] == 1


def test_as_of_shows_what_was_known_then_and_stays_the_same(clerk: Person) -> None:
    told = clerk.does("/v1/deviations", opening(1))
    then = f"seq:{told['sequence']}"
    clerk.desk.gateway.side.clock.move(60)
    first = clerk.get("/v1/communications", as_of=then)
    clerk.does(f"/v1/deviations/{told['item']}/corrections", {"changes": [CHANGE], "reason": "录错"})
    clerk.does("/v1/deviations", opening(2))

    again = clerk.get("/v1/communications", as_of=then)
    cached = clerk.desk.http.get(
        f"/v1/communications?as_of={then}", headers={**clerk.headers, "If-None-Match": first.headers["ETag"]}
    )

    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert again.headers["As-Of-Seq"] == str(told["sequence"])
    assert "immutable" in again.headers["Cache-Control"]
    assert cached.status_code == 304
    now = clerk.get(f"/v1/communications/{told['item']}").json()
    assert (again.json()["data"][0]["title"], now["title"]) == ("偏差 1", "更正后")


def test_a_sequence_within_a_page_stands_for_its_end_and_the_answer_says_so(clerk: Person) -> None:
    told = clerk.does("/v1/deviations", opening(1, **{"class": "minor"}))
    last = told["sequence"]

    within = clerk.get("/v1/communications", as_of=f"seq:{last - 1}")
    before = clerk.get("/v1/communications", as_of=f"seq:{last - 2}")
    nothing = clerk.get("/v1/communications", as_of="seq:0")

    assert (within.headers["As-Of-Seq"], within.json()["data"][0]["class"]) == (str(last), "minor")
    assert (before.headers["As-Of-Seq"], before.json()["data"]) == (str(last - 2), [])
    assert (nothing.headers["As-Of-Seq"], nothing.json()["data"]) == ("0", [])


def test_a_time_means_what_this_gateway_knew_at_it(pair: Pair, clerk: Person, holder: Person) -> None:
    clerk.does("/v1/deviations", opening(1))
    pair.settle()
    pair.beat()
    between = pair.world.clock.now().isoformat()
    pair.world.clock.move(60)
    clerk.does("/v1/deviations", opening(2))
    pair.settle()
    pair.beat()

    for reader in (clerk, holder):
        assert len(reader.get("/v1/communications", as_of=between).json()["data"]) == 1
        assert reader.get("/v1/communications", as_of="2020-01-01T00:00:00+08:00").json()["data"] == []
        assert len(reader.get("/v1/communications").json()["data"]) == 2


def test_the_timeline_the_entries_and_the_clocks_of_an_item_are_shown(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    told = clerk.does("/v1/deviations", opening(1, **{"class": "minor"}))
    item = told["item"]
    pair.settle()
    holder.does(f"/v1/communications/{item}/acknowledgement", {"text": "已阅"})
    pair.settle()

    timeline = clerk.get(f"/v1/communications/{item}/timeline").json()["data"]
    entries = clerk.get(f"/v1/communications/{item}/events").json()["data"]
    early = clerk.get(f"/v1/communications/{item}/events", as_of=f"seq:{told['sequence']}").json()["data"]
    clocks = clerk.get(f"/v1/communications/{item}/clocks").json()["data"]
    explained = clerk.get(f"/v1/communications/{item}/clocks", explain=True).json()["data"]

    assert [row["type"].split(".")[1] for row in timeline] == ["opened", "classified", "acknowledged"]
    assert [row["position"] for row in entries] == [row["position"] for row in timeline]
    assert len(early) == 2
    assert clocks == explained == []  # there is no list in force: history


@pytest.mark.parametrize("part", ["", "/timeline", "/events", "/clocks", "/clocks?explain=true"])
def test_an_item_that_is_not_there_is_not_found(clerk: Person, part: str) -> None:
    answer = clerk.get(f"/v1/communications/01890a5d-ac96-774b-bcce-b302099a8057{part}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_csv_has_every_row_and_no_formula(clerk: Person) -> None:
    clerk.does("/v1/deviations", {**opening(1), "title": "=HYPERLINK(1)", "batches": [{"number": "-B1"}]})
    clerk.does("/v1/deviations", opening(2))

    answer = clerk.get("/v1/communications.csv", sort="number")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", "偏差 2"]
    assert (rows[0]["batches"], rows[0]["historical"]) == ("'-B1", "true")
