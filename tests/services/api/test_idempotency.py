from tests.services.api.stepped import Desk, Person

OPENING = {"title": "真空度报警", "detected_at": "2026-11-22"}


def test_the_same_request_under_the_same_key_is_done_once_and_answered_alike(cmo: Desk, clerk: Person) -> None:
    first = clerk.post("/v1/deviations", OPENING, key="k-1")
    size = cmo.gateway.side.channel.own.size

    again = clerk.post("/v1/deviations", OPENING, key="k-1")

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert cmo.gateway.side.channel.own.size == size


def test_a_key_is_not_used_for_two_requests(clerk: Person) -> None:
    clerk.post("/v1/deviations", OPENING, key="k-1")

    other = clerk.post("/v1/deviations", {**OPENING, "title": "另一偏差"}, key="k-1")

    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-mismatch")


def test_two_callers_may_use_the_same_key(cmo: Desk, clerk: Person) -> None:
    one = clerk.does("/v1/deviations", OPENING, key="k-1")

    other = cmo.as_("qa_manager").does("/v1/deviations", OPENING, key="k-1")

    assert one["item"] != other["item"]


def test_a_request_that_writes_needs_a_key(cmo: Desk, clerk: Person) -> None:
    headers = {**clerk.headers, "Content-Type": "application/json"}

    answer = cmo.http.post("/v1/deviations", content=b"{}", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")


def test_a_key_that_is_no_key_is_refused(clerk: Person) -> None:
    answer = clerk.post("/v1/deviations", OPENING, key="k 1")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/validation")


def test_a_dry_run_does_not_use_up_its_key(clerk: Person) -> None:
    clerk.does("/v1/deviations", OPENING, key="k-1", dry_run=True)

    answer = clerk.post("/v1/deviations", OPENING, key="k-1")

    assert answer.status_code == 201


def test_a_token_is_made_once_under_a_key(cmo: Desk) -> None:
    admin = cmo.as_("admin", "person/admin")
    wanted = {"actor": "person/zhao", "role": "auditor"}

    first, again = (admin.post("/v1/tokens", wanted, key="t-1") for _ in range(2))
    other = admin.post("/v1/tokens", {**wanted, "role": "inspector"}, key="t-1")

    assert first.json() == again.json()
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-mismatch")
