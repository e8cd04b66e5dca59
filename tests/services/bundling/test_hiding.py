"""A maker that hides something in scope and signs the rest as if it were all: every such bundle is refused."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from events.bundle.checking.completeness import Completeness
from events.bundle.description import parse_description
from events.bundle.entry_lines import read_entry
from events.bundle.faults import BundleError
from events.bundle.layout import DESCRIPTION, checkpoints_file, entries_file, receipts_file
from events.bundle.report import Verdict
from events.bundle.scope import Scope
from events.encoding.base64 import encode_base64
from events.encoding.canonical import decode
from events.encoding.entry import Head, leaf_of_line
from events.encoding.identifiers import Role
from events.labels import tag_of
from tests.services.bundling.stage import (
    Files,
    bundle,
    checked,
    described,
    files_of,
    forged,
    lines_edited,
    place_of,
    told,
)
from tests.sizes import size

SCOPES: list[dict[str, Any]] = [{}, {"kinds": ("deviation",)}, {"kinds": ("change", "batch")}]


def to_the_head(lines: list[bytes], position: int) -> None:
    lines[position] = lines[position].partition(b"\t")[0]


def to_the_leaf(lines: list[bytes], position: int) -> None:
    lines[position] = b"#" + encode_base64(leaf_of_line(lines[position])).encode()


def away(lines: list[bytes], position: int) -> None:
    del lines[position]


def behind_its_neighbour(lines: list[bytes], position: int) -> None:
    lines[position] = lines[position - 1]


Way = Callable[[list[bytes], int], None]
WAYS: list[Way] = [to_the_head, to_the_leaf, away, behind_its_neighbour]


def in_scope(raw: bytes, role: Role) -> list[int]:
    """The positions of entries that a bundle has to show because of their heads."""
    files = files_of(raw)
    scope = Scope.of(parse_description(files[DESCRIPTION]))
    lines = files[entries_file(role)].split(b"\n")[:-1]
    return [position for position, line in enumerate(lines) if scope.holds(Head.parse(line.partition(b"\t")[0]))]


def test_whatever_is_hidden_of_what_is_in_scope_is_missed() -> None:
    chance = random.Random(9)  # noqa: S311 - a test draws the same every time
    for _ in range(size("hidden_entries", 120, 10_000)):
        raw, role, way = bundle(**chance.choice(SCOPES)), chance.choice(list(Role)), chance.choice(WAYS)
        position = chance.choice(in_scope(raw, role))

        report = checked(forged(raw, lines_edited(role, lambda lines: way(lines, position))))  # noqa: B023 - at once

        fault = report.fault
        assert report.verdict is Verdict.FAILED, (role, position, way)
        assert fault is not None
        assert fault.file == entries_file(role), (role, position, way, fault)
        if way in (to_the_head, to_the_leaf):
            assert fault.position == position or fault.code == "keys.not_shown"


def test_what_a_shown_entry_names_as_evidence_is_missed_too() -> None:
    raw = bundle(kinds=("deviation_review",))
    named = [
        (role, position)
        for role in Role
        for position, line in enumerate(files_of(raw)[entries_file(role)].split(b"\n")[:-1])
        if b"\t" in line and position not in in_scope(raw, role)
    ]

    assert named
    for role, position in named:
        report = checked(forged(raw, lines_edited(role, lambda lines: to_the_head(lines, position))))  # noqa: B023

        assert place_of(report) == ("evidence.body_missing", entries_file(role), position)


def test_a_tail_that_the_partner_has_receipted_cannot_be_cut_off() -> None:
    def cut(files: Files) -> None:
        keep = len(told().cmo.entries(Role.CMO)) - 5
        for name in (entries_file(Role.CMO), checkpoints_file(Role.CMO)):
            lines = files[name].splitlines(keepends=True)
            files[name] = b"".join(lines[: keep if name == entries_file(Role.CMO) else keep - 2])

    assert checked(forged(bundle(), cut)).verdict is Verdict.FAILED


def test_to_say_that_heads_are_hidden_is_to_say_that_nothing_is_proven_complete() -> None:
    def hide(said: dict[str, Any]) -> None:
        said["scope"]["heads"] = "hidden"

    raw = forged(bundle(kinds=("change",)), described(hide))

    report = checked(raw)

    assert report.faults == []
    assert not report.is_complete


def test_labels_cannot_stand_beside_hidden_heads() -> None:
    def hide(said: dict[str, Any]) -> None:
        said["scope"] |= {"heads": "hidden", "labels": ["batch/B-1"]}
        said["label_keys"] = [{"label": "batch/B-1", "k": encode_base64(bytes(32))}]

    assert place_of(checked(forged(bundle(), described(hide))))[0] == "bundle.malformed"


def batch_of_the_story() -> str:
    for entry in told().cmo.entries(Role.CMO):
        body = decode(entry.body or b"{}")
        if entry.type == "deviation.opened.v1" and entry.code is None and body.get("batches"):
            return str(body["batches"][0]["number"])
    raise AssertionError("no deviation of the story names a batch")


def with_another_key(said: dict[str, Any]) -> None:
    said["label_keys"][0]["k"] = encode_base64(bytes(32))


def test_the_key_of_another_label_is_found_out_by_any_entry_that_states_the_label() -> None:
    raw = bundle(batches=(batch_of_the_story(),))

    assert place_of(checked(forged(raw, described(with_another_key))))[0] == "scope.other_label_key"


def test_a_key_that_finds_nothing_proves_nothing() -> None:
    label = f"batch/{batch_of_the_story()}"
    raw = bundle(batches=(batch_of_the_story(),))

    def hide_all(lines: list[bytes]) -> None:
        k = parse_description(files_of(raw)[DESCRIPTION]).label_keys[0].key
        for position, line in enumerate(lines):
            head = Head.parse(line.partition(b"\t")[0])
            if tag_of(k, head.id) in head.labels:
                to_the_head(lines, position)

    def edit(files: Files) -> None:
        for role in Role:
            lines_edited(role, hide_all)(files)
        described(with_another_key)(files)

    found, hidden = checked(raw), checked(forged(raw, edit))

    assert found.is_complete
    assert found.labels[label] > 0
    assert not hidden.is_complete
    assert hidden.labels == {label: 0}


@pytest.mark.parametrize("role", list(Role))
def test_a_receipt_cannot_be_left_out_unseen_where_it_is_the_last(role: Role) -> None:
    def drop(files: Files) -> None:
        lines = files[receipts_file(role)].splitlines(keepends=True)
        files[receipts_file(role)] = b"".join(lines[:-4])

    assert place_of(checked(forged(bundle(), drop)))[0] == "counts.differ"


def test_no_more_is_kept_of_owed_bodies_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.bundle.checking.completeness.MAX_OPEN", 3)
    scope = Scope(parse_description(files_of(bundle())[DESCRIPTION]).scope, [])
    completeness = Completeness(scope, {})
    heads = [entry.head for entry in told().cmo.entries(Role.CMO)]
    for position in range(3):
        completeness.take(read_entry(Role.CMO, position, heads[position]))

    with pytest.raises(BundleError, match="more than 3 bodies") as refused:
        completeness.take(read_entry(Role.CMO, 3, heads[3]))

    assert refused.value.code == "scope.body_missing"
