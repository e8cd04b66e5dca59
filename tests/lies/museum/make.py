"""Write the museum: fixed keys, no randomness, the same bytes on every run; one file for each kind of sample.

Run from the root of the project: `python -m tests.lies.museum.make`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.events.golden.cast import CMO, MAH
from tests.lies.museum.exhibit import Exhibit
from tests.lies.museum.of_keys import keys
from tests.lies.museum.of_notes import checkpoints, requests
from tests.lies.museum.of_pages import pages
from tests.lies.museum.of_paths import paths
from tests.lies.museum.of_receipts import receipts

FOLDER = Path(__file__).parent
KEYS = "keys.json"


def exhibits() -> list[Exhibit]:
    """All samples, in the order of their files."""
    return [*pages(), *receipts(), *requests(), *checkpoints(), *paths(), *keys()]


def files() -> Mapping[str, bytes]:
    """The files of the museum by name."""
    made: dict[str, bytes] = {KEYS: _lines(_keys())}
    for shown in exhibits():
        name = f"{shown.reader}.jsonl"
        made[name] = made.get(name, b"") + _lines(shown.as_json())
    return made


def _keys() -> Mapping[str, str]:
    """Whom the samples are of: the manufacturer writes the journal, the holder states that it has it."""
    return {"author": str(CMO.journal.vkey), "journal": str(MAH.journal.vkey), "mirror": str(MAH.mirror.vkey)}


def _lines(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def write() -> None:
    """Write all files beside this one."""
    for name, raw in files().items():
        (FOLDER / name).write_bytes(raw)


if __name__ == "__main__":
    write()
