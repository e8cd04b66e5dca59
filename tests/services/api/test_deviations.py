from tests.services.api.stepped import Desk, Pair, Person

OPENING = {"title": "A级区悬浮粒子超标", "detected_at": "2026-11-22", "batches": [{"number": "B2026-001"}]}
INVESTIGATION = {"cause": "高效过滤器泄漏", "impact": "一批", "conclusion": "更换"}
SIGNATURE = {"meaning": "approved", "reason": "调查充分"}


def test_what_was_just_recorded_is_read_back_at_once(clerk: Person) -> None:
    told = clerk.does("/v1/deviations", OPENING)

    row = clerk.get(f"/v1/communications/{told['item']}").json()

    assert (row["number"], row["title"], row["state"]) == ("DEV-2026-0001", OPENING["title"], "opened")
    assert told["events"][0]["type"] == "deviation.opened.v1"
    assert told["sequence"] == told["events"][-1]["sequence"]


def test_a_major_deviation_is_closed_after_the_holders_approval(pair: Pair, clerk: Person, holder: Person) -> None:
    item = clerk.does("/v1/deviations", {**OPENING, "class": "major", "rationale": "无菌保证"})["item"]
    pair.settle()
    holder.does(f"/v1/communications/{item}/acknowledgement", {})
    holder.does(f"/v1/deviations/{item}/questions", {"text": "同线其他批次？"})
    pair.settle()
    clerk.does(f"/v1/deviations/{item}/answers", {"text": "已排查，无。"})
    clerk.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)
    pair.settle()

    early = clerk.post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE})
    holder.does(f"/v1/deviations/{item}/closure-approval", {"signature": SIGNATURE})
    pair.beat()
    clerk.does(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE})
    pair.settle()

    assert (early.status_code, early.json()["code"]) == (409, "deviation.closure_not_approved")
    assert holder.get(f"/v1/communications/{item}").json()["state"] == "closed"
    timeline = holder.get(f"/v1/communications/{item}/timeline").json()["data"]
    assert [row["type"] for row in timeline].count("deviation_review.closure_approved.v1") == 1


def test_the_holder_opens_deviations_of_its_own_and_the_manufacturer_reviews_them(
    pair: Pair, clerk: Person, holder: Person
) -> None:
    item = holder.does("/v1/deviations", OPENING)["item"]
    pair.settle()
    clerk.does(f"/v1/deviations/{item}/questions", {"text": "影响哪些批次？"})
    pair.settle()

    row = clerk.get(f"/v1/communications/{item}").json()
    assert (row["number"], row["owner"], row["open_questions"]) == ("DEV-2026-0001", "mah", 1)
    local = {"delivery": None, "steps": None}
    assert holder.get(f"/v1/communications/{item}").json() | local == row | local


def test_a_number_that_is_given_is_kept(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", {**OPENING, "number": "PC-26-7"})["item"]

    assert clerk.get(f"/v1/communications/{item}").json()["number"] == "PC-26-7"


def test_a_sources_record_is_not_opened_twice(clerk: Person) -> None:
    record = {**OPENING, "source": "eqms", "external_number": "E-1"}
    clerk.does("/v1/deviations", record)

    again = clerk.post("/v1/deviations", record)

    assert (again.status_code, again.json()["code"]) == (409, "deviation.wrong_state")


def test_a_dry_run_says_what_would_happen_and_writes_nothing(cmo: Desk, clerk: Person) -> None:
    before = cmo.gateway.side.channel.own.size

    told = clerk.does("/v1/deviations", {**OPENING, "class": "minor"}, dry_run=True)

    assert [event["type"] for event in told["events"]] == ["deviation.opened.v1", "deviation.classified.v1"]
    assert (told["dry_run"], told["sequence"]) == (True, None)
    assert cmo.gateway.side.channel.own.size == before


def test_a_correction_says_what_stood_there_and_is_refused_if_something_else_does(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", OPENING)["item"]
    change = {"field": "batches.0.number", "before": "B2026-001", "after": "B2026-010"}

    clerk.does(f"/v1/deviations/{item}/corrections", {"changes": [change], "reason": "录入错误"})
    again = clerk.post(f"/v1/deviations/{item}/corrections", {"changes": [{**change, "after": "X"}], "reason": "?"})

    assert clerk.get(f"/v1/communications/{item}").json()["batches"] == [{"number": "B2026-010"}]
    assert (again.status_code, again.json()["code"]) == (409, "correction.mismatch")


def test_a_batch_is_linked(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", OPENING)["item"]

    clerk.does(f"/v1/deviations/{item}/batches", {"number": "B2026-002"})

    assert {"number": "B2026-002"} in clerk.get(f"/v1/communications/{item}").json()["batches"]


def test_the_holder_rejects_a_closing_and_says_why(pair: Pair, clerk: Person, holder: Person) -> None:
    item = clerk.does("/v1/deviations", {**OPENING, "class": "major", "rationale": "无菌"})["item"]
    clerk.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)
    pair.settle()

    holder.does(f"/v1/communications/{item}/closure-rejection", {"reason": "根因不充分"})
    pair.settle()

    assert clerk.get(f"/v1/communications/{item}").json()["state"] == "closure_rejected"


def test_an_answer_without_an_open_question_is_refused(clerk: Person) -> None:
    item = clerk.does("/v1/deviations", OPENING)["item"]

    answer = clerk.post(f"/v1/deviations/{item}/answers", {"text": "…"})

    assert (answer.status_code, answer.json()["detail"]) == (409, "no question is open")


def test_a_person_whom_the_journal_gives_no_right_records_nothing(cmo: Desk) -> None:
    stranger = cmo.as_("qa_manager", "person/stranger")

    answer = stranger.post("/v1/deviations", OPENING)

    assert (answer.status_code, answer.json()["code"]) == (403, "right.missing")
    assert answer.json()["type"] == "/problems/not-permitted"


def test_a_system_closes_nothing(cmo: Desk, clerk: Person) -> None:
    item = clerk.does("/v1/deviations", {**OPENING, "class": "minor"})["item"]
    clerk.does(f"/v1/deviations/{item}/investigation", INVESTIGATION)

    answer = cmo.as_("qa_manager", "system/eqms").post(f"/v1/deviations/{item}/closure", {"signature": SIGNATURE})

    assert (answer.status_code, answer.json()["code"]) == (403, "right.missing")


def test_steps_on_an_item_that_is_not_there_are_not_found(clerk: Person) -> None:
    answer = clerk.post("/v1/deviations/01890a5d-ac96-774b-bcce-b302099a8057/batches", {"number": "B1"})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
