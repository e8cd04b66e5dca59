"""Across items: counts by category, a person's own work with its clocks, timelines of a batch, a product and a line."""

from typing import Any

from events.encoding.moments import format_moment
from tests.services.api.acting.asked import CHANGE, DEVIATION, INVESTIGATION, PHASE, RESULT, SIGNATURE, ref
from tests.services.api.stepped import Pair, Person
from tests.services.api.test_documents import AGREEMENT, in_force, list_rows

MAJOR = {**DEVIATION, "class": "major", "rationale": "r"}


def counts(person: Person, **query: Any) -> dict[str, dict[str, int]]:
    told = person.get("/v1/communications/counts", **query)
    assert told.status_code == 200, told.text
    return {row.pop("category"): row for row in told.json()["data"]}


def clocks_of(person: Person, item: str, **query: Any) -> dict[str, dict[str, Any]]:
    told = person.get(f"/v1/communications/{item}/clocks", **query)
    assert told.status_code == 200, told.text
    return {row["name"]: row for row in told.json()["data"]}


def listed(pair: Pair, clerk: Person, holder: Person) -> None:
    """An agreement and a list are in force: from now on clocks run."""
    clerk.does("/v1/calendars", {"year": 2026})
    agreement = in_force(pair, clerk, holder, "/v1/agreements", AGREEMENT)
    assert agreement
    in_force(pair, clerk, holder, "/v1/communication-lists", {"rows": list_rows()})


def detected(pair: Pair) -> dict[str, str]:
    """A deviation that is detected now."""
    return {**DEVIATION, "detected_at": format_moment(pair.cmo.gateway.clock.now())}


def test_items_are_counted_by_category_open_and_ended(clerk: Person, colleague: Person) -> None:
    clerk.does("/v1/changes", CHANGE)
    item = clerk.does("/v1/oos-results", RESULT)["item"]
    clerk.does("/v1/oos-results", RESULT)
    before = clerk.get("/v1/communications/counts").headers["As-Of-Seq"]
    phase = colleague.does(f"/v1/oos-results/{item}/phases", PHASE)
    clerk.does(f"/v1/oos-results/{item}/invalidation", {"cause": "c", "phase": ref(phase), "signature": SIGNATURE})

    now, then = counts(clerk), counts(clerk, as_of=f"seq:{before}")
    assert now["oos_oot"] == {"total": 2, "open": 1, "due": 0, "overdue": 0}
    assert now["changes"] == {"total": 1, "open": 1, "due": 0, "overdue": 0}
    assert then["oos_oot"]["open"] == 2
    assert len(clerk.get("/v1/communications", state="open").json()["data"]) == 2
    assert counts(clerk, category="changes").keys() == {"changes"}


def test_what_is_due_and_overdue_is_counted_by_the_clock(pair: Pair, clerk: Person, holder: Person) -> None:
    listed(pair, clerk, holder)
    clerk.does("/v1/deviations", detected(pair))
    pair.settle()

    assert counts(clerk, due_within_hours=24 * 30)["deviations"]["due"] == 1
    pair.cmo.gateway.side.clock.move(60 * 24 * 3600)
    later = pair.cmo.as_("qa_manager")
    assert counts(later)["deviations"] == {"total": 1, "open": 1, "due": 0, "overdue": 1}


def test_my_work_is_what_i_can_do_something_about(pair: Pair, clerk: Person, holder: Person) -> None:
    item = clerk.does("/v1/deviations", MAJOR)["item"]
    clerk.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)
    pair.settle()

    theirs = {row["item"]: {step["noun"] for step in row["steps"]} for row in work(holder)}
    assert theirs[item] == {"acknowledgement", "closure-approval", "closure-rejection"}
    holder.does(f"/v1/deviations/{item}/acknowledgement", {})
    holder.does(f"/v1/deviations/{item}/closure-approval", {"signature": SIGNATURE})
    pair.settle()

    assert work(holder) == []
    (mine,) = work(clerk)
    assert "closure" in {step["noun"] for step in mine["steps"]}
    assert mine["steps"][0]["address"].startswith(f"/v1/deviations/{item}/")


def test_what_is_due_first_comes_first_and_a_clock_says_how_far_it_has_come(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    listed(pair, clerk, holder)
    clerk.does("/v1/changes", CHANGE)
    clerk.does("/v1/deviations", detected(pair))
    clerk.does("/v1/deviations", {**DEVIATION, "detected_at": "2026-11-22T09:00:00+08:00"})
    pair.settle()

    found = work(clerk)
    due = [row["due_at"] for row in found]
    assert due[:2] == sorted(due[:2])
    assert due[2:] == [None]  # detected before there was a list
    clocks = {clock["name"]: clock for row in found if row["category"] == "deviations" for clock in row["clocks"]}
    clock = clocks["handle"]
    assert (clock["stage"], clock["overdue"], clock["concerns"]) == (0, False, "qa_staff")
    before = clerk.get("/v1/communications").headers["As-Of-Seq"]
    pair.cmo.gateway.side.clock.move(90 * 24 * 3600)
    late_clerk = pair.cmo.as_("qa_manager")
    late = work(late_clerk)
    assert late[0]["stage"] == 100
    assert {clock["concerns"] for clock in late[0]["clocks"]} == {"qualified_person"}
    item = next(row["item"] for row in found if row["category"] == "deviations" and row["clocks"])
    shown = clocks_of(late_clerk, item)
    assert {told["stage"] for told in shown.values() if told["state"] == "running"} == {100}
    assert clocks_of(late_clerk, item, explain=True)["handle"]["overdue"] is True
    assert clocks_of(late_clerk, item, as_of=f"seq:{before}")["handle"]["concerns"] == "qa_staff"


def test_my_work_comes_in_pages(clerk: Person) -> None:
    for _ in range(5):
        clerk.does("/v1/changes", CHANGE)
    found, cursor = [], None
    while True:
        page = clerk.get("/v1/my-work", limit=2, **({"cursor": cursor} if cursor else {})).json()
        found += [row["number"] for row in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert sorted(found) == [f"CHG-2026-000{number}" for number in range(1, 6)]


def test_my_work_as_of_a_moment_is_what_the_party_had_open_then_with_the_clocks_as_they_ran(
    pair: Pair, clerk: Person
) -> None:
    first = clerk.does("/v1/changes", CHANGE)
    clerk.does("/v1/changes", CHANGE)
    pair.settle()
    asked = {"as_of": f"seq:{first['sequence']}"}

    then = clerk.get("/v1/my-work", **asked)

    (row,) = then.json()["data"]
    assert (row["item"], row["steps"]) == (first["item"], [])
    pair.cmo.gateway.side.clock.move(90 * 24 * 3600)
    assert pair.cmo.as_("qa_manager").get("/v1/my-work", **asked).json() == then.json()
    assert len(work(pair.cmo.as_("qa_manager"))) == 2


def test_an_auditor_has_no_work(pair: Pair, clerk: Person) -> None:
    clerk.does("/v1/changes", CHANGE)

    assert work(pair.cmo.as_("auditor", "person/li.na")) == []


def test_the_timeline_of_a_batch_a_product_and_a_line_tells_what_both_wrote(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    scope = {"products": [{"name": "甲", "code": "A"}, {"name": "乙", "code": "B"}], "lines": ["L1", "L2"]}
    deviation = clerk.does("/v1/deviations", {**DEVIATION, "batches": [{"number": "B1"}], "line": "L2"})["item"]
    change = clerk.does("/v1/changes", {**CHANGE, "scope": scope})["item"]
    clerk.does("/v1/changes", CHANGE)
    told = clerk.does(f"/v1/changes/{change}/links", {"batch": {"number": "B1"}})
    pair.settle()
    holder.does(f"/v1/deviations/{deviation}/questions", {"text": "?"})
    pair.settle()

    both = [person.get("/v1/timeline", batch="B1").json() for person in (clerk, holder)]
    shared = [[(row["item"], row["type"], row["recorded"]) for row in each["data"]] for each in both]
    assert shared[0] == shared[1]
    assert [row[1] for row in shared[0]] == [
        "deviation.opened.v1",
        "change.proposed.v1",
        "change.batch_linked.v1",
        "deviation_review.asked.v1",
    ]
    assert of(clerk, product="B") == {change}
    assert of(clerk, line="L2") == {change, deviation}
    assert of(clerk, line="L") == set()
    assert of(clerk, batch="B1", as_of=f"seq:{told['sequence'] - 1}") == {deviation}


def test_a_timeline_is_of_one_thing(clerk: Person) -> None:
    assert clerk.get("/v1/timeline").status_code == 422
    assert clerk.get("/v1/timeline", batch="B", line="L").status_code == 422


def of(person: Person, **query: str) -> set[str]:
    return {row["item"] for row in person.get("/v1/timeline", **query).json()["items"]}


def work(person: Person) -> list[dict[str, Any]]:
    answer = person.get("/v1/my-work")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows
