"""Files over HTTP: uploaded whole or in parts, handed out to whoever may read an entry that names them."""

import os
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest

from tests.services.api.stepped import Pair, Person

CONTENT = os.urandom(100_000)
ODD_NAMES = ["../../x", "/etc/passwd", "报告 \u202e.pdf", "a\r\nSet-Cookie: x=1", "<script>alert(1)</script>.html"]


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def path_of(content: bytes) -> str:
    return f"/v1/blobs/{name_of(content)}"


def attached(content: bytes, name: str = "报告.pdf", size: int | None = None) -> dict[str, Any]:
    return {"sha256": name_of(content), "name": name, "size": len(content) if size is None else size}


def open_with(person: Person, *files: dict[str, Any]) -> str:
    opening = {"title": "冻干机报警", "detected_at": "2026-11-22", "attachments": list(files)}
    item: str = person.does("/v1/deviations", opening)["item"]
    return item


def from_to(first: int, last: int, total: int = len(CONTENT)) -> dict[str, str]:
    return {"Content-Range": f"bytes {first}-{last}/{total}"}


def slug_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.mark.parametrize("content", [b"", b"x", CONTENT], ids=["0 B", "1 B", "100 kB"])
def test_a_file_that_an_entry_names_is_handed_out_as_it_was_uploaded(clerk: Person, content: bytes) -> None:
    uploaded = clerk.put(path_of(content), content)
    open_with(clerk, attached(content))

    answer = clerk.get(path_of(content))

    assert (uploaded.status_code, uploaded.json()["whole"]) == (201, True)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name_of(content)}"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(content))


def test_an_upload_is_repeated_to_the_same_end(clerk: Person) -> None:
    first, second = clerk.put(path_of(CONTENT), CONTENT), clerk.put(path_of(CONTENT), CONTENT)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert slug_of(clerk.put(path_of(CONTENT), b"other")) == (422, "blob-differs")
    open_with(clerk, attached(CONTENT))
    assert clerk.get(path_of(CONTENT)).content == CONTENT


def test_an_upload_comes_in_parts(clerk: Person) -> None:
    first = clerk.put(path_of(CONTENT), CONTENT[:60_000], from_to(0, 59_999))
    told = clerk.desk.http.request("HEAD", path_of(CONTENT), headers=clerk.headers)
    second = clerk.put(path_of(CONTENT), CONTENT[60_000:], from_to(60_000, 99_999))

    assert (first.status_code, first.json()["received"]) == (202, 60_000)
    assert (told.status_code, told.headers["Upload-Offset"], told.headers["Upload-Length"]) == (204, "60000", "100000")
    assert second.status_code == 201
    open_with(clerk, attached(CONTENT))
    assert clerk.get(path_of(CONTENT)).content == CONTENT


def test_an_upload_that_goes_on_elsewhere_is_told_where(clerk: Person) -> None:
    clerk.put(path_of(CONTENT), CONTENT[:60_000], from_to(0, 59_999))

    answer = clerk.put(path_of(CONTENT), CONTENT[50_000:], from_to(50_000, 99_999))

    assert slug_of(answer) == (409, "upload-offset")
    assert answer.headers["Upload-Offset"] == "60000"
    assert slug_of(clerk.put(path_of(CONTENT), b"x", from_to(60_000, 60_000, 100_001))) == (409, "upload-offset")


@pytest.mark.parametrize("wrong", [b"", CONTENT[:-1], CONTENT + b"x", b"x" * 100_000])
def test_of_an_upload_that_is_another_file_nothing_is_kept(clerk: Person, wrong: bytes) -> None:
    answer = clerk.put(path_of(CONTENT), wrong)

    assert slug_of(answer) == (422, "blob-differs")
    assert clerk.desk.http.request("HEAD", path_of(CONTENT), headers=clerk.headers).status_code == 404


@pytest.mark.parametrize(
    "said",
    ["bytes 0-4/100001", "bytes 5-4/9", "bytes 0-9/9", "bytes */9", "bytes 0-99999", "lines 0-9/10", "bytes -1-5/9"],
)
def test_a_range_that_does_not_fit_is_refused(clerk: Person, said: str) -> None:
    answer = clerk.put(path_of(CONTENT), CONTENT, {"Content-Range": said})

    assert slug_of(answer) == (422, "validation")


def test_a_file_beyond_the_most_is_refused_before_it_comes(clerk: Person) -> None:
    answer = clerk.put(path_of(CONTENT), b"x", from_to(0, 0, 5 * 1024**3 + 1))

    assert slug_of(answer) == (413, "body-too-large")


def test_a_disk_without_room_is_said(clerk: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.blobs.folder.room_on", lambda _folder: 99_999)

    answer = clerk.put(path_of(CONTENT), CONTENT)

    assert slug_of(answer) == (507, "storage-full")


def test_a_file_that_somebody_else_uploads_is_not_uploaded_twice_at_once(clerk: Person) -> None:
    with closing(clerk.desk.gateway.files.blobs.receive(1, name_of(CONTENT), 0, len(CONTENT))):
        answer = clerk.put(path_of(CONTENT), CONTENT)

    assert slug_of(answer) == (409, "upload-in-progress")


PARTS = [
    ("bytes=0-9", 206, CONTENT[:10], "bytes 0-9/100000"),
    ("bytes=99990-", 206, CONTENT[99_990:], "bytes 99990-99999/100000"),
    ("bytes=99990-200000", 206, CONTENT[99_990:], "bytes 99990-99999/100000"),
    ("bytes=-5", 206, CONTENT[-5:], "bytes 99995-99999/100000"),
    ("bytes=0-1,4-5", 200, CONTENT, None),
    ("lines=1-2", 200, CONTENT, None),
    ("bytes=9-1", 200, CONTENT, None),
]


@pytest.mark.parametrize(("asked", "status", "content", "said"), PARTS, ids=[each[0] for each in PARTS])
def test_a_part_is_handed_out(clerk: Person, asked: str, status: int, content: bytes, said: str | None) -> None:
    clerk.put(path_of(CONTENT), CONTENT)
    open_with(clerk, attached(CONTENT))

    answer = clerk.desk.http.get(path_of(CONTENT), headers={**clerk.headers, "Range": asked})

    assert (answer.status_code, answer.content, answer.headers.get("Content-Range")) == (status, content, said)


@pytest.mark.parametrize("asked", ["bytes=100000-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(clerk: Person, asked: str) -> None:
    clerk.put(path_of(CONTENT), CONTENT)
    open_with(clerk, attached(CONTENT))

    answer = clerk.desk.http.get(path_of(CONTENT), headers={**clerk.headers, "Range": asked})

    assert slug_of(answer) == (416, "range-not-satisfiable")
    assert answer.headers["Content-Range"] == "bytes */100000"


def test_a_file_that_no_entry_names_is_not_handed_out(clerk: Person) -> None:
    clerk.put(path_of(CONTENT), CONTENT)

    assert slug_of(clerk.get(path_of(CONTENT))) == (404, "not-found")
    assert slug_of(clerk.get(path_of(b"never"))) == (404, "not-found")


def test_a_file_that_an_entry_names_and_that_has_not_come_is_missing(clerk: Person) -> None:
    item = open_with(clerk, attached(CONTENT))
    clerk.put(path_of(CONTENT), CONTENT[:60_000], from_to(0, 59_999))

    answer = clerk.get(path_of(CONTENT))
    (row,) = clerk.get(f"/v1/communications/{item}/timeline").json()["data"]
    (event,) = clerk.get(f"/v1/communications/{item}/events").json()["data"]
    (partner,) = clerk.get("/v1/partners").json()["data"]

    assert slug_of(answer) == (409, "blob-missing")
    assert row["attachments"] == event["attachments"]
    assert row["attachments"] == [{**attached(CONTENT), "state": "missing", "received": 60_000}]
    assert partner["missing_files"] == {"of_partner": 0, "own": 1}


def test_an_event_says_that_its_file_is_here_once_it_has_come(clerk: Person) -> None:
    item = open_with(clerk, attached(CONTENT), attached(CONTENT, size=99))
    before = clerk.get(f"/v1/communications/{item}/timeline").headers["ETag"]
    clerk.put(path_of(CONTENT), CONTENT)

    shown = clerk.get(f"/v1/communications/{item}/timeline")

    assert [each["state"] for each in shown.json()["data"][0]["attachments"]] == ["held", "missing"]
    assert shown.headers["ETag"] != before
    assert clerk.get("/v1/partners").json()["data"][0]["missing_files"] == {"of_partner": 0, "own": 0}


def test_what_was_at_a_moment_says_nothing_of_files(clerk: Person) -> None:
    item = open_with(clerk, attached(CONTENT))
    moment = clerk.get(f"/v1/communications/{item}/timeline").headers["As-Of-Seq"]

    (row,) = clerk.get(f"/v1/communications/{item}/timeline", as_of=f"seq:{moment}").json()["data"]

    assert "attachments" not in row


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_are_data_and_never_paths(clerk: Person, name: str) -> None:
    clerk.put(path_of(CONTENT), CONTENT)
    item = open_with(clerk, attached(CONTENT, name))

    answer = clerk.get(path_of(CONTENT))
    (row,) = clerk.get(f"/v1/communications/{item}/timeline").json()["data"]

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name_of(CONTENT)}"'
    assert row["attachments"][0]["name"] == name


@pytest.mark.parametrize("name", ["..%2f..%2fx", "x", "A" * 64, "0" * 63, "0" * 65])
def test_what_is_no_sha256_is_no_address(clerk: Person, name: str) -> None:
    assert clerk.put(f"/v1/blobs/{name}", b"x").status_code in (404, 422)
    assert clerk.get(f"/v1/blobs/{name}").status_code in (404, 422)


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("inspector", 403), ("admin", 403), ("qa_staff", 201)])
def test_whoever_records_uploads(pair: Pair, role: str, status: int) -> None:
    assert pair.cmo.as_(role).put(path_of(CONTENT), CONTENT).status_code == status


def test_whoever_reads_downloads(clerk: Person, pair: Pair) -> None:
    clerk.put(path_of(CONTENT), CONTENT)
    open_with(clerk, attached(CONTENT))

    assert pair.cmo.as_("inspector").get(path_of(CONTENT)).content == CONTENT
    assert pair.cmo.as_("admin", "person/admin").get(path_of(CONTENT)).status_code == 403
    assert pair.cmo.http.get(path_of(CONTENT)).status_code == 401
    assert pair.cmo.http.request("PUT", path_of(CONTENT), content=CONTENT).status_code == 401
