"""A bundle of a real story: what it shows, what it proves, and that two are alike."""

from pathlib import Path
from typing import Any

import pytest

from events.bundle.description import Period
from events.bundle.layout import DESCRIPTION, REQUIRED, entries_file
from events.bundle.report import Verdict
from events.encoding.canonical import decode
from events.encoding.identifiers import Role
from services.gateway.bundling.request import BundleNotPossibleError, BundleRequest, BundleRequestError
from tests.services.bundling.stage import bundle, bundle_of, checked, files_of, told
from tests.services.exchange.world import new_world


def lines(raw: bytes, role: Role) -> list[bytes]:
    return files_of(raw)[entries_file(role)].split(b"\n")[:-1]


@pytest.mark.parametrize("maker", list(Role))
def test_the_whole_history_is_consistent_and_complete(maker: Role) -> None:
    report = checked(bundle(maker))

    assert report.faults == []
    assert report.verdict is Verdict.CONSISTENT
    assert report.is_complete
    for role in Role:
        found = report.journals[role]
        assert found.entries == found.shown == len(told().mah.entries(role))
        assert found.complete_to == found.entries


def test_it_is_verified_once_the_fingerprint_on_paper_was_compared() -> None:
    fingerprint = checked(bundle()).fingerprint

    assert checked(bundle(), fingerprint=fingerprint.upper().replace(" ", "-")).verdict is Verdict.VERIFIED
    differing = checked(bundle(), fingerprint=fingerprint.replace(fingerprint[0], "x"))
    assert (differing.verdict, differing.faults[0].code) == (Verdict.FAILED, "fingerprint.differs")


def test_both_parties_hand_over_the_same_journals() -> None:
    for role in Role:
        assert lines(bundle(Role.MAH), role) == lines(bundle(Role.CMO), role)


def test_the_lines_are_the_bytes_that_were_signed() -> None:
    for role in Role:
        assert lines(bundle(), role) == [entry.line for entry in told().cmo.entries(role)]


def test_the_same_request_makes_the_same_bytes() -> None:
    assert bundle_of(told().cmo) == bundle_of(told().cmo)


def test_a_bag_has_its_files_in_their_places() -> None:
    names = files_of(bundle()).keys()

    assert set(REQUIRED) <= names
    assert {"README.txt", "先读我.txt"} <= names


def test_of_what_is_out_of_scope_heads_alone_are_shown() -> None:
    raw = bundle(kinds=("change",))
    report = checked(raw)

    assert report.faults == []
    assert report.journals[Role.CMO].withheld > 0
    for role in Role:
        whole = [entry.line for entry in told().cmo.entries(role)]
        for line, signed in zip(lines(raw, role), whole, strict=True):
            assert line in (signed, signed.partition(b"\t")[0])
            if b'"subject":"change' in signed or b'"subject":"agreement/' in signed:
                assert line == signed


def test_a_batch_in_scope_is_shown_with_what_its_entries_name() -> None:
    number = _batch_of_the_story()
    raw = bundle(batches=(number,))
    report = checked(raw)

    assert report.faults == []
    assert report.journals[Role.CMO].withheld > 0
    shown = [line for line in lines(raw, Role.CMO) if b"\t" in line and f'"number":"{number}"'.encode() in line]
    assert shown
    assert [each["label"] for each in description(raw)["label_keys"]] == [f"batch/{number}"]


def test_a_period_is_known_from_recorded_times() -> None:
    entries = told().cmo.entries(Role.CMO)
    middle = str(entries[len(entries) // 2].time)
    raw = bundle_of(told().cmo, period=Period(from_=middle, to=None))

    assert checked(raw).faults == []
    for entry, line in zip(entries, lines(raw, Role.CMO), strict=True):
        if entry.time is not None and entry.time >= middle:
            assert line == entry.line


def test_it_says_who_asked_why_and_by_which_keys() -> None:
    said = description(bundle())

    assert (said["asked_by"], said["legal_basis"]) == ("示例药监局", "药品管理法第九十九条")
    assert {each["from"] for role in Role for each in said["keys"][role.value]} == {0}
    assert [len(said["keys"][role.value]) for role in Role] == [5, 5]


@pytest.mark.parametrize("asked", [{"asked_by": " "}, {"legal_basis": ""}, {"kinds": ["deviance"]}])
def test_what_nobody_could_check_is_not_made(asked: dict[str, Any]) -> None:
    with pytest.raises(BundleRequestError) as refused:
        BundleRequest(**{"asked_by": "x", "legal_basis": "y", **asked})

    assert refused.value.code == "bundle.request"


def test_before_the_pairing_there_is_nothing_to_hand_over(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.mah.invite()

    with pytest.raises(BundleNotPossibleError):
        bundle_of(world.mah)
    for side in world.sides:
        side.store.close()


def description(raw: bytes) -> dict[str, Any]:
    return decode(files_of(raw)[DESCRIPTION])


def _batch_of_the_story() -> str:
    for entry in told().cmo.entries(Role.CMO):
        body = decode(entry.body or b"{}")
        if entry.type == "deviation.opened.v1" and entry.code is None and body.get("batches"):
            return str(body["batches"][0]["number"])
    raise AssertionError("no deviation of the story names a batch")
