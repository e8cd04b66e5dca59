"""The golden samples are made anew byte for byte, the good are read and the bad are refused with their code."""

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.encoding.entry import parse_line
from events.errors import EvidenceError
from events.journal.page import check_page_signature, parse_page
from events.journal.proof import verify_proof
from events.journal.receipt import parse_receipt, verify_receipt
from events.journal.resend import parse_resend, verify_resend
from events.journal.tree import Frontier, leaf_hash
from events.labels import Labeller
from events.notes.vkey import VerifierKey
from events.pairing import Invitation, fingerprint, parse_label_key
from tests.events.golden import make
from tests.events.golden.cast import CMO, MAH, entry

FOLDER = Path(__file__).parent
SAMPLES = FOLDER / "samples"
MUSEUM: list[dict[str, str]] = json.loads((FOLDER / "museum.json").read_bytes())


def read_page(raw: bytes) -> None:
    check_page_signature(parse_page(raw, CMO.origin), CMO.journal.vkey)


def read_receipt(raw: bytes) -> int | None:
    receipt = parse_receipt(raw, MAH.origin, CMO.origin)
    return verify_receipt(receipt, MAH.journal.vkey, MAH.mirror.vkey, CMO.journal.vkey)


def read_resend(raw: bytes) -> None:
    verify_resend(parse_resend(raw), MAH.journal.vkey)


def read_proof(raw: bytes) -> None:
    verify_proof(raw.decode(), entry(3).leaf, CMO.journal.vkey)


def read_proof_of_node(raw: bytes) -> None:
    verify_proof(raw.decode(), leaf_hash(entry(0).leaf + entry(1).leaf), CMO.journal.vkey)


READERS: dict[str, Callable[[bytes], Any]] = {
    "line": parse_line,
    "page": read_page,
    "receipt": read_receipt,
    "resend": read_resend,
    "proof": read_proof,
    "proof_of_node": read_proof_of_node,
    "vkey": lambda raw: VerifierKey.parse(raw.decode()),
    "label_key": lambda raw: parse_label_key(raw.decode()),
}


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", sorted(make.samples()))
def test_a_sample_is_made_anew_byte_for_byte(name: str) -> None:
    assert make.samples()[name] == sample(name)


def test_no_sample_is_left_over() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(make.samples())


def test_the_museum_is_made_anew_byte_for_byte() -> None:
    assert make.museum() == (FOLDER / "museum.json").read_bytes()


@pytest.mark.parametrize("exhibit", MUSEUM, ids=lambda exhibit: f"{exhibit['reader']}: {exhibit['name']}")
def test_an_exhibit_is_refused_with_its_code(exhibit: dict[str, str]) -> None:
    with pytest.raises(EvidenceError) as refused:
        READERS[exhibit["reader"]](b64decode(exhibit["bytes"]))
    assert refused.value.code == exhibit["code"]


def test_the_good_samples_are_read_and_verified() -> None:
    read_page(sample("page.bin"))
    read_resend(sample("resend.note"))
    assert read_receipt(sample("receipt.bin")) is not None
    assert read_receipt(sample("receipt-empty.bin")) is None
    assert Invitation.parse(sample("invitation.json")).party_keys == CMO.keys


def test_the_sample_page_has_the_root_of_the_sample_entries() -> None:
    entries = [parse_line(line) for line in sample("entries.jsonl").split(b"\n")[:-1]]
    leaves = [b64decode(line) for line in sample("leaves.txt").split(b"\n")[:-1]]
    page = parse_page(sample("page.bin"), CMO.origin)
    frontier = Frontier()
    frontier.extend(leaves)
    assert [made.leaf for made in entries] == leaves
    assert page.checkpoint.root == frontier.root()
    assert list(page.lines) == [made.line for made in entries[1:]]
    proof = sample("entry-3.tlog-proof").decode()
    proven = verify_proof(proof, entries[3].leaf, CMO.journal.vkey, [MAH.mirror.vkey])
    assert proven.index == 3


def test_the_sample_fingerprint_is_that_of_the_sample_keys() -> None:
    keys = sample("vkeys.txt").decode().split("\n")[:-1]
    assert (
        fingerprint([VerifierKey.parse(key) for key in keys[:10]], keys[10:]) + "\n"
        == sample("fingerprint.txt").decode()
    )


def test_the_sample_tags_are_those_of_the_sample_secret() -> None:
    document = json.loads(sample("labels.json"))
    labeller = Labeller(bytes.fromhex(document["secret"]))
    for tagged in document["tags"]:
        assert labeller.tags([tagged["label"]], tagged["id"]) == (tagged["tag"],)
        assert labeller.key(tagged["label"]).hex() == tagged["k"]
