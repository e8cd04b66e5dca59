"""The museum is made anew byte for byte; each sample gets its code from our readers and from the one in JavaScript."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from events.errors import EvidenceError
from events.pairing import parse_label_key
from services.gateway.exchange.pairing import PairingError
from tests.lies.museum import make
from tests.lies.museum.exhibit import GOOD, Exhibit
from tests.lies.originals import Original, invitation
from tests.lies.reading import READERS, PageWaitsError
from tests.reader.node import run_reader

EXHIBITS = make.exhibits()
KINDS = sorted({shown.reader for shown in EXHIBITS})
UNKNOWN_TO_JAVASCRIPT = {"invitation"}


def shown_in_files() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(make.FOLDER.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
        if line
    ]


def code_of(shown: Exhibit) -> str | None:
    """What our own reader answers; an invitation is compared with the one whose fingerprint was read by telephone."""
    original = shown.original
    if shown.reader == "invitation":
        original = Original("invitation", shown.name, invitation().dump())
    try:
        if shown.reader == "label_key":
            parse_label_key(shown.raw.decode())
        else:
            READERS[shown.reader](shown.raw, original)
    except (EvidenceError, PairingError, PageWaitsError) as refused:
        return refused.code
    return GOOD


@pytest.mark.parametrize("name", sorted(make.files()))
def test_a_file_of_the_museum_is_made_anew_byte_for_byte(name: str) -> None:
    assert (make.FOLDER / name).read_bytes() == make.files()[name]


def test_no_file_is_left_over_and_the_readme_names_each() -> None:
    found = {path.name for path in make.FOLDER.iterdir() if path.suffix in (".jsonl", ".json")}
    readme = (make.FOLDER / "README.md").read_text()

    assert found == set(make.files())
    assert [name for name in found if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("shown", EXHIBITS, ids=lambda shown: f"{shown.reader}: {shown.name}")
def test_a_sample_gets_its_code(shown: Exhibit) -> None:
    assert code_of(shown) == shown.code


def test_the_reader_in_javascript_gives_every_sample_that_it_knows_its_code() -> None:
    keys = json.loads((make.FOLDER / make.KEYS).read_bytes())
    samples = [shown for shown in shown_in_files() if shown["reader"] not in UNKNOWN_TO_JAVASCRIPT]
    asked = [{**shown, "cosigned": True} for shown in samples]

    codes = run_reader("samples.mjs", given=json.dumps({"keys": keys, "samples": asked}).encode())

    wrong = [
        f"{shown['reader']}: {shown['name']}: {code}"
        for shown, code in zip(samples, codes, strict=True)
        if code != shown["code"]
    ]
    assert wrong == []


def test_names_are_unique_and_every_kind_has_good_and_bad_samples() -> None:
    named = [(shown.reader, shown.name) for shown in EXHIBITS]

    assert len(set(named)) == len(named)
    for kind in KINDS:
        codes = {shown.code for shown in EXHIBITS if shown.reader == kind}
        assert GOOD in codes
        assert len(codes) > 1
    assert all(shown.why.endswith(".") for shown in EXHIBITS)


def test_each_sample_says_all_that_a_stranger_needs() -> None:
    for fields in shown_in_files():
        assert fields.keys() >= {"name", "reader", "code", "why", "bytes"}
        assert ("held" in fields) == (fields["reader"] == "page")
        assert ("leaf" in fields) == (fields["reader"] == "proof")
        assert b64decode(fields["bytes"], validate=True) is not None
    assert Path(make.FOLDER / "README.md").stat().st_size > 0
