"""What a rule refused leaves a trace: who wanted to record what, and why not."""

from pathlib import Path
from typing import Any

from services.gateway.exchange.writing.admission import Limits
from tests.services.api.acting.asked import DEVIATION, INVESTIGATION, SIGNATURE
from tests.services.api.conftest import employed
from tests.services.api.stepped import Pair, Person, pair_of
from tests.services.exchange.world import new_world


def refused(person: Person, **query: Any) -> list[dict[str, Any]]:
    return list(person.get("/v1/refusals", **query).json()["data"])


def early_closing(clerk: Person, *, dry_run: bool = False) -> str:
    item = str(clerk.does("/v1/deviations", DEVIATION)["item"])
    answer = clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE}, dry_run=dry_run)
    assert answer.status_code == 409
    return item


def test_a_step_that_comes_too_early_leaves_a_trace_of_who_wanted_what_and_why_not(clerk: Person) -> None:
    item = early_closing(clerk)

    (trace,) = refused(clerk)

    assert trace == {
        "number": 1,
        "at": trace["at"],
        "actor": clerk.get("/v1/me").json()["actor"],
        "event": "deviation.closed.v1",
        "subject": f"deviation/{item}",
        "refusal": "entry.wrong_state",
        "code": "deviation.wrong_state",
        "detail": trace["detail"],
    }
    assert "investigation" in trace["detail"]


def test_a_person_who_lacks_the_right_and_one_who_would_approve_its_own_work_leave_one(
    pair: Pair, clerk: Person
) -> None:
    item = clerk.does("/v1/deviations", {**DEVIATION, "class": "minor", "rationale": "r"})["item"]
    stranger = pair.cmo.as_("qa_manager", "person/zhao.min")
    assert stranger.post(f"/v1/deviations/{item}/batches", {"number": "B-1"}).status_code == 403
    clerk.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)
    assert (
        clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE}).json()["code"].startswith("signature.")
    )

    traces = refused(clerk)

    assert [(trace["actor"], trace["event"]) for trace in traces] == [
        ("person/zhao.min", "deviation.batch_linked.v1"),
        (clerk.get("/v1/me").json()["actor"], "deviation.closed.v1"),
    ]


def test_what_is_wrong_in_its_form_and_a_dry_run_leave_none(clerk: Person) -> None:
    item = early_closing(clerk, dry_run=True)
    missing = clerk.post(f"/v1/deviations/{item}/closure", {})
    nowhere = {"journal": "cmo", "position": 9999, "leaf": "A" * 43 + "="}
    nothing = clerk.post(f"/v1/deviations/{item}/closure", {"investigation": nowhere, "signature": SIGNATURE})

    assert (missing.status_code, nothing.status_code, nothing.json()["code"]) == (422, 422, "evidence.not_found")
    assert refused(clerk) == []


def test_a_trace_is_its_own_party_s_and_listed_page_by_page(clerk: Person, holder: Person) -> None:
    for _ in range(3):
        early_closing(clerk)

    first = clerk.get("/v1/refusals", limit=2).json()
    rest = clerk.get("/v1/refusals", limit=2, cursor=first["next_cursor"]).json()

    assert [row["number"] for row in (*first["data"], *rest["data"])] == [1, 2, 3]
    assert rest["has_more"] is False
    assert refused(holder) == []


def test_the_newest_are_kept(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.cmo.limits = Limits(refusals=2)
    world.cmo.restart()
    clerk = employed(pair_of(world)).cmo.as_("qa_manager")

    for _ in range(3):
        early_closing(clerk)

    assert [row["number"] for row in refused(clerk)] == [2, 3]
    for side in world.sides:
        side.store.close()
