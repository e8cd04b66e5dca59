"""The independent reader takes an honest pair of topics whole, and names what is wrong with a dishonest one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.events.golden.cast import CMO
from tests.reader.node import run_reader
from tests.reader.pair import Writer, honest_pair, made, opening, write_folder


def verdict_on(folder: Path, *writers: Writer) -> dict[str, Any]:
    write_folder(folder, writers)
    verdict: dict[str, Any] = run_reader("verify.mjs", "folder", str(folder))
    return verdict


def test_an_honest_pair_is_verified_page_by_page(tmp_path: Path) -> None:
    verdict = verdict_on(tmp_path, *honest_pair())

    assert verdict["ok"], verdict
    mah, cmo = verdict["journals"]
    assert (mah["size"], mah["pages"], mah["receipts"], mah["cosignatures"]) == (3, 2, 3, 3)
    assert (cmo["size"], cmo["pages"], cmo["receipts"], cmo["repeats"]) == (104, 3, 2, 1)
    assert mah["irregular"] == cmo["irregular"] == []


def change_a_head(writer: Writer) -> None:
    kind, value = writer.records[2]
    assert b"person/li.na" in value
    writer.records[2] = (kind, value.replace(b"person/li.na", b"person/li.no", 1))


def drop_a_page(writer: Writer) -> None:
    del writer.records[2]


def sign_another_history(writer: Writer) -> None:
    other = Writer(CMO, opening(CMO, 0))
    other.write([made(CMO, 900, seen=1), made(CMO, 901, seen=1), made(CMO, 902, seen=1)])
    writer.records.append(other.records[-1])


def send_the_partner_s_receipt(writer: Writer) -> None:
    mah, _ = honest_pair()
    writer.records.append(mah.records[-1])


def cut_a_record(writer: Writer) -> None:
    kind, value = writer.records[-2]
    writer.records[-2] = (kind, value[:-1])


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (change_a_head, "page.root_mismatch"),
        (drop_a_page, "page.overlap"),
        (sign_another_history, "page.history_conflict"),
        (send_the_partner_s_receipt, "receipt.malformed"),
        (cut_a_record, "page.malformed"),
    ],
)
def test_damage_is_found_and_named(tmp_path: Path, damage: Callable[[Writer], None], code: str) -> None:
    mah, cmo = honest_pair()
    damage(cmo)

    verdict = verdict_on(tmp_path, mah, cmo)

    assert (verdict["ok"], verdict["code"]) == (False, code)


def test_a_body_that_is_not_its_head_s_is_an_irregular_entry_under_an_honest_root(tmp_path: Path) -> None:
    mah, cmo = honest_pair()
    kind, value = cmo.records[2]
    assert "转速超出范围 2".encode() in value
    cmo.records[2] = (kind, value.replace("转速超出范围 2".encode(), "转速超出范围 8".encode()))

    verdict = verdict_on(tmp_path, mah, cmo)

    assert verdict["ok"]
    assert verdict["journals"][1]["irregular"] == [
        {"position": 2, "why": "entry.malformed: bodyhash is that of another body"}
    ]


def test_an_opening_that_announces_other_keys_is_found(tmp_path: Path) -> None:
    mah, _ = honest_pair()
    body = json.loads(opening(CMO, 0).body_bytes)
    body["mah"]["keys"] = body["cmo"]["keys"]
    stranger = Writer(CMO, made(CMO, 0, type="relationship.opened.v1", seen=0, body=body, salt=body.pop("salt")))
    mah.records = [record for record in mah.records if record[0] == "page"]

    verdict = verdict_on(tmp_path, mah, stranger)

    assert (verdict["ok"], verdict["code"]) == (False, "opening.mismatch")


def test_a_journal_that_begins_otherwise_is_found(tmp_path: Path) -> None:
    mah, _ = honest_pair()
    mah.records = [record for record in mah.records if record[0] == "page"]

    verdict = verdict_on(tmp_path, mah, Writer(CMO, made(CMO, 0, seen=0)))

    assert (verdict["ok"], verdict["code"]) == (False, "opening.mismatch")
