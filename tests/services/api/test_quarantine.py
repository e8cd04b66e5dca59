from events.stored.intake import Quarantined
from tests.services.api.stepped import Pair, Person


def set_aside(pair: Pair, count: int) -> Person:
    with pair.cmo.gateway.store.writing() as writing:
        for number in range(count):
            value = f"bad page {number}".encode()
            found = Quarantined(0, "page", "page.malformed", "cut", bytes(32), value, "2026-11-22T09:30:44.000000Z")
            writing.quarantine_bytes(1, found)
    return pair.cmo.as_("operator", "person/op")


def test_what_was_set_aside_is_listed_page_by_page_and_shown_with_its_bytes(pair: Pair) -> None:
    operator = set_aside(pair, 3)

    first = operator.get("/v1/quarantine", limit=2).json()
    rest = operator.get("/v1/quarantine", limit=2, cursor=first["next_cursor"]).json()
    one = operator.get("/v1/quarantine/3")
    raw = operator.get("/v1/quarantine/3/bytes")

    assert [row["number"] for row in (*first["data"], *rest["data"])] == [1, 2, 3]
    assert (rest["has_more"], one.json()["code"]) == (False, "page.malformed")
    assert raw.content == b"bad page 2"
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"


def test_what_was_not_set_aside_is_not_found(pair: Pair) -> None:
    operator = set_aside(pair, 1)

    assert operator.get("/v1/quarantine/2").status_code == 404
    assert operator.get("/v1/quarantine/2/bytes").status_code == 404
