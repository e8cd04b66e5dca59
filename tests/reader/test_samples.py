"""The independent reader takes every golden sample and refuses every exhibit of the museum with the code it must get.

Two readers that share no line of code and agree on a hundred bad samples: the format page says enough.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from events.journal.tree import leaf_hash
from tests.events.golden.cast import CMO, MAH, entry
from tests.reader.node import run_reader

GOLDEN = Path(__file__).parents[1] / "events" / "golden"
SAMPLES = GOLDEN / "samples"


def encoded(raw: bytes) -> str:
    return b64encode(raw).decode()


def codes_of(samples: list[dict[str, str]]) -> list[str | None]:
    keys = {"author": str(CMO.journal.vkey), "journal": str(MAH.journal.vkey), "mirror": str(MAH.mirror.vkey)}
    codes: list[str | None] = run_reader("samples.mjs", given=json.dumps({"keys": keys, "samples": samples}).encode())
    return codes


def sample(reader: str, name: str) -> dict[str, str]:
    return {"reader": reader, "bytes": encoded((SAMPLES / name).read_bytes())}


def test_the_golden_samples_are_read() -> None:
    lines = (SAMPLES / "entries.jsonl").read_bytes().split(b"\n")[:-1]
    leaves = (SAMPLES / "leaves.txt").read_text().splitlines()
    keys = (SAMPLES / "vkeys.txt").read_text().splitlines()
    samples = [
        *({"reader": "line", "bytes": encoded(line)} for line in lines),
        sample("page", "page.bin"),
        sample("receipt", "receipt.bin"),
        sample("receipt", "receipt-empty.bin"),
        sample("resend", "resend.note"),
        sample("proof", "entry-3.tlog-proof") | {"leaf": leaves[3]},
        *({"reader": "vkey", "bytes": encoded(key.encode())} for key in keys[:10]),
        *({"reader": "label_key", "bytes": encoded(key.encode())} for key in keys[10:]),
    ]

    assert codes_of(samples) == [None] * len(samples)


def test_a_proof_is_of_one_entry_and_no_other() -> None:
    leaves = (SAMPLES / "leaves.txt").read_text().splitlines()
    proof = sample("proof", "entry-3.tlog-proof")

    assert codes_of([proof | {"leaf": leaf} for leaf in (leaves[2], leaves[4])]) == ["proof.invalid"] * 2


def test_every_exhibit_of_the_museum_is_refused_with_its_code() -> None:
    museum: list[dict[str, Any]] = json.loads((GOLDEN / "museum.json").read_bytes())
    node = encoded(leaf_hash(entry(0).leaf + entry(1).leaf))
    leaf = {"proof": encoded(entry(3).leaf), "proof_of_node": node}
    samples = [
        {
            "reader": shown["reader"].removesuffix("_of_node"),
            "bytes": shown["bytes"],
            "leaf": leaf.get(shown["reader"], ""),
        }
        for shown in museum
    ]

    codes = codes_of(samples)

    wrong = [
        f"{shown['reader']}: {shown['name']}: {code}"
        for shown, code in zip(museum, codes, strict=True)
        if code != shown["code"]
    ]
    assert wrong == []
