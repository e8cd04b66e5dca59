from typing import Any

from tests.services.api.stepped import Desk, Pair, Person

NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"
FILE = {"name": "偏差.xlsx", "sha256": "a" * 64, "sheet": "Sheet1"}


def row(number: int, external: str | None, **fields: Any) -> dict[str, Any]:
    told = {"title": f"-recall {number}", "detected_at": "2012-06-08", "class": "major", **fields}
    return {"row": number, "external_number": external, "fields": told}


def request(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"source": "fda", "file": FILE, "rows": list(rows), **more}


def test_rows_of_a_file_become_deviations_with_their_cause(pair: Pair, cmo: Desk, holder: Person) -> None:
    importer = cmo.as_("integrator", "system/import")

    told = importer.does("/v1/imports", request(row(2, "D-1"), row(3, "D-2", title="\x07bell" + "x" * 11_000)))
    pair.settle()

    assert told["counts"] == {"imported": 2, "unchanged": 0, "rejected": 0}
    item = told["rows"][1]["item"]
    first = holder.get(f"/v1/communications/{item}/events").json()["data"][0]
    assert first["head"]["cause"] == f"import/{'a' * 64}/3"
    shown = holder.get(f"/v1/communications/{item}").json()
    assert (shown["external_number"], shown["class"], shown["historical"]) == ("D-2", "major", True)
    assert shown["title"].startswith("\x07bell")


def test_the_same_rows_again_add_nothing(cmo: Desk) -> None:
    importer = cmo.as_("integrator", "system/import")
    first = importer.does("/v1/imports", request(row(2, "D-1"), row(3, "D-2")))
    size = cmo.gateway.side.channel.own.size

    again = importer.does("/v1/imports", request(row(2, "D-1"), row(3, "D-2")))

    assert again["counts"] == {"imported": 0, "unchanged": 2, "rejected": 0}
    assert [each["item"] for each in again["rows"]] == [each["item"] for each in first["rows"]]
    assert cmo.gateway.side.channel.own.size == size


def test_a_row_that_does_not_fit_is_named_and_stops_no_other(cmo: Desk) -> None:
    importer = cmo.as_("integrator", "system/import")
    importer.does("/v1/imports", request(row(2, "D-1")))

    told = importer.does(
        "/v1/imports",
        request(
            row(2, "D-1", title="changed"),
            row(3, "D-2", detected_at="2012-06-31"),
            row(4, "D-3", colour="red"),
            row(5, "D-4", title="x" * 32_767, description="例" * 40_000),
            row(6, "D-5", title="one"),
            row(7, "D-5", title="other"),
            row(8, "D-5", title="one"),
        ),
    )

    results = {each["row"]: (each["result"], each["reason"]) for each in told["rows"]}
    assert [results[number][0] for number in range(2, 9)] == [*["rejected"] * 4, "imported", "rejected", "unchanged"]
    assert "differs from what was recorded" in results[2][1]
    assert "detected_at" in results[3][1]
    assert "colour" in results[4][1]
    assert "bytes" in results[5][1]
    assert told["counts"] == {"imported": 1, "unchanged": 1, "rejected": 5}


def test_a_dry_run_imports_nothing(cmo: Desk) -> None:
    importer = cmo.as_("integrator", "system/import")
    size = cmo.gateway.side.channel.own.size

    told = importer.does("/v1/imports", request(row(2, "D-1"), row(3, "D-2", title=""), dry_run=True))

    assert told["counts"] == {"would_import": 1, "unchanged": 0, "rejected": 1}
    assert cmo.gateway.side.channel.own.size == size


def test_an_import_asked_twice_under_one_key_is_answered_alike(cmo: Desk) -> None:
    importer = cmo.as_("integrator", "system/import")

    first, again = (importer.post("/v1/imports", request(row(2, "D-1")), key="i-1") for _ in range(2))

    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_thousand_and_one_rows_are_too_many(cmo: Desk) -> None:
    importer = cmo.as_("integrator", "system/import")

    answer = importer.post("/v1/imports", request(*(row(number, None) for number in range(2, 1003))))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "rows")


def test_many_items_are_acknowledged_at_once_each_with_its_result(pair: Pair, clerk: Person, holder: Person) -> None:
    rows = [row(number, f"D-{number}") for number in range(2, 302)]
    imported = clerk.does("/v1/imports", request(*rows))
    items = [each["item"] for each in imported["rows"]]
    pair.settle()

    told = holder.does("/v1/communications/acknowledgements", {"items": [{"item": item} for item in [*items, NOWHERE]]})
    pair.settle()

    assert told["counts"] == {"recorded": 300, "rejected": 1}
    assert told["results"][-1] == {
        "item": NOWHERE,
        "result": "rejected",
        "code": "not-found",
        "detail": "there is no such item here",
    }
    assert told["results"][0]["event"]["type"] == "deviation_review.acknowledged.v1"
    assert clerk.get(f"/v1/communications/{items[7]}").json()["acknowledged"]["by"] == "person/wang.wei"


def test_many_entries_are_corrected_at_once(clerk: Person) -> None:
    items = [each["item"] for each in clerk.does("/v1/imports", request(row(2, "D-1"), row(3, "D-2")))["rows"]]
    good = {"changes": [{"field": "title", "after": "更正"}], "reason": "录入错误"}
    bad = {"changes": [{"field": "signature", "after": "x"}], "reason": "?"}

    told = clerk.does(
        "/v1/communications/corrections", {"items": [{"item": items[0], **good}, {"item": items[1], **bad}]}
    )

    assert [(each["result"], each.get("code")) for each in told["results"]] == [
        ("recorded", None),
        ("rejected", "correction.invalid"),
    ]
    assert clerk.get(f"/v1/communications/{items[0]}").json()["title"] == "更正"


def test_a_bulk_step_without_the_right_is_refused_as_a_whole(pair: Pair, clerk: Person, mah: Desk) -> None:
    item = clerk.does("/v1/imports", request(row(2, "D-1")))["rows"][0]["item"]
    pair.settle()

    answer = mah.as_("qa_staff", "person/stranger").post(
        "/v1/communications/acknowledgements", {"items": [{"item": item}]}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "right.missing")
