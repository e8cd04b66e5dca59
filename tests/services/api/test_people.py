from tests.services.api.stepped import Desk, Pair, Person

OPENING = {"title": "x", "detected_at": "2026-11-22"}


def test_people_and_their_roles_are_entries_that_both_sides_show(pair: Pair, cmo: Desk, holder: Person) -> None:
    admin = cmo.as_("admin", "person/admin")
    admin.does("/v1/people/zhao/authorisations", {"roles": ["qa_staff"], "to": "2030-01-01T00:00:00.000000Z"})
    admin.does("/v1/people/zhao/name", {"name": "赵敏", "contact": "zhao@example.invalid"})
    pair.settle()

    rows = {(row["party"], row["person"]): row for row in holder.get("/v1/people").json()["data"]}

    assert (rows["cmo", "zhao"]["roles"], rows["cmo", "zhao"]["name"]) == (["qa_staff"], "赵敏")
    assert rows["mah", "admin"]["roles"] == ["admin"]


def test_a_person_who_was_withdrawn_records_nothing_more(cmo: Desk, clerk: Person) -> None:
    admin = cmo.as_("admin", "person/admin")
    clerk.does("/v1/deviations", OPENING)

    admin.does("/v1/people/li.na/withdrawals", {"roles": ["qa_manager"]})
    after = clerk.post("/v1/deviations", OPENING)

    assert (after.status_code, after.json()["code"]) == (403, "right.missing")


def test_only_an_administrator_gives_roles(cmo: Desk, clerk: Person) -> None:
    by_token = clerk.post("/v1/people/zhao/authorisations", {"roles": ["admin"]})
    by_journal = cmo.as_("admin", "person/li.na").post("/v1/people/zhao/authorisations", {"roles": ["admin"]})

    assert (by_token.status_code, by_token.json()["code"]) == (403, "token.role")
    assert (by_journal.status_code, by_journal.json()["code"]) == (403, "right.missing")


def test_a_period_that_ends_before_it_begins_is_refused_or_marked(cmo: Desk) -> None:
    period = {"roles": ["auditor"], "from": "2026-01-02T00:00:00.000000Z", "to": "2026-01-01T00:00:00.000000Z"}

    told = cmo.as_("admin", "person/admin").does("/v1/people/zhao/authorisations", period)

    assert told["events"][0]["violates"] is True
